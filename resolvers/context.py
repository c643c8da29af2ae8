"""What a request carries to the resolvers, and how a batch function is called.

A *batch function* answers one field for many rows at once: `async def f(rows, args, viewer, tools, loads) -> list`, one
cell per row; a cell may be an exception. After the rows it names what it needs of the others, and gets nothing else: a
function that does not name `viewer` cannot depend on who asks, and only such answers are public.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar, get_type_hints

from strawberry.dataloader import DataLoader

from kit.ports import Members, StaffBook
from kit.viewer import Tokens, Viewer

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

    @classmethod
    def of(cls, function: BatchFunction) -> Batch:
        """Read the signature of `function`. Raises TypeError where it names something that is not offered."""
        _, *named = inspect.signature(function).parameters.values()
        if unknown := [parameter.name for parameter in named if parameter.name not in _OFFERED]:
            raise TypeError(f"{function.__qualname__}: a batch function may name {_OFFERED}, not {unknown}")
        names = frozenset(parameter.name for parameter in named)
        return cls(function, names, get_type_hints(function)["args"] if "args" in names else None)

    @property
    def is_public(self) -> bool:
        """Whether every viewer gets the same."""
        return "viewer" not in self.names

    def __call__(self, rows: Sequence[Any], args: Any, context: Context) -> Awaitable[Sequence[Any]]:
        offered = {"args": args, "viewer": context.viewer, "tools": context.tools, "loads": context.loads}
        return self.function(rows, **{name: offered[name] for name in self.names})


class Loads:
    """Reads shared by all fields of one request: keys asked for together are read by one statement, and once."""

    def __init__(self) -> None:
        self._loaders: dict[Hashable, DataLoader[Any, Any]] = {}

    async def many(self, read: Callable[[list[Key]], Awaitable[Sequence[Value]]], keys: Iterable[Key]) -> list[Value]:
        """What `read` finds for each of `keys`, in their order."""
        loader = self._loaders.get(read)
        if loader is None:
            loader = self._loaders[read] = DataLoader(load_fn=read)
        return await loader.load_many(keys)

    async def one(self, read: Callable[[list[Key]], Awaitable[Sequence[Value]]], key: Key) -> Value:
        """What `read` finds for `key`."""
        return (await self.many(read, [key]))[0]


@dataclass(frozen=True, slots=True)
class Tools:
    """What a process hands to its resolvers once, at its start."""

    tokens: Tokens | None = None
    """Signs and reads tokens; None where nobody can sign in."""
    sealing_key: bytes = b""
    """Seals and unseals personal fields."""
    staff: StaffBook | None = None
    """Knows in which shops a member works; None where nobody is asked."""
    members: Members | None = None
    """The port to members; None where no resolver of the process asks them."""


@dataclass(slots=True)
class Context:
    """One request's view of one subgraph."""

    viewer: Viewer
    tools: Tools = field(default_factory=Tools)
    loads: Loads = field(default_factory=Loads)
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
