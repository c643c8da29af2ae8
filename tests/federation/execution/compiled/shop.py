"""A small schema whose runs can be watched: who was asked for what, with how many rows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import DocumentNode, GraphQLSchema, build_schema, parse, validate

from federation.execution.compiled import Answer, Answers, Attribute, BatchCall, Compiled, Plain, compile_operation

SDL = """
type Query { shops(first: Int! = 2, like: [String!]): [Shop!] named(name: String): Shop anything: [Thing] }
type Mutation { open(name: String!): Shop! close(name: String!): Shop }
type Subscription { opened: Shop }
type Shop { name: String! city: String secret: String goods: [Good!]! owner: Person }
type Good { name: String! price: Int! stock: Int! }
type Person { name: String! shops: [Shop!] }
union Thing = Shop | Person
"""


@dataclass
class Good:
    name: str
    price: Any


@dataclass
class Person:
    name: str


@dataclass
class Shop:
    name: str
    city: str | None = None
    secret: str = "s"


@dataclass(slots=True)
class Watched:
    """The schema's answers; `calls` has each call with its number of rows, in order."""

    shops: list[Any] = field(default_factory=lambda: [Shop("a"), Shop("b", "Shanghai")])
    calls: list[tuple[str, int]] = field(default_factory=list)
    open_to: Callable[[Any], Exception | None] = lambda row: None
    schema: GraphQLSchema = field(default_factory=lambda: build_schema(SDL))

    def __post_init__(self) -> None:
        for name, row in (("Shop", Shop), ("Person", Person)):
            self.schema.type_map[name].is_type_of = lambda value, _, row=row: isinstance(value, row)

    @property
    def answers(self) -> Answers:
        def batch(name: str, cell: Callable[[Any, Mapping[str, Any]], Any]) -> Answer:
            async def call(rows: Sequence[Any], arguments: Mapping[str, Any], context: Any) -> list[Any]:
                self.calls.append((name, len(rows)))
                await asyncio.sleep(0)
                return [cell(row, arguments) for row in rows]

            return Answer(BatchCall(call))

        secret = batch("secret", lambda row, _: row.secret)
        found: dict[tuple[str, str], Answer] = {
            ("Query", "shops"): batch("shops", lambda _, arguments: self.shops[: arguments["first"]]),
            ("Query", "named"): batch("named", lambda _, arguments: Shop(arguments["name"])),
            ("Query", "anything"): batch("anything", lambda _, __: [*self.shops, None, Person("p")]),
            ("Subscription", "opened"): Answer(Plain(lambda event, _: event, waits=False)),
            ("Mutation", "open"): Answer(Plain(self.mutation("open"))),
            ("Mutation", "close"): Answer(Plain(self.mutation("close"))),
            ("Shop", "secret"): Answer(secret.how, self.guard),
            ("Shop", "goods"): batch(
                "goods", lambda row, _: [Good(f"{row.name}{number}", number) for number in (1, 2)]
            ),
            ("Shop", "owner"): batch("owner", lambda row, _: Person(f"owner of {row.name}")),
            ("Good", "stock"): batch("stock", lambda row, _: row.price * 10),
            ("Person", "shops"): batch("shops of", lambda row, _: None),
        }
        attributes = (("Shop", "name"), ("Shop", "city"), ("Good", "name"), ("Good", "price"), ("Person", "name"))
        found |= {place: Answer(Attribute(place[1])) for place in attributes}
        return Answers(found, types_by_class=True)

    def guard(self, rows: Sequence[Any], context: Any) -> list[Exception | None]:
        self.calls.append(("guard", len(rows)))
        return [self.open_to(row) for row in rows]

    def mutation(self, name: str) -> Callable[..., Any]:
        async def resolve(_: Any, info: Any, **arguments: Any) -> Any:
            self.calls.append((f"{info.path.key}: {name}", 1))
            await asyncio.sleep(0)
            return None if arguments["name"] == "nobody" else Shop(arguments["name"])

        return resolve

    def document(self, text: str) -> DocumentNode:
        document = parse(text)
        assert validate(self.schema, document) == []
        return document

    def compiled(self, text: str, flags: Mapping[str, bool] | None = None) -> Compiled:
        return compile_operation(self.schema, self.document(text), None, flags, self.answers)

    async def ask(self, text: str, variables: Mapping[str, Any] | None = None) -> tuple[Any, list[str]]:
        """The data, and the errors as texts."""
        data, errors = await self.compiled(text).run(None, variables or {}, None)
        return data, [f"{error.message} at {error.path}" for error in errors]
