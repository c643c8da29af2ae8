"""Random worlds: a schema, data that may be wrong in every way, and how each field is answered, twice.

graphql-core gets a synchronous resolver for every field, so that its order of errors is the order of the document; the
compiler gets attributes, batch functions, resolvers and guards. Both read the same cells: a cell is drawn by a
generator that is seeded with its row, its field and its arguments.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLError,
    GraphQLField,
    GraphQLFloat,
    GraphQLID,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInt,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLString,
    GraphQLUnionType,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
)
from graphql.pyutils import Undefined

from federation.execution.compiled import Answer, Answers, Attribute, BatchCall, Plain

Random = random.Random


class Odd:
    """A value that no scalar serves."""

    def __repr__(self) -> str:
        return "<odd>"


class Coded(Exception):
    """An error as services raise them: with extensions of its own."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.extensions = {"code": message.upper()}


def _tagged(value: Any) -> Any:
    if isinstance(value, str) and value.startswith("tag"):
        return f"<{value}>"
    if value == "nothing":
        return None
    raise ValueError(f"Tag cannot represent {value!r}")


TAG = GraphQLScalarType("Tag", serialize=_tagged, parse_value=str)
COLOUR = GraphQLEnumType("Colour", {"RED": "red", "GREEN": 2, "BLUE": ("b", 3)})
LEAVES = (GraphQLString, GraphQLID, GraphQLInt, GraphQLFloat, GraphQLBoolean, TAG, COLOUR)

USUAL: dict[str, Sequence[Any]] = {
    "String": ("", "a", "茶"),
    "ID": ("1", "x"),
    "Int": (0, 7, -(2**31), 2**31 - 1),
    "Float": (0.0, 1.5, -2e300),
    "Boolean": (True, False),
    "Tag": ("tag1", "tag2"),
    "Colour": ("red", 2, ("b", 3)),
}
UNUSUAL: dict[str, Sequence[Any]] = {
    "String": (True, 5, 1.5, Odd(), b"a"),
    "ID": (True, 5, 1.0, 1.25, Odd()),
    "Int": (2**31, -(2**31) - 1, 2**40, True, 1.0, 1.25, "12", "a"),
    "Float": (float("nan"), float("inf"), -float("inf"), 5, True, "1.5", "a", 10**400),
    "Boolean": (0, 1, 1.0, float("nan"), "true"),
    "Tag": ("nothing", "a", 5),
    "Colour": ("RED", True, ["red"], Odd()),
}
FOREIGN: Sequence[Any] = (float("nan"), "nothing", [], ["a"], {"a": 1}, Odd(), Undefined)


@dataclass(frozen=True, slots=True)
class Chances:
    """How often what goes wrong, in per cent."""

    failed: int = 0
    null: int = 10
    null_where_forbidden: int = 0
    unusual: int = 0
    denied: int = 0


WEATHERS = (
    Chances(),
    Chances(failed=1),
    Chances(null_where_forbidden=2),
    Chances(unusual=2),
    Chances(unusual=1),
    Chances(denied=2),
    Chances(failed=2, null_where_forbidden=1, unusual=2, denied=3),
    Chances(failed=15, null=20, null_where_forbidden=8, unusual=15, denied=15),
)
"""Mostly one thing goes wrong, and seldom: what is noticed only by itself is noticed then."""


class Row:
    """An object of a world. Its attributes are the cells of its fields without arguments."""

    type_name = ""

    def __init__(self, world: World, identity: str) -> None:
        self.world, self.identity = world, identity

    def __repr__(self) -> str:
        return f"<{self.type_name} {self.identity}>"

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("f"):
            raise AttributeError(name)
        cell = self.world.cell(self, name, {})
        if isinstance(cell, Exception) and "raise" in str(cell):
            raise cell
        return cell


