"""What every element has: a description, and directives that several subgraphs may apply."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from federation.composition.merging.context import Merging, by_text
from federation.composition.model import Directive, Element, Value, same
from federation.spec import DIRECTIVES, Merge

BUILT_IN = frozenset({"deprecated", "specifiedBy", "oneOf"})
GUARDS = ("authenticated", "requiresScopes", "policy")

# Defaults of arguments that take part in a merge.
DEFAULTS: Mapping[str, Mapping[str, Value]] = {"listSize": {"requireOneSlicingArgument": True}}


def merged_description(merging: Merging, coordinate: str, sources: Mapping[str, Element]) -> str | None:
    """The description that most subgraphs give; an empty one only where there is no other."""
    texts = {name: source.description for name, source in sources.items() if source.description is not None}
    distinct = list(dict.fromkeys(text for text in texts.values() if text)) or list(dict.fromkeys(texts.values()))
    if len(distinct) <= 1:
        return distinct[0] if distinct else None
    counts = list(texts.values())
    chosen = max(distinct, key=counts.count)
    says = by_text({name: f'"{text}"' for name, text in texts.items()})
    merging.report.hint("INCONSISTENT_DESCRIPTION", f'"{coordinate}" has different descriptions: {says}')
    return chosen


def is_merged(merging: Merging, subgraph: str, directive: str) -> bool:
    """Whether applications of the directive by this subgraph reach the supergraph."""
    return directive in BUILT_IN or directive in merging.directive_names or directive in merging.composed[subgraph]


def merged_directives(
    merging: Merging, coordinate: str, sources: Mapping[str, Element], extra: Iterable[Directive] = ()
) -> tuple[Directive, ...]:
    """The applications of all subgraphs, each under its name in the supergraph.

    A repeatable directive keeps every different application; of any other there is one, merged argument by argument
    where the specification says how, else the one that most subgraphs apply. `extra` are applications that reach this
    element from elsewhere.
    """
    applied: dict[str, list[Directive]] = {}
    for subgraph, source in sources.items():
        for directive in source.directives:
            if is_merged(merging, subgraph, directive.name):
                applied.setdefault(directive.name, []).append(_in_supergraph(directive, subgraph))
    for directive in extra:
        applied.setdefault(directive.name, []).append(directive)
    return tuple(
        Directive(merging.directive_names.get(name, name), merged.arguments)
        for name, applications in applied.items()
        for merged in _merged(merging, coordinate, name, applications)
    )


def _in_supergraph(directive: Directive, subgraph: str) -> Directive:
    """Contexts of different subgraphs are different: their names get the subgraph's in front."""
    if directive.name != "context":
        return directive
    return Directive("context", {"name": f"{subgraph}__{directive['name']}"})


def _merged(merging: Merging, coordinate: str, name: str, applications: Sequence[Directive]) -> Iterator[Directive]:
    distinct: list[Directive] = []
    for application in applications:
        if not any(_equal(application, other) for other in distinct):
            distinct.append(application)
    strategies = DIRECTIVES[name].merge if name in DIRECTIVES else None
    if len(distinct) == 1 or _repeatable(merging, name):
        yield from distinct
    elif strategies:
        yield Directive(name, dict(_merged_arguments(name, strategies, distinct)))
        message = f'@{name} is applied to "{coordinate}" with different arguments, which are merged'
        merging.report.hint("MERGED_NON_REPEATABLE_DIRECTIVE_ARGUMENTS", message)
    else:
        yield max(distinct, key=lambda one: sum(_equal(one, other) for other in applications))
        message = f'@{name} is applied to "{coordinate}" with different arguments in different subgraphs'
        merging.report.hint("INCONSISTENT_NON_REPEATABLE_DIRECTIVE_ARGUMENTS", message)


def _repeatable(merging: Merging, name: str) -> bool:
    if name in DIRECTIVES:
        return DIRECTIVES[name].repeatable
    definitions = (subgraph.schema.definitions.get(name) for subgraph in merging.subgraphs.values())
    return any(definition is not None and definition.repeatable for definition in definitions)


def _equal(left: Directive, right: Directive) -> bool:
    defaults = DEFAULTS.get(left.name, {})
    return same({**defaults, **left.arguments}, {**defaults, **right.arguments})


def _merged_arguments(
    name: str, strategies: Mapping[str, Merge], applications: Sequence[Directive]
) -> Iterator[tuple[str, Value]]:
    defaults = DEFAULTS.get(name, {})
    for argument, strategy in strategies.items():
        values = [application.arguments.get(argument, defaults.get(argument)) for application in applications]
        present = [value for value in values if value is not None]
        if present:
            yield argument, _merge_values(strategy, present)


def _merge_values(strategy: Merge, values: Sequence[Any]) -> Value:
    match strategy:
        case Merge.MAX:
            return max(values)
        case Merge.UNION:
            return list(dict.fromkeys(entry for value in values for entry in value))
        case Merge.AND:
            return all(values)
        case Merge.DNF_CONJUNCTION:
            return conjunction(values)


def conjunction(conditions: Sequence[Sequence[Sequence[str]]]) -> list[list[str]]:
    """All of several conditions, each a list of alternatives, each of them a list of names that must all be held.

    The result is again a list of alternatives, without those that another one makes superfluous.
    """
    alternatives = {
        tuple(sorted({name for part in choice for name in part}))
        for choice in product(*(condition or [[]] for condition in conditions))
    }
    minimal = [one for one in alternatives if not any(set(other) < set(one) for other in alternatives)]
    return [list(one) for one in sorted(minimal, key=lambda one: (len(one), one))]
