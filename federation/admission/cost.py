"""How many fields an operation can make the subgraphs resolve, known before the first of them is asked.

The estimate is an upper bound as long as no list is longer than its size: every field counts 1 (or its `@cost`) for
each object that it is resolved on, a list multiplies what is below it by its size, and of an abstract type the
dearest object counts. A list's size is, in this order: its `@listSize`; what its `first` or `last` ask for (for a
connection, this is the size of its `edges` and `nodes`); the length of the longest list among its arguments;
`Limits.list_size`.

Sources: IBM GraphQL cost directives specification; https://specs.apollo.dev/cost/v0.1.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLArgument,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    Undefined,
    ValueNode,
    VariableNode,
    get_named_type,
    is_abstract_type,
    is_list_type,
    value_from_ast_untyped,
)

from federation.admission.declared import Declared, ListSize
from federation.admission.lru import LRU
from federation.errors import AdmissionError

MUTATION_COST = 10.0
_SLICING = ("first", "last")
_CONNECTION_LISTS = ("edges", "nodes")
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ArgumentValue:
    """An argument as written, or the schema's default; `cost` what giving it adds."""

    type: GraphQLArgument
    node: ValueNode | None
    cost: float

    def of(self, values: Values) -> Any:
        if self.node is None:
            return None if self.type.default_value is Undefined else self.type.default_value
        if isinstance(self.node, VariableNode) and self.node.name.value not in values:
            return None if self.type.default_value is Undefined else self.type.default_value
        return value_from_ast_untyped(self.node, dict(values))


