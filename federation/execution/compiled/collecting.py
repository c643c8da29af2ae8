"""Which fields a selection asks for: fragments flattened, fields of one response key together (GraphQL 6.3.2).

graphql-core collects once per object and run; here it is done once per operation. What `@skip` and `@include` decide is
either settled (a variant has been chosen by its flags) or kept with each occurrence, to be decided by each run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from graphql import (
    BooleanValueNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    is_abstract_type,
)
from graphql.language import DirectiveNode

from federation.execution.compiled.answers import NotCompilable

When = frozenset[tuple[str, bool]]
"""Variables and the values that they must have, all of them, for a selection to be there."""
ALWAYS: When = frozenset()

Selection = FieldNode | FragmentSpreadNode | InlineFragmentNode
Fragments = Mapping[str, FragmentDefinitionNode]

_INCREMENTAL = ("defer", "stream")
MAX_OCCURRENCES = 20_000
"""Selections of one operation, fragments counted where they are spread: more are not compiled."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A field as it stands in the document. `place` orders the occurrences of one selection."""

    node: FieldNode
    when: When
    place: int


@dataclass(slots=True)
class Collector:
    """Collects the fields of one operation. `flags` settles the variables of conditions; None leaves them to runs."""

    schema: GraphQLSchema
    fragments: Fragments
    flags: Mapping[str, bool] | None
    seen: int = 0

    def collect(
        self, type_: GraphQLObjectType, selections: Iterable[tuple[SelectionSetNode, When]]
    ) -> dict[str, list[Occurrence]]:
        """Response key -> its occurrences, as `type_` has them. Raises NotCompilable."""
        walk = _Walk(self, type_)
        for selection_set, when in selections:
            walk.selection_set(selection_set, when)
        return walk.found

    def condition(self, selection: Selection, when: When) -> When | None:
        """When `selection` is there, given that what surrounds it is there `when`; None for never."""
        for name, wanted in (("skip", False), ("include", True)):
            directive = _directive(selection, name)
            if directive is None:
                continue
            value = _condition_of(directive)
            if isinstance(value, BooleanValueNode):
                if value.value is not wanted:
                    return None
            elif not isinstance(value, VariableNode):
                raise NotCompilable("condition")
            elif self.flags is None:
                when |= {(value.name.value, wanted)}
            elif self.flags[value.name.value] is not wanted:
                return None
        return None if any((name, not wanted) in when for name, wanted in when) else when

    def applies(self, condition: str | None, type_: GraphQLObjectType) -> bool:
        """Does a fragment on the type named `condition` say something of `type_`?"""
        if condition is None or condition == type_.name:
            return True
        named = self.schema.get_type(condition)
        return is_abstract_type(named) and self.schema.is_sub_type(named, type_)


@dataclass(slots=True)
class _Walk:
    """One collection; a fragment is visited once in it, unless a run might skip the first visit and not the second."""

    collector: Collector
    type_: GraphQLObjectType
    found: dict[str, list[Occurrence]] = field(default_factory=dict)
    visited: dict[str, list[When]] = field(default_factory=dict)
    places: int = 0

    def selection_set(self, selection_set: SelectionSetNode, outer: When) -> None:
        for selection in selection_set.selections:
            self.collector.seen += 1
            if self.collector.seen > MAX_OCCURRENCES:
                raise NotCompilable("too-large")
            if any(directive.name.value in _INCREMENTAL for directive in selection.directives or ()):
                raise NotCompilable("incremental-delivery")
            when = self.collector.condition(selection, outer)  # type: ignore[arg-type]
            if when is not None:
                self.selection(selection, when)  # type: ignore[arg-type]

    def selection(self, selection: Selection, when: When) -> None:
        if isinstance(selection, FieldNode):
            key = selection.alias.value if selection.alias else selection.name.value
            self.places += 1
            self.found.setdefault(key, []).append(Occurrence(selection, when, self.places))
        elif isinstance(selection, InlineFragmentNode):
            condition = selection.type_condition
            if self.collector.applies(condition.name.value if condition else None, self.type_):
                self.selection_set(selection.selection_set, when)
        else:
            self.spread(selection.name.value, when)

    def spread(self, name: str, when: When) -> None:
        fragment = self.collector.fragments[name]
        if fragment.variable_definitions:
            raise NotCompilable("fragment-variables")
        visits = self.visited.setdefault(name, [])
        if any(earlier <= when for earlier in visits):
            return
        if self.collector.applies(fragment.type_condition.name.value, self.type_):
            visits.append(when)
            self.selection_set(fragment.selection_set, when)


def _directive(selection: Selection, name: str) -> DirectiveNode | None:
    return next((directive for directive in selection.directives or () if directive.name.value == name), None)


def _condition_of(directive: DirectiveNode) -> ValueNode:
    """The value of `if`, the only argument of `@skip` and `@include`."""
    if not directive.arguments:
        raise NotCompilable("condition")
    return directive.arguments[0].value


def flag_names(selection_set: SelectionSetNode, fragments: Fragments) -> tuple[str, ...]:
    """The variables that decide `@skip` and `@include` in a selection and in the fragments that it reaches, sorted."""
    values = (
        _condition_of(directive)
        for selection in _reachable(selection_set, fragments)
        for directive in selection.directives or ()
        if directive.name.value in ("skip", "include")
    )
    return tuple(sorted({value.name.value for value in values if isinstance(value, VariableNode)}))


def _reachable(selection_set: SelectionSetNode, fragments: Fragments) -> Iterator[Selection]:
    waiting, spread = [selection_set], set[str]()
    while waiting:
        for selection in waiting.pop().selections:
            assert isinstance(selection, FieldNode | FragmentSpreadNode | InlineFragmentNode)
            yield selection
            if isinstance(selection, FragmentSpreadNode):
                if selection.name.value not in spread:
                    spread.add(selection.name.value)
                    waiting.append(fragments[selection.name.value].selection_set)
            elif selection.selection_set:
                waiting.append(selection.selection_set)
