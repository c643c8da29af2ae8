"""Where the objects of a response come from: which fetch has their rows, and which others say more of them.

The planner speaks of paths through a response of dicts. Here nothing is spliced: a spot stands for the objects that one
node of one fetch has found, and has a part for each fetch that says something of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from federation.execution.compiled import Compiled
from federation.execution.compiled.tree import Field, Node
from federation.execution.transport.local import Local
from federation.planning.nodes import Fetch, Segment, Source, Types

Path = tuple[str, ...]
TYPENAME = "__typename"


class NotFusable(Exception):
    """The plan is left to the ordinary executor, for `reason`: a word for counters."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """A fetch of a plan with the subgraph's operation for it."""

    fetch: Fetch
    local: Local
    compiled: Compiled

    @property
    def suffix(self) -> str:
        """Of the names of its run in written code."""
        return str(self.fetch.number)

    @property
    def root(self) -> Node:
        return self.compiled.tree.root

    def keys(self, node: Node, path: Path) -> dict[str, Field]:
        """The fields of a node at `path` of the fetch's answer by the keys that the engine knows them by."""
        renamed = {rename.alias: rename.key for rename in self.fetch.renames if rename.path == path}
        return {renamed.get(one.key, one.key): one for one in node.fields}


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """What one fetch says of the objects at a spot: the fields of its `node` by the engine's keys.

    `path` leads there in the fetch's own answer. `asked` numbers the places of the objects' representations among those
    of the entity call `call`; None for the part whose rows the objects are.
    """

    piece: Piece
    node: Node
    path: Path
    fields: dict[str, Field]
    asked: int | None = None
    call: Field | None = None


@dataclass(slots=True, eq=False)
class Spot:
    """Objects of one type. The rows of the first part are theirs, unless it is the root, which is there once.

    `ways` has each spot above with the key that leads here.
    """

    type: str
    parts: list[Part]
    ways: set[tuple[Spot, str]] = field(default_factory=set)

    @property
    def is_root(self) -> bool:
        return not self.ways

    def provider(self, key: str) -> Part | None:
        """The part that has the value of a key. Where several have it, they agree on it: the last one asked counts."""
        having = [part for part in self.parts if key in part.fields]
        if len(having) > 1 and any(part.fields[key].children for part in having):
            raise NotFusable("object-from-several-fetches")
        return having[-1] if having else None

    def is_one_of(self, types: Types) -> bool:
        """Whether the engine would take its objects for such: by their `__typename`, if that was asked for."""
        return types is None or (self.provider(TYPENAME) is not None and self.type in types)

    def routes(self) -> Iterator[Path]:
        """The paths of keys that lead here from the root."""
        if self.is_root:
            yield ()
        for above, key in self.ways:
            for route in above.routes():
                yield (*route, key)


@dataclass(frozen=True, slots=True, eq=False)
class Asking:
    """Representations that a fetch asks for: those of the objects at a spot, to which `routes` lead.

    `number` numbers their places among those of the entity call `call`.
    """

    number: int
    spot: Spot
    source: Source
    call: Field
    routes: set[Path]


@dataclass(slots=True)
class Spots:
    """The spots of a plan, found as its fetches are laid out one after the other. `askings` by number of fetch."""

    root: Spot
    askings: dict[int, list[Asking]] = field(default_factory=dict)
    _known: dict[tuple[int, int], Spot] = field(default_factory=dict)
    _places: int = 0

    @classmethod
    def of(cls, pieces: Iterable[Piece], root: str) -> Spots:
        """The spots of a plan whose root type is `root`. Raises NotFusable."""
        spots = cls(Spot(root, []))
        for piece in pieces:
            if piece.fetch.path:
                raise NotFusable("root-below-the-root")
            if piece.fetch.calls:
                spots._add_entities(piece)
            else:
                spots.root.parts.append(Part(piece, piece.root, (), piece.keys(piece.root, ())))
        spots._check_rows()
        return spots

    @property
    def places(self) -> int:
        """How many lists of places there are to number."""
        return self._places

    def at(self, path: Iterable[Segment]) -> list[Spot]:
        """The spots at the end of a path of the response."""
        found = [self.root]
        for segment in path:
            below = (one for spot in found if spot.is_one_of(segment.types) for one in self.below(spot, segment.key))
            found = list(dict.fromkeys(below))
        return found

    def below(self, spot: Spot, key: str) -> list[Spot]:
        """The spots of the objects under a key, one for each type that they may have."""
        part = spot.provider(key)
        return [] if part is None else self._children(spot, part, key)

    def _add_entities(self, piece: Piece) -> None:
        fields = {one.key: one for one in piece.root.fields}
        for call in piece.fetch.calls:
            if call.contexts:
                raise NotFusable("context")
            for source in call.sources:
                for spot in self.at(source.path):
                    if spot.is_one_of(source.types):
                        self._ask(piece, fields[call.alias], spot, source)

    def _ask(self, piece: Piece, call: Field, spot: Spot, source: Source) -> None:
        asked = self.askings.setdefault(piece.fetch.number, [])
        known = next((one for one in asked if one.call is call and one.spot is spot), None)
        if known is not None:
            if (known.source.keys, known.source.required) != (source.keys, source.required):
                raise NotFusable("keys-differ")
            known.routes.add(route_of(source))
            return
        node = next((child for child in call.children if child.type.name == source.typename), None)
        if node is None:
            raise NotFusable("entity-interface")
        fields = piece.keys(node, ())
        if node.type.name != spot.type and TYPENAME in fields:
            raise NotFusable("type-told-elsewhere")
        asked.append(Asking(self._places, spot, source, call, {route_of(source)}))
        spot.parts.append(Part(piece, node, (call.key,), fields, self._places, call))
        self._places += 1

    def _children(self, spot: Spot, part: Part, key: str) -> list[Spot]:
        one = part.fields[key]
        return [self._child(spot, part, key, one, node) for node in one.children]

    def _child(self, spot: Spot, part: Part, key: str, one: Field, node: Node) -> Spot:
        piece = part.piece
        known = self._known.get((piece.fetch.number, node.number))
        if known is None:
            path = (*part.path, one.key)
            fields = piece.keys(node, path[1:] if piece.fetch.calls else path)
            known = self._known[piece.fetch.number, node.number] = Spot(
                node.type.name, [Part(piece, node, path, fields)]
            )
        known.ways.add((spot, key))
        return known

    def _check_rows(self) -> None:
        """Objects of one spot may be found by several ways, and be asked for more on some of them only: then the rows
        of the spot are too many."""
        waiting, seen = [self.root], {self.root}
        for spot in waiting:  # grows as it is gone through
            for part in spot.parts:
                children = (one for key in part.fields for one in self._children(spot, part, key))
                found = [one for one in children if one not in seen]
                seen.update(found)
                waiting += found
        for asking in (one for some in self.askings.values() for one in some):
            if set(asking.spot.routes()) != asking.routes:
                raise NotFusable("some-rows-of-a-spot")


def route_of(source: Source) -> Path:
    """The keys of the path that leads to the objects of a source."""
    return tuple(segment.key for segment in source.path)
