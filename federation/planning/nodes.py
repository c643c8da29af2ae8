"""The query plan: frozen, free of schema and syntax trees, all that the executor needs. `str(plan)` prints it whole.

A plan is a set of fetches, each waiting for those it names in `after`; whatever is ready runs in parallel.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from graphql import parse, print_ast

Kind = Literal["query", "mutation", "subscription"]
Types = frozenset[str] | None
"""Types that an object must have (`__typename`); None for any."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One step down the response: from objects of `types` to what stands under `key`, through lists."""

    types: Types
    key: str

    def __str__(self) -> str:
        return f"[{'|'.join(sorted(self.types))}].{self.key}" if self.types else self.key


@dataclass(frozen=True, slots=True)
class Part:
    """A field of a representation: `name` for the subgraph, `key` in the response, for objects of `types`."""

    name: str
    key: str
    types: Types = None
    parts: tuple[Part, ...] = ()

    def __str__(self) -> str:
        name = self.name if self.name == self.key else f"{self.name}: {self.key}"
        condition = f"... on {'|'.join(sorted(self.types))} " if self.types else ""
        below = f" {{ {' '.join(map(str, self.parts))} }}" if self.parts else ""
        return condition + name + below


@dataclass(frozen=True, slots=True)
class Place:
    """Where a context is: the object that stands `depth` segments below the top, and what to read of it."""

    depth: int
    parts: tuple[Part, ...]

    def __str__(self) -> str:
        return f"{' '.join(map(str, self.parts))} of {self.depth}"


@dataclass(frozen=True, slots=True)
class ContextValue:
    """A contextual argument: the variable that stands for it, its type, and its places, the nearest first."""

    variable: str
    type: str
    places: tuple[Place, ...]

    def __str__(self) -> str:
        return f"${self.variable}: {' or '.join(map(str, self.places))}"


@dataclass(frozen=True, slots=True)
class Source:
    """Where representations come from: objects of `types` at `path`; those that lack a key are left out.

    `keys` are the parts by which the subgraph finds the entity, `required` what its fields need besides.
    """

    path: tuple[Segment, ...]
    types: Types
    typename: str
    keys: tuple[Part, ...]
    required: tuple[Part, ...] = ()

    def __str__(self) -> str:
        where = ".".join(map(str, self.path)) + (f"[{'|'.join(sorted(self.types))}]" if self.types else "")
        fields = " ".join(map(str, (*self.keys, *self.required)))
        return f"{where} as {self.typename} {{ {fields} }}"


@dataclass(frozen=True, slots=True)
class EntityCall:
    """One `_entities` field of a fetch: `alias` in its answer, `variable` for its representations.

    `selection` is what is read of them. Entities whose `contexts` differ need a call of their own each.
    """

    alias: str
    variable: str
    sources: tuple[Source, ...]
    selection: str
    contexts: tuple[ContextValue, ...] = ()

    @property
    def definitions(self) -> tuple[str, ...]:
        """The variables that the engine sets."""
        return (f"${self.variable}: [_Any!]!", *(f"${value.variable}: {value.type}" for value in self.contexts))

    @property
    def text(self) -> str:
        head = "_entities" if self.alias == "_entities" else f"{self.alias}: _entities"
        return f"{head}(representations: ${self.variable}){self.selection}"


def entities_query(calls: Iterable[EntityCall], definitions: tuple[str, ...]) -> str:
    """The text of a request that reads entities; `definitions` are of the client's variables."""
    own = tuple(text for call in calls for text in call.definitions)
    return f"query({', '.join((*own, *definitions))}){{{' '.join(call.text for call in calls)}}}"


@dataclass(frozen=True, slots=True)
class Rename:
    """A key that a subgraph had to be asked for under another name: at `path` of its answer, `alias` means `key`."""

    path: tuple[str, ...]
    alias: str
    key: str