@dataclass(slots=True)
class World:
    """A schema, twice answered."""

    seed: int
    chances: Chances
    rng: Random
    fields: dict[str, GraphQLField] = field(default_factory=dict)
    types: dict[str, GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType] = field(default_factory=dict)
    rows: dict[str, type[Row]] = field(default_factory=dict)
    schema: GraphQLSchema = field(init=False)
    answers: Answers = field(init=False)
    calls: list[tuple[str, int]] = field(default_factory=list)

    def happens(self, rng: Random, per_cent: int) -> bool:
        return rng.randrange(100) < per_cent

    def draw(self, *what: object) -> Random:
        return Random(f"{self.seed} {what}")

    def root(self, type_name: str) -> Row:
        return self.rows[type_name](self, "root")

    def cell(self, row: Row, name: str, arguments: Mapping[str, Any]) -> Any:
        """A field's cell: a value, or the exception with which it failed."""
        rng = self.draw(row.identity, row.type_name, name, sorted(arguments.items(), key=str))
        return self.value(rng, self.fields[name].type, f"{row.identity}.{name}")

    def value(self, rng: Random, type_: Any, identity: str) -> Any:
        chances = self.chances
        if self.happens(rng, chances.failed):
            return self.error(rng, identity)
        if is_non_null_type(type_):
            if self.happens(rng, chances.null_where_forbidden):
                return None
            type_ = type_.of_type
        elif self.happens(rng, chances.null):
            return rng.choice((None, None, None, Undefined)) if chances.unusual else None
        if is_list_type(type_):
            return self.items(rng, type_.of_type, identity)
        if is_leaf_type(type_):
            return rng.choice(self.leaves(rng, type_.name))
        return self.object(rng, type_, identity)

    def leaves(self, rng: Random, type_name: str) -> Sequence[Any]:
        if not self.happens(rng, self.chances.unusual):
            return USUAL[type_name]
        return UNUSUAL[type_name] if rng.randrange(4) else FOREIGN

    def items(self, rng: Random, item_type: Any, identity: str) -> Any:
        found = [self.value(rng, item_type, f"{identity}.{index}") for index in range(rng.randrange(4))]
        if self.happens(rng, self.chances.unusual):
            return rng.choice((tuple(found), iter(found), 7, "text", Odd(), {"a": 1}))
        return found

    def object(self, rng: Random, type_: Any, identity: str) -> Any:
        if self.happens(rng, self.chances.unusual):
            return rng.choice((Odd(), self.rows[rng.choice(sorted(self.rows))](self, identity)))
        possible = self.schema.get_possible_types(type_) if is_abstract_type(type_) else [type_]
        return self.rows[rng.choice(possible).name](self, identity)

    def error(self, rng: Random, identity: str) -> Exception:
        kind = rng.choice(("value", "coded", "graphql"))
        message = f"{kind} {'raised' if rng.randrange(2) else 'given'} at {identity}"
        if kind == "coded":
            return Coded(message)
        return GraphQLError(message, extensions={"k": 1}) if kind == "graphql" else ValueError(message)

    def verdict(self, row: Any, name: str) -> Exception | None:
        """The guard's word on a row; it fails for what is no row of ours, and so does not let it pass."""
        rng = self.draw("guard", row.identity, name)
        return Coded(f"denied {name}") if self.happens(rng, self.chances.denied) else None


def world(seed: int, chances: Chances | None = None) -> World:
    """The world of a seed, with a weather of its own where none is given."""
    rng = Random(seed)
    drawn = rng.choice(WEATHERS)
    made = World(seed, chances or drawn, rng)
    _declare_types(made)
    _declare_fields(made)
    query, mutation = made.types["Query"], made.types["Mutation"]
    made.schema = GraphQLSchema(query=query, mutation=mutation, types=list(made.types.values()))  # type: ignore[arg-type]
    made.answers = _answered(made)
    return made


OBJECTS = ("Query", "Mutation", "A", "B", "C", "D")


def _declare_types(made: World) -> None:
    """Types that hold some of the fields `f0` to `f15`; a field means the same wherever it is."""
    rng, names = made.rng, [f"f{number}" for number in range(16)]
    in_i, in_j = rng.sample(names, 3), rng.sample(names, 2)

    def thunk(*inherited: str) -> Callable[[], dict[str, GraphQLField]]:
        own = sorted({*inherited, *rng.sample(names, 6)})
        rng.shuffle(own)
        return lambda: {name: made.fields[name] for name in own}

    def fields(held: Sequence[str]) -> Callable[[], dict[str, GraphQLField]]:
        return lambda: {name: made.fields[name] for name in held}

    resolve_type = _resolve_type if rng.randrange(2) else None
    interface_i = GraphQLInterfaceType("I", fields(in_i), resolve_type=resolve_type)
    interface_j = GraphQLInterfaceType("J", fields([*in_i, *in_j]), [interface_i], resolve_type=resolve_type)
    implemented = {"A": [interface_i], "B": [interface_i, interface_j], "C": [interface_i, interface_j]}
    for name in OBJECTS:
        row = made.rows[name] = type(name, (Row,), {"type_name": name})
        interfaces = implemented.get(name, [])
        inherited = [*(in_i if interfaces else ()), *(in_j if len(interfaces) > 1 else ())]
        is_type_of = _is_type_of(row) if resolve_type is None or rng.randrange(3) == 0 else None
        made.types[name] = GraphQLObjectType(name, thunk(*inherited), interfaces, is_type_of=is_type_of)
    members = [made.types[name] for name in ("A", "C", "D")]
    made.types |= {"I": interface_i, "J": interface_j}
    made.types["U"] = GraphQLUnionType("U", members, resolve_type=resolve_type)  # type: ignore[arg-type]


def _resolve_type(row: Any, *_: Any) -> Any:
    """The name of the row's type: for a foreign value an error, or something that is no name of an object type."""
    return {"<odd>": "Colour"}.get(repr(row)) or row.type_name


def _is_type_of(row: type[Row]) -> Callable[[Any, Any], bool]:
    return lambda value, _: isinstance(value, row)


def _declare_fields(made: World) -> None:
    rng = made.rng
    composite = [made.types[name] for name in ("A", "B", "C", "D", "I", "J", "U")]
    for number in range(16):
        named = rng.choice(LEAVES) if number % 2 else rng.choice(composite)
        made.fields[f"f{number}"] = GraphQLField(_wrapped(rng, named), args=_arguments(rng) if number % 3 == 0 else {})


