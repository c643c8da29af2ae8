"""The rules that a subgraph keeps by itself, and those that only the merged schema can break: two lists of all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from federation.composition.merging import Merged
from federation.composition.model import Subgraph
from federation.composition.rules.access import guards_stand_on_objects, requirements_are_guarded
from federation.composition.rules.contexts import context_names_are_valid, contexts_are_used_rightly
from federation.composition.rules.costs import costs_stand_on_objects, list_sizes_are_sound
from federation.composition.rules.externals import externals_are_used, interfaces_have_no_externals
from federation.composition.rules.fieldsets import keys_are_valid, provisions_are_valid, requirements_are_valid
from federation.composition.rules.inaccessible import (
    defaults_are_accessible,
    implementations_are_accessible,
    query_root_is_accessible,
    references_are_accessible,
    required_inputs_are_accessible,
    types_keep_accessible_children,
)
from federation.composition.rules.interfaces import interface_keys_are_implemented, interface_objects_are_entities
from federation.composition.rules.shareable import shareable_stands_on_objects, shareable_stands_once
from federation.composition.rules.supergraph import interface_fields_are_implemented, requirements_hold, schema_is_valid
from federation.errors import CompositionError

SubgraphRule = Callable[[Subgraph], Iterator[CompositionError]]
SupergraphRule = Callable[[Merged, Sequence[Subgraph]], Iterator[CompositionError]]

SUBGRAPH_RULES: tuple[SubgraphRule, ...] = (
    keys_are_valid,
    requirements_are_valid,
    provisions_are_valid,
    context_names_are_valid,
    contexts_are_used_rightly,
    interfaces_have_no_externals,
    externals_are_used,
    interface_keys_are_implemented,
    interface_objects_are_entities,
    shareable_stands_once,
    shareable_stands_on_objects,
    costs_stand_on_objects,
    list_sizes_are_sound,
    guards_stand_on_objects,
)

# Each group is judged only if the ones before found nothing: it takes for granted what they ensure.
SUPERGRAPH_RULES: tuple[tuple[SupergraphRule, ...], ...] = (
    (interface_fields_are_implemented, requirements_hold, requirements_are_guarded),
    (schema_is_valid,),
    (
        query_root_is_accessible,
        types_keep_accessible_children,
        references_are_accessible,
        implementations_are_accessible,
        required_inputs_are_accessible,
        defaults_are_accessible,
    ),
)


def judge_subgraph(subgraph: Subgraph) -> list[CompositionError]:
    """Everything wrong with one subgraph."""
    return [error for rule in SUBGRAPH_RULES for error in rule(subgraph)]


def judge_supergraph(merged: Merged, subgraphs: Sequence[Subgraph]) -> list[CompositionError]:
    """Everything wrong with the merged schema, up to the first group of rules that finds something."""
    for group in SUPERGRAPH_RULES:
        errors = [error for rule in group for error in rule(merged, subgraphs)]
        if errors:
            return errors
    return []
