"""Subgraphs for tests: any SDL, answered from rows that all subgraphs share, and stricter than real ones.

A field that is @external answers null unless the representation or a @provides brings it, and a field with @requires
fails unless everything it requires is in the representation. So a plan that forgets something shows.

A row is a dict with `__typename`; a value in it is plain, another row, a list of rows, or a function of the
representation and the arguments. Rows of `Query` and `Mutation` hold the root fields.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLObjectType,
    GraphQLResolveInfo,
    InlineFragmentNode,
    ObjectTypeDefinitionNode,
    OperationDefinitionNode,
    SelectionSetNode,
    build_ast_schema,
    execute_sync,
    parse,
    specified_rules,
    validate,
)

from federation.execution.transport import RequestContext, SubgraphRequest, SubgraphResponse

OTHER_RULES = (  # what no planner gets wrong: names of operations and fragments, of which it writes none
    *("LoneAnonymousOperation", "UniqueOperationNames", "UniqueFragmentNames", "KnownFragmentNames"),
    *("NoUnusedFragments", "NoFragmentCycles", "VariablesAreInputTypes", "SingleFieldSubscriptions"),
    *("ExecutableDefinitions", "DeferStream", "KnownOperationTypes", "MaxIntrospectionDepth"),
)
RULES = [rule for rule in specified_rules if not rule.__name__.startswith(OTHER_RULES)]

Row = dict[str, Any]
ROOTS = ("Query", "Mutation")


@dataclass
class Thing:
    """A row on its way through an operation, with what the gateway sent of it and what was provided on the way."""

    row: Row
    given: Row = field(default_factory=dict)
    provided: list[SelectionSetNode] = field(default_factory=list)
    typename: str | None = None


class Subgraph:
    """One subgraph, and the `requests` that it was sent."""

    def __init__(self, name: str, sdl: str, rows: Sequence[Row]) -> None:
        self.name, self.rows = name, rows
        self.requests: list[SubgraphRequest] = []
        kept = [d for d in parse(sdl).definitions if not d.kind.startswith("schema")]
        objects = [d for d in kept if isinstance(d, ObjectTypeDefinitionNode)]
        entities = [d.name.value for d in objects if list(field_sets(d, "key"))]
        machinery = "extend type Query" if any(d.name.value == "Query" for d in objects) else "type Query"
        machinery += " { _entities(representations: [_Any!]!): [_Entity]! } scalar _Any "
        machinery += f"union _Entity = {' | '.join(entities)}" if entities else "scalar _Entity"
        definitions = (*kept, *parse(machinery).definitions)
        self.schema = build_ast_schema(DocumentNode(definitions=definitions), assume_valid_sdl=True)

    async def send(self, request: SubgraphRequest, context: RequestContext) -> SubgraphResponse:
        self.requests.append(request)
        document = parse(request.query)
        errors = validate(self.schema, document, RULES)
        assert not errors, f"{self.name} was sent {request.query}: {errors}"
        result = execute_sync(
            self.schema,
            document,
            Thing({"__typename": "Query"}),
            variable_values=request.variables,
            field_resolver=self.resolve,
            type_resolver=lambda thing, info, kind: thing.typename or thing.row["__typename"],
        ).formatted
        return SubgraphResponse(result.get("data"), list(result.get("errors") or ()))

    def resolve(self, thing: Thing, info: GraphQLResolveInfo, **arguments: Any) -> Any:
        if info.field_name == "_entities":
            return [self.entity(representation) for representation in arguments["representations"]]
        name, parent = info.field_name, info.parent_type
        node = parent.fields[name].ast_node
        granted = [item for given in thing.provided for item in chosen(given, name, parent.name, self.schema)]
        if is_external(node) and not is_key(parent.ast_node, name) and (name in thing.given or not granted):
            return self.wrap(thing.given.get(name), thing.given.get(name), [])
        for needed in field_sets(node, "requires"):
            if not carries(thing.given, needed):
                raise GraphQLError(f"{parent}.{name} requires more than {sorted(thing.given)}")
        value = self.root(parent.name, name) if parent.name in ROOTS else thing.row.get(name)
        value = value(thing.given, arguments) if callable(value) else value
        below = [item.selection_set for item in granted if item.selection_set]
        return self.wrap(value, thing.given.get(name), below + list(field_sets(node, "provides")))

    def root(self, kind: str, name: str) -> Any:
        return next((row[name] for row in self.rows if row["__typename"] == kind and name in row), None)

    def wrap(self, value: Any, given: Any, provided: list[SelectionSetNode]) -> Any:
        if isinstance(value, list):
            parts = given if isinstance(given, list) and len(given) == len(value) else [None] * len(value)
            return [self.wrap(item, part, provided) for item, part in zip(value, parts, strict=True)]
        if isinstance(value, dict):
            return Thing(value, given if isinstance(given, dict) else {}, provided)
        return value

    def entity(self, representation: Row) -> Thing | GraphQLError | None:
        kind = self.schema.type_map[representation["__typename"]]
        keys = [key for key in field_sets(kind.ast_node, "key") if carries(representation, key)]
        if not keys:
            return GraphQLError(f"{self.name} cannot find {representation}")
        concrete = isinstance(kind, GraphQLObjectType)
        knows = concrete and not has(kind.ast_node, "interfaceObject")
        for row in self.rows:
            if row["__typename"] in ROOTS or (knows and row["__typename"] != kind.name):
                continue
            if agrees(row, representation, keys[0]):
                return Thing(row, representation, typename=kind.name if concrete else None)
        return None


def has(node: Any, directive: str) -> bool:
    return any(item.name.value == directive for item in node.directives or ())


def field_sets(node: Any, directive: str) -> Iterator[SelectionSetNode]:
    """The `fields` of each such directive on a definition; keys that do not resolve are left out."""
    for item in node.directives or ():
        arguments = {argument.name.value: argument.value for argument in item.arguments or ()}
        if item.name.value == directive and getattr(arguments.get("resolvable"), "value", True) is True:
            yield field_set(arguments["fields"].value)


@lru_cache(4096)
def field_set(text: str) -> SelectionSetNode:
    operation = parse("{" + text + "}").definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    return operation.selection_set


def is_external(node: Any) -> bool:
    return has(node, "external")


def is_key(node: Any, name: str) -> bool:
    return any(getattr(item, "name").value == name for key in field_sets(node, "key") for item in key.selections)  # noqa: B009


def chosen(given: SelectionSetNode, name: str, parent: str, schema: Any) -> Iterator[FieldNode]:
    """The fields of this name that a field set selects on a type."""
    for item in given.selections:
        if isinstance(item, FieldNode) and item.name.value == name:
            yield item
        elif isinstance(item, InlineFragmentNode):
            condition = item.type_condition.name.value if item.type_condition else parent
            if condition == parent or parent in {t.name for t in possible(schema, condition)}:
                yield from chosen(item.selection_set, name, parent, schema)


def possible(schema: Any, name: str) -> Any:
    kind = schema.type_map.get(name)
    return schema.get_possible_types(kind) if kind is not None and hasattr(kind, "resolve_type") else ()


def carries(value: Any, needed: SelectionSetNode) -> bool:
    """Does a representation hold everything that a field set names?"""
    if isinstance(value, list):
        return all(carries(item, needed) for item in value)
    if not isinstance(value, dict):
        return value is None
    for item in needed.selections:
        if isinstance(item, FieldNode) and not (
            item.name.value in value
            and (item.selection_set is None or carries(value[item.name.value], item.selection_set))
        ):
            return False
        if isinstance(item, InlineFragmentNode) and item.type_condition:
            applies = value.get("__typename") == item.type_condition.name.value
            if applies and not carries(value, item.selection_set):
                return False
    return True


def agrees(row: Any, representation: Any, key: SelectionSetNode) -> bool:
    if isinstance(row, list):
        return all(agrees(one, other, key) for one, other in zip(row, representation, strict=True))
    for item in key.selections:
        assert isinstance(item, FieldNode)
        name = item.name.value
        if name not in row:
            return False
        below = item.selection_set
        if not (agrees(row[name], representation[name], below) if below else row[name] == representation[name]):
            return False
    return True