def _wrapped(rng: Random, named: Any) -> Any:
    type_ = named
    for _ in range(rng.choice((0, 0, 0, 0, 1, 1, 1, 2, 3))):
        if rng.randrange(3) == 0:
            type_ = GraphQLNonNull(type_)
        type_ = GraphQLList(type_)
    return GraphQLNonNull(type_) if rng.randrange(3) == 0 else type_


INPUT = GraphQLInputObjectType(
    "Filter",
    lambda: {
        "low": GraphQLInputField(GraphQLNonNull(GraphQLInt), default_value=1),
        "words": GraphQLInputField(GraphQLList(GraphQLNonNull(GraphQLString))),
        "colour": GraphQLInputField(COLOUR, default_value="red"),
        "inner": GraphQLInputField(INPUT),
    },
)
ARGUMENTS: tuple[tuple[Any, Any], ...] = (
    (GraphQLInt, Undefined),
    (GraphQLInt, 3),
    (GraphQLNonNull(GraphQLInt), 4),
    (GraphQLNonNull(GraphQLString), Undefined),
    (GraphQLList(GraphQLNonNull(COLOUR)), Undefined),
    (INPUT, {"low": 5}),
    (TAG, Undefined),
    (GraphQLFloat, 0.5),
)


def _arguments(rng: Random) -> dict[str, GraphQLArgument]:
    chosen = rng.sample(ARGUMENTS, rng.randrange(1, 4))
    return {f"a{index}": GraphQLArgument(type_, default) for index, (type_, default) in enumerate(chosen)}


def _answered(made: World) -> Answers:
    """Each field's way for the compiler; graphql-core gets a resolver that reads the same cells."""
    found: dict[tuple[str, str], Answer] = {}
    for name, type_ in made.types.items():
        if is_object_type(type_):
            for field_name, declared in type_.fields.items():
                # A field is one object in all types that have it: here each type gets its own.
                guarded = made.draw("guarded", name, field_name).randrange(4) == 0
                type_.fields[field_name] = own = GraphQLField(**declared.to_kwargs())
                own.resolve = _resolver(made, field_name, guarded)
                found[name, field_name] = _answer(made, name, field_name, guarded)
    return Answers(found, types_by_class=made.rng.randrange(2) == 0)


def _outage(made: World, name: str, arguments: Mapping[str, Any]) -> Exception | None:
    """The error of a whole batch call, where it fails for everybody."""
    rng = made.draw("outage", name, sorted(arguments.items(), key=str))
    return Coded(f"outage of {name}") if made.happens(rng, made.chances.failed // 2) else None


def _resolver(made: World, name: str, guarded: bool) -> Callable[..., Any]:
    def resolve(source: Any, _: Any, **arguments: Any) -> Any:
        if guarded and (refusal := made.verdict(source, name)):
            raise refusal
        if outage := _outage(made, name, arguments):
            raise outage
        return made.cell(source, name, arguments) if arguments else getattr(source, name)

    return resolve


def _answer(made: World, type_name: str, name: str, guarded: bool) -> Answer:
    rng = made.draw("answer", type_name, name)
    guard = None if not guarded else _sync_guard(made, name) if rng.randrange(2) else _async_guard(made, name)
    if not made.fields[name].args and not _outage(made, name, {}) and rng.randrange(2):
        return Answer(Attribute(name), guard)
    if rng.randrange(4) == 0:
        resolve = _resolver(made, name, False)
        return Answer(rng.choice((Plain(_later(resolve)), Plain(resolve), Plain(resolve, waits=False))), guard)
    return Answer(BatchCall(_batch(made, type_name, name)), guard)


def _later(resolve: Callable[..., Any]) -> Callable[..., Any]:
    async def resolve_later(*given: Any, **arguments: Any) -> Any:
        await asyncio.sleep(0)
        return resolve(*given, **arguments)

    return resolve_later


def _batch(made: World, type_name: str, name: str) -> Callable[..., Any]:
    resolve = _resolver(made, name, False)

    async def batch(rows: Sequence[Any], arguments: Mapping[str, Any], context: Any) -> list[Any]:
        assert context == "context"
        made.calls.append((f"{type_name}.{name}", len(rows)))
        if outage := _outage(made, name, arguments):
            raise outage
        await asyncio.sleep(0)
        return [_attempt(lambda row=row: resolve(row, None, **arguments)) for row in rows]  # type: ignore[misc]

    return batch


def _attempt(get: Callable[[], Any]) -> Any:
    try:
        return get()
    except Exception as error:
        return error


def _sync_guard(made: World, name: str) -> Callable[..., Any]:
    return lambda rows, _: [_attempt(lambda row=row: made.verdict(row, name)) for row in rows]  # type: ignore[misc]


def _async_guard(made: World, name: str) -> Callable[..., Any]:
    async def judge(rows: Sequence[Any], _: Any) -> Any:
        await asyncio.sleep(0)
        return _sync_guard(made, name)(rows, None)

    return judge


def type_of(made: World, name: str) -> Any:
    """The named type of a field."""
    return get_named_type(made.fields[name].type)