@dataclass(frozen=True, slots=True)
class FieldCost:
    """One field of an operation: what it costs by itself, how long its list is, what is below it.

    `variants` holds, for each kind of object below, which of `children` are resolved on it.
    """

    name: str
    path: tuple[str, ...]
    own: float
    per_object: float
    is_list: bool
    size: ListSize | None
    arguments: Mapping[str, ArgumentValue]
    children: tuple[FieldCost, ...] = ()
    variants: tuple[tuple[int, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class OperationCost:
    """The cost of an operation as a function of its variables; `variables` are those that decide list sizes."""

    roots: tuple[FieldCost, ...]
    list_size: int
    variables: tuple[str, ...]
    _known: LRU[str, float] = field(default_factory=lambda: LRU(64))

    def estimate(self, values: Values) -> float:
        """Raises AdmissionError (COST_QUERY_PARSE_FAILURE) where @listSize wants one slicing argument and has not."""
        key = repr([values.get(name) for name in self.variables])
        if (known := self._known.get(key)) is None:
            known = sum(_total(root, None, values, self.list_size) for root in self.roots)
            self._known.put(key, known)
        return known


def check_cost(cost: OperationCost, values: Values, limit: float) -> None:
    """Raises AdmissionError COST_ESTIMATED_TOO_EXPENSIVE over the limit."""
    estimated = cost.estimate(values)
    if estimated > limit:
        raise AdmissionError(
            "COST_ESTIMATED_TOO_EXPENSIVE",
            f"The operation is estimated to cost {estimated:.0f}, over the limit of {limit:.0f}",
            extensions={"cost": {"estimated": estimated, "limit": limit}},
        )


def _total(cost: FieldCost, inherited: int | None, values: Values, default: int) -> float:
    """Cost of resolving a field on one object, everything below included."""
    arguments = {name: argument.of(values) for name, argument in cost.arguments.items()}
    own = cost.own + sum(_input_cost(argument, arguments[name]) for name, argument in cost.arguments.items())
    sliced = _sliced(cost, arguments)
    size = 1
    if cost.is_list:
        known = inherited if inherited is not None else sliced
        size = known if known is not None else max(default, *_lengths(arguments.values()), 0)
    for_lists = None if cost.is_list else sliced
    sized = cost.size.sized if cost.size is not None and cost.size.sized else _CONNECTION_LISTS
    below = [_total(child, for_lists if child.name in sized else None, values, default) for child in cost.children]
    dearest = max((sum(below[index] for index in variant) for variant in cost.variants), default=0.0)
    return own + size * (cost.per_object + dearest)


def _sliced(cost: FieldCost, arguments: Mapping[str, Any]) -> int | None:
    declared = cost.size
    if declared is None or not (declared.slicing or declared.assumed is not None):
        return _largest(arguments.get(name) for name in _SLICING)
    asked = [value for path in declared.slicing if (value := _at(arguments, path)) is not None]
    if declared.slicing and declared.require_one and len(asked) != 1:
        names = ", ".join(declared.slicing)
        raise AdmissionError("COST_QUERY_PARSE_FAILURE", f"Give exactly one of the arguments {names}", path=cost.path)
    return _largest(asked) if asked else declared.assumed


def _largest(values: Iterable[Any]) -> int | None:
    sizes = [len(value) if isinstance(value, list) else value for value in values]
    return max((max(size, 0) for size in sizes if isinstance(size, int)), default=None)


def _lengths(values: Iterable[Any]) -> Iterator[int]:
    return (len(value) for value in values if isinstance(value, list))


def _at(arguments: Mapping[str, Any], path: str) -> Any:
    value: Any = arguments
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _input_cost(argument: ArgumentValue, value: Any) -> float:
    return argument.cost if value is not None else 0.0


class CostReader:
    """Reads the cost of operations of one schema."""

    def __init__(self, schema: GraphQLSchema, declared: Declared, *, list_size: int) -> None:
        self._schema = schema
        self._declared = declared
        self._list_size = list_size

    def read(
        self, operation: OperationDefinitionNode, fragments: Mapping[str, FragmentDefinitionNode]
    ) -> OperationCost:
        """The cost of a valid operation; fields under @skip and @include count as if they were there."""
        root = self._schema.get_root_type(operation.operation)
        assert root is not None, "validation has seen to it"
        reading = _Reading(self._schema, self._declared, fragments)
        mutation = operation.operation is OperationType.MUTATION
        roots = tuple(reading.fields(operation.selection_set, root, (), MUTATION_COST if mutation else 1.0))
        return OperationCost(tuple(cost for cost, _ in roots), self._list_size, tuple(sorted(reading.variables)))


@dataclass(slots=True)
class _Reading:
    schema: GraphQLSchema
    declared: Declared
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: set[str] = field(default_factory=set)

    def fields(
        self, selections: SelectionSetNode, parent: GraphQLNamedType, path: tuple[str, ...], default: float = 1.0
    ) -> Iterator[tuple[FieldCost, frozenset[str]]]:
        """Fields of a selection set, each with the names of the object types that it is resolved on."""
        for node in selections.selections:
            if isinstance(node, FieldNode):
                yield self._field(node, parent, path, default), self._objects(parent)
                continue
            definition = node if isinstance(node, InlineFragmentNode) else self._spread(node)
            on = definition.type_condition
            inner = parent if on is None else self.schema.type_map[on.name.value]
            yield from self.fields(definition.selection_set, inner, path, default)

    def _spread(self, node: Any) -> FragmentDefinitionNode:
        assert isinstance(node, FragmentSpreadNode)
        return self.fragments[node.name.value]

    def _objects(self, kind: GraphQLNamedType) -> frozenset[str]:
        if is_abstract_type(kind):
            return frozenset(item.name for item in self.schema.get_possible_types(kind))
        return frozenset({kind.name})

    def _field(self, node: FieldNode, parent: GraphQLNamedType, path: tuple[str, ...], default: float) -> FieldCost:
        here = (*path, (node.alias or node.name).value)
        definition: GraphQLField | None = getattr(parent, "fields", {}).get(node.name.value)
        if definition is None:  # __typename costs no subgraph anything; introspection has its own bounds
            return FieldCost(node.name.value, here, 0.0, 0.0, is_list=False, size=None, arguments={})
        inner = get_named_type(definition.type)
        below = [] if node.selection_set is None else list(self.fields(node.selection_set, inner, here))
        own = self.declared.cost(definition.ast_node)
        size = self.declared.list_size(definition.ast_node)
        return FieldCost(
            name=node.name.value,
            path=here,
            own=default if own is None else own,
            per_object=self.declared.cost(inner.ast_node) or 0.0,
            is_list=_is_list(definition.type),
            size=size,
            arguments=self._arguments(node, definition, size),
            children=tuple(cost for cost, _ in below),
            variants=self._variants(inner, [objects for _, objects in below]),
        )

    def _variants(self, kind: GraphQLNamedType, resolved_on: list[frozenset[str]]) -> tuple[tuple[int, ...], ...]:
        kinds = sorted(self._objects(kind))
        variants = (tuple(i for i, objects in enumerate(resolved_on) if name in objects) for name in kinds)
        return tuple(dict.fromkeys(variants))

    def _arguments(self, node: FieldNode, definition: GraphQLField, size: ListSize | None) -> dict[str, ArgumentValue]:
        """The arguments that say how long a list is, or that cost something."""
        written = {argument.name.value: argument.value for argument in node.arguments or ()}
        slicing = (*_SLICING, *(path.partition(".")[0] for path in (size.slicing if size is not None else ())))
        found: dict[str, ArgumentValue] = {}
        for name, argument in definition.args.items():
            cost = self._argument_cost(argument)
            if name in slicing or cost or _is_list(argument.type):
                found[name] = ArgumentValue(argument, written.get(name), cost)
                self.variables.update(_variable_names(written[name]) if name in written else ())
        return found

    def _argument_cost(self, argument: GraphQLArgument) -> float:
        """`@cost` of the argument, and of the fields of its input type: the dearest that one value can set."""
        kind = get_named_type(argument.type)
        inside = kind.fields.values() if isinstance(kind, GraphQLInputObjectType) else ()
        costs = (self.declared.cost(item.ast_node) or 0.0 for item in (argument, *inside))
        return sum(costs)


def _is_list(kind: Any) -> bool:
    return is_list_type(kind.of_type if isinstance(kind, GraphQLNonNull) else kind)


def _variable_names(value: ValueNode) -> Iterator[str]:
    if isinstance(value, VariableNode):
        yield value.name.value
    for item in getattr(value, "values", ()):
        yield from _variable_names(item)
    for item in getattr(value, "fields", ()):
        yield from _variable_names(item.value)
