"""What a request carries to the resolvers, and how a batch function is called.

A *batch function* answers one field for many rows at once: `async def f(rows, args, viewer, tools, loads) -> list`, one
cell per row; a cell may be an exception. After the rows it names what it needs of the others, and gets nothing else: a
function that does not name `viewer` cannot depend on who asks, and only such answers are public.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal, TypeVar, get_type_hints

from strawberry.dataloader import DataLoader

from kit.cache import MISSING
from kit.errors import Unavailable
from kit.keychain import Keychain
from kit.ports import Members, StaffBook
from kit.records import Record
from kit.viewer import Viewer
from models.cached import shelf_of
from resolvers.gathering import Gathering

BatchFunction = Callable[..., Awaitable[Sequence[Any]]]
Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

_OFFERED = ("args", "viewer", "tools", "loads")


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch function with what it names, read once when the schema is built."""

    function: BatchFunction
    names: frozenset[str]
    args_type: type | None
    of_context: tuple[str, ...]
    """What it names that the request's context has."""

    @classmethod
    def of(cls, function: BatchFunction) -> Batch:
        """Read the signature of `function`. Raises TypeError where it names something that is not offered."""
        _, *named = inspect.signature(function).parameters.values()
        if unknown := [parameter.name for parameter in named if parameter.name not in _OFFERED]:
            raise TypeError(f"{function.__qualname__}: a batch function may name {_OFFERED}, not {unknown}")
        names = frozenset(parameter.name for parameter in named)
        args_type = get_type_hints(function)["args"] if "args" in names else None
        return cls(function, names, args_type, tuple(names - {"args"}))

    @property
    def is_public(self) -> bool:
        """Whether every viewer gets the same."""
        return "viewer" not in self.names

    @property
    def shared(self) -> Literal["nobody", "anonymous", "everybody"]:
        """For whom the answer is the same while what it reads does not change. No record notes what tools bring."""
        if "tools" in self.names:
            return "nobody"
        return "everybody" if self.is_public else "anonymous"

    def __call__(self, rows: Sequence[Any], args: Any, context: Context) -> Awaitable[Sequence[Any]]:
        offered = {name: getattr(context, name) for name in self.of_context}
        if self.args_type is not None:
            offered["args"] = args
        return self.function(rows, **offered)


class Loads:
    """Reads shared by all fields of one request: keys asked for together are read by one statement, and once.

    What a cached read (`models.cached`) has brought is there without waiting, whoever brought it.
    """

    def __init__(self, gatherings: dict[Hashable, Gathering[Any, Any]] | None = None) -> None:
        self._gatherings = {} if gatherings is None else gatherings

    def noted_in(self, record: Record) -> NotedLoads:
        """The same reads, noted in a record."""
        return NotedLoads(self._gatherings, record)

    async def many(self, read: Callable[[list[Key]], Awaitable[Sequence[Value]]], keys: Iterable[Key]) -> list[Value]:
        """What `read` finds for each of `keys`, in their order."""
        shelf = shelf_of(read)
        if shelf is None:
            return await self._gathering(read, read).many(keys)
        asked = [*keys]
        found = shelf.found(asked)
        if found is not None:
            return found
        values = shelf.look(asked)
        missing = [key for key, value in zip(asked, values, strict=True) if value is MISSING]
        gathering = self._gathering(read, partial(shelf.through, read))
        brought = await gathering.many(missing)
        if len(missing) == len(asked):
            return brought
        more = dict(zip(missing, brought, strict=True))
        return [more[key] if value is MISSING else value for key, value in zip(asked, values, strict=True)]

    async def one(self, read: Callable[[list[Key]], Awaitable[Sequence[Value]]], key: Key) -> Value:
        """What `read` finds for `key`."""
        return (await self.many(read, [key]))[0]

    def _gathering(self, read: Hashable, bring: Callable[[list[Any]], Awaitable[Sequence[Any]]]) -> Gathering[Any, Any]:
        gathering = self._gatherings.get(read)
        if gathering is None:
            gathering = self._gatherings[read] = Gathering(bring)
        return gathering


class NotedLoads(Loads):
    """Reads that are noted in a record."""

    def __init__(self, gatherings: dict[Hashable, Gathering[Any, Any]], record: Record) -> None:
        super().__init__(gatherings)
        self._record = record

    async def many(self, read: Callable[[list[Key]], Awaitable[Sequence[Value]]], keys: Iterable[Key]) -> list[Value]:
        asked = [*keys]
        values = await super().many(read, asked)
        self._record.note(shelf_of(read), asked)
        return values


@dataclass(frozen=True, slots=True)
class Tools:
    """What a process hands to its resolvers once, at its start."""

    keychain: Keychain | None = None
    """Opens the keys of personal fields and of tokens; None where none are sealed or opened."""
    staff: StaffBook | None = None
    """Knows in which shops a member works; None where nobody is asked."""
    members: Members | None = None
    """The port to members; None where no resolver of the process asks them."""

    def keys(self) -> Keychain:
        """The keychain. Raises Unavailable where there is none."""
        if self.keychain is None:
            raise Unavailable("keys.closed", "personal data cannot be read or written here now")
        return self.keychain


@dataclass(slots=True)
class Context:
    """One request's view of one subgraph."""

    viewer: Viewer
    tools: Tools = field(default_factory=Tools)
    loads: Loads = field(default_factory=Loads)
    address: str = ""
    """The client's network address, for what is counted by place; '' where nobody knows it."""
    _cells: dict[Hashable, tuple[DataLoader[Any, Any], Any]] = field(default_factory=dict)

    async def cell(self, batch: Batch, row: Any, place: Hashable, args: Callable[[], Any]) -> Any:
        """The cell of `batch` for `row`, called once for all rows at the same `place` of the operation."""
        entry = self._cells.get((batch, place))
        if entry is None:
            entry = self._cells[batch, place] = (self._loader(batch, args()), place)
        return await entry[0].load(row)

    def _loader(self, batch: Batch, args: Any) -> DataLoader[Any, Any]:
        async def load(rows: list[Any]) -> Sequence[Any]:
            return await batch(rows, args, self)

        return DataLoader(load_fn=load, cache=False)
