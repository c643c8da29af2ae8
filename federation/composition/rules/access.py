"""`@authenticated`, `@requiresScopes` and `@policy` stand on objects, and cannot be got round by a requirement."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from graphql import FieldNode, InlineFragmentNode, SelectionSetNode

from federation.composition.facts import fields_of
from federation.composition.fieldsets import TYPENAME, parsed
from federation.composition.merging import Merged
from federation.composition.merging.elements import GUARDS, conjunction
from federation.composition.model import Element, Field, Kind, Schema, Subgraph, Type, named
from federation.errors import CompositionError

Alternatives = Sequence[Sequence[str]]


def guards_stand_on_objects(subgraph: Subgraph) -> Iterator[CompositionError]:
    """What guards an interface follows from the objects behind it."""
    for place, element in _abstract_elements(subgraph):
        for name in GUARDS:
            if element.has(name):
                message = f'[{subgraph.name}] "{place}" is of an interface and cannot have @{name}: its objects can'
                yield CompositionError(
                    "AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE", message, subgraphs=(subgraph.name,), coordinate=place
                )


def _abstract_elements(subgraph: Subgraph) -> Iterator[tuple[str, Element]]:
    for one in subgraph.types.values():
        if one.kind is Kind.INTERFACE or one.has("interfaceObject"):
            yield one.name, one
    for owner, field in fields_of(subgraph.schema):
        if owner.kind is Kind.INTERFACE:
            yield f"{owner.name}.{field.name}", field


@dataclass(frozen=True, slots=True)
class Guard:
    """What a viewer must hold: a login, and one of the alternatives of scopes and of policies."""

    authenticated: bool = False
    scopes: Alternatives = ()
    policies: Alternatives = ()

    def and_(self, other: Guard) -> Guard:
        return Guard(
            self.authenticated or other.authenticated,
            conjunction([self.scopes, other.scopes]),
            conjunction([self.policies, other.policies]),
        )

    def covers(self, other: Guard) -> bool:
        """Whether everyone who passes this guard passes the other."""
        return (
            (self.authenticated or not other.authenticated)
            and _implies(self.scopes, other.scopes)
            and _implies(self.policies, other.policies)
        )


def _implies(held: Alternatives, wanted: Alternatives) -> bool:
    return all(any(set(one) <= set(mine) for one in wanted or [[]]) for mine in held or [[]])


@dataclass(frozen=True, slots=True)
class _Guards:
    """Reads guards off a merged schema; `names` are federation's directives by their names there."""

    schema: Schema
    names: Mapping[str, str]

    def of(self, element: Element | None) -> Guard:
        if element is None:
            return Guard()
        scopes = self._argument(element, "requiresScopes", "scopes")
        policies = self._argument(element, "policy", "policies")
        name = self.names.get("authenticated")
        return Guard(name is not None and element.has(name), scopes, policies)

    def _argument(self, element: Element, directive: str, argument: str) -> Alternatives:
        applied = element.first(self.names[directive]) if directive in self.names else None
        return applied[argument] if applied else ()

    def unheld(self, guard: Guard, parent: str, selection: SelectionSetNode) -> Iterator[str]:
        """Whatever the selection reads that this guard does not cover."""
        for node in selection.selections:
            if isinstance(node, InlineFragmentNode):
                condition = node.type_condition.name.value if node.type_condition else parent
                if node.type_condition and not guard.covers(self.of(self.schema.types.get(condition))):
                    yield condition
                yield from self.unheld(guard, condition, node.selection_set)
            elif isinstance(node, FieldNode) and node.name.value != TYPENAME:
                yield from self._unheld_field(guard, f"{parent}.{node.name.value}", node)

    def _unheld_field(self, guard: Guard, coordinate: str, node: FieldNode) -> Iterator[str]:
        field = self.schema.field(coordinate)
        if field is None:
            return
        returned = self.schema.types.get(named(field.type))
        if not guard.covers(self.of(field)) or not guard.covers(self.of(returned)):
            yield coordinate
        if node.selection_set is not None:
            yield from self.unheld(guard, named(field.type), node.selection_set)


def requirements_are_guarded(merged: Merged, subgraphs: Sequence[Subgraph]) -> Iterator[CompositionError]:
    """Who may read a field may read what the field is made from: it must ask for as much."""
    guards = _Guards(merged.schema, merged.features.names)
    by_graph = {merged.graphs[subgraph.name]: subgraph.name for subgraph in subgraphs}
    if not any(name in merged.features.names for name in GUARDS):
        return
    for owner, field in fields_of(merged.schema):
        guard = guards.of(owner).and_(guards.of(field))
        for directive, graph, parent, selection in _dependencies(merged, owner, field):
            own = guards.of(merged.schema.types[parent]) if directive == "fromContext" else Guard()
            unheld = [parent] if not guard.covers(own) else list(guards.unheld(guard, parent, parsed(selection)))
            if unheld:
                coordinate = f"{owner.name}.{field.name}"
                message = f'"{coordinate}" asks for less than "{unheld[0]}", which it reads through @{directive}'
                code = "MISSING_TRANSITIVE_AUTH_REQUIREMENTS"
                yield CompositionError(code, message, subgraphs=(by_graph[graph],), coordinate=coordinate)


def _dependencies(merged: Merged, owner: Type, field: Field) -> Iterator[tuple[str, str, str, str]]:
    """Directive, graph, type and selection of everything that the field is made from."""
    for join in field.all("join__field"):
        if join["requires"]:
            yield "requires", join["graph"], owner.name, join["requires"]
        for context in join["contextArguments"] or ():
            for other in merged.schema.types.values():
                name = merged.features.names.get("context", "")
                if any(setting["name"] == context["context"] for setting in other.all(name)):
                    yield "fromContext", join["graph"], other.name, context["selection"]