@dataclass(frozen=True, slots=True, eq=False)
class Fetch:
    """One request to a subgraph. A root fetch answers for the objects at `path` with `roots`, others through `calls`.

    `query` is its text, `definitions` are those of the client's `variables`. `after` are numbers of fetches that come
    first.
    """

    number: int
    service: str
    kind: Kind
    query: str
    variables: tuple[str, ...] = ()
    definitions: tuple[str, ...] = ()
    after: tuple[int, ...] = ()
    path: tuple[Segment, ...] = ()
    roots: tuple[str, ...] = ()
    calls: tuple[EntityCall, ...] = ()
    renames: tuple[Rename, ...] = ()


@dataclass(frozen=True, slots=True)
class LeafShape:
    """A scalar or enum; `values` are what an enum may be for clients."""

    nullable: bool
    values: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class ListShape:
    nullable: bool
    item: Shape


@dataclass(frozen=True, slots=True, eq=False)
class ObjectShape:
    """An object. `fields` holds for all, `by_type` for objects of known types; others are not for clients to see."""

    nullable: bool
    type: str
    fields: tuple[FieldShape, ...] = ()
    by_type: Mapping[str, tuple[FieldShape, ...]] | None = None


Shape = LeafShape | ListShape | ObjectShape


@dataclass(frozen=True, slots=True)
class FieldShape:
    """A field of the client's response: `alias` there, `key` in the engine; `constant` is a value known beforehand."""

    alias: str
    key: str
    shape: Shape
    name: str
    constant: str | None = None


@dataclass(frozen=True, eq=False)
class QueryPlan:
    """How to answer an operation: fetches, each after those it needs, and the shape of the answer."""

    kind: Kind
    fetches: tuple[Fetch, ...]
    shape: ObjectShape
    levels: Mapping[int, int] = field(default_factory=dict)

    @cached_property
    def is_contextual(self) -> bool:
        """Do any entities take values from contexts? Then equal entities may differ by where they stand."""
        return any(call.contexts for fetch in self.fetches for call in fetch.calls)

    @cached_property
    def followers(self) -> Mapping[int, tuple[Fetch, ...]]:
        """The fetches that wait for each."""
        return {one.number: tuple(other for other in self.fetches if one.number in other.after) for one in self.fetches}

    def __str__(self) -> str:
        return "\n".join(["QueryPlan {", *(indented(line) for line in self.body()), "}"])

    def body(self) -> list[str]:
        stages = [[f for f in self.fetches if self.levels[f.number] == level] for level in range(self.depth)]
        blocks = [stage_lines(stage) for stage in stages]
        if len(blocks) < 2:
            return [line for block in blocks for line in block]
        return ["Sequence {", *(indented(line) for block in blocks for line in block), "}"]

    @property
    def depth(self) -> int:
        """Round trips, one after another."""
        return max(self.levels.values(), default=-1) + 1


def indented(line: str) -> str:
    return f"  {line}" if line else line


def stage_lines(stage: list[Fetch]) -> list[str]:
    lines = [line for fetch in stage for line in fetch_lines(fetch)]
    return lines if len(stage) == 1 else ["Parallel {", *map(indented, lines), "}"]


def fetch_lines(fetch: Fetch) -> list[str]:
    after = f", after: {', '.join(map(str, fetch.after))}" if fetch.after else ""
    head = f"Fetch {fetch.number} (service: {fetch.service}{after}) {{"
    at = [f"at {'.'.join(map(str, fetch.path))}"] if fetch.path else []
    sources = [f"${call.variable}: {source}" for call in fetch.calls for source in call.sources]
    sources += [str(value) for call in fetch.calls for value in call.contexts]
    return [head, *map(indented, (*at, *sources, *query_lines(fetch))), "}"]


def query_lines(fetch: Fetch) -> list[str]:
    text = print_ast(parse(fetch.query, no_location=True))
    return text.replace(f"{fetch.kind} (", f"{fetch.kind}(", 1).split("\n")
