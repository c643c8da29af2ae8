"""Composition: one supergraph out of subgraphs that were written apart.

The story, each step a package: `parsing` reads every subgraph's SDL into plain data, in the words of Federation 2;
`rules` judge each of them alone; `merging` makes one schema of all, and finds where they contradict one another;
`rules` judge the result; `satisfiability` proves that every query the result admits can be answered by going from
subgraph to subgraph; `printing` writes it down as SDL of the join specification.

A step that finds mistakes finds all of its mistakes, and is the last: what follows would judge a schema that nobody
wrote. Codes of errors and hints are those of @apollo/composition.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from federation.composition.contracts import Contract, hidden_by, with_hidden
from federation.composition.facts import with_facts
from federation.composition.merging import Hint, merge
from federation.composition.model import Subgraph
from federation.composition.parsing import SubgraphSource, parse_subgraph
from federation.composition.parsing.federation1 import upgraded
from federation.composition.printing import print_schema
from federation.composition.rules import judge_subgraph, judge_supergraph
from federation.composition.satisfiability import unsatisfiable
from federation.errors import CompositionError
from federation.spec import FEDERATION_1

__all__ = ["Composition", "Contract", "Hint", "SubgraphSource", "compose"]


@dataclass(frozen=True, slots=True)
class Composition:
    """The supergraph's SDL, or the errors that prevent it. Hints come with both."""

    sdl: str | None
    errors: tuple[CompositionError, ...] = ()
    hints: tuple[Hint, ...] = ()


def compose(subgraphs: Sequence[SubgraphSource], contract: Contract | None = None) -> Composition:
    """Compose the subgraphs, or the part of them that a contract shows. The result does not depend on their order."""
    parsed, errors = _parsed(sorted(subgraphs, key=lambda source: source.name))
    if errors:
        return Composition(None, tuple(errors))
    parsed, errors = upgraded(parsed)
    errors += [error for subgraph in parsed for error in judge_subgraph(subgraph)]
    if errors:
        return Composition(None, tuple(errors))
    merged = merge(parsed)
    if contract is not None and not merged.errors:
        hidden = hidden_by(contract, merged)
        directive = merged.features.names.get("inaccessible", "inaccessible")
        parsed = [with_hidden(subgraph, hidden, directive) for subgraph in parsed]
        merged = merge(parsed)
    errors = list(merged.errors) or judge_supergraph(merged, parsed) or unsatisfiable(merged, parsed)
    if errors:
        return Composition(None, tuple(errors), merged.hints)
    return Composition(print_schema(merged.schema), (), merged.hints)


def _parsed(sources: Sequence[SubgraphSource]) -> tuple[list[Subgraph], list[CompositionError]]:
    """The model of every subgraph, and all mistakes that one subgraph alone can make.

    Federation 1 had fewer rules: its schemas are judged when they are rewritten.
    """
    parsed = []
    errors: list[CompositionError] = []
    for source in sources:
        subgraph, found = parse_subgraph(source)
        errors.extend(found)
        if subgraph is not None:
            parsed.append(with_facts(subgraph))
            if subgraph.version != FEDERATION_1:
                errors.extend(judge_subgraph(parsed[-1]))
    return parsed, errors
