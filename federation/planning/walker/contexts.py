"""What contextual arguments need: values of ancestors, which are read before the fields that take them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from federation.graph import Graph, contexts
from federation.graph.selections import Selection
from federation.planning.walker.tree import Position
from federation.supergraph import ContextArgument

Heads = tuple[str | Selection, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Need:
    """A contextual argument of a field of objects at `place`: `selections` are read of their ancestors `above`."""

    argument: ContextArgument
    place: Heads
    above: Heads
    selections: tuple[Selection, ...]

    @property
    def depth(self) -> int:
        """How deep the ancestor stands."""
        return sum(not isinstance(head, str) for head in self.above)


def needs_of(heads: Heads, root: str, graph: Graph) -> Iterator[Need]:
    """What the fields on the way to a value need, the outer ones first."""
    objects = [(root, 0)]
    for index, head in enumerate(heads):
        kind, _ = objects[-1]
        if isinstance(head, str):
            objects[-1] = (head, index + 1)
        elif field := graph.type(kind).fields.get(head.name):
            for argument in contexts.arguments(graph, kind, head.name):
                yield from of_ancestors(argument, heads[:index], objects[:-1], graph)
            objects.append((field.type, index + 1))


def of_ancestors(
    argument: ContextArgument, place: Heads, ancestors: list[tuple[str, int]], graph: Graph
) -> Iterator[Need]:
    """The nearest ancestor that sets the context, and further ones as long as a nearer one may be of another type."""
    for kind, index in reversed(ancestors):
        above = place[:index]
        setters = contexts.setters(graph, kind, argument.context)
        narrowed = setters != (kind,) or bool(above and isinstance(above[-1], str))
        for name in setters:
            yield Need(argument, place, above, contexts.selections(graph, name, argument, narrowed=narrowed))
        if setters == (kind,) or len(setters) == len(graph.supergraph.possible_types[kind]):
            return


def position_of(top: Position, heads: Heads) -> Position:
    """Where the objects stand to which heads lead."""
    for head in heads:
        if not isinstance(head, str):
            top = top.child(top.key_of(head))
    return top
