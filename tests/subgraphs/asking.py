"""Random queries on a subgraph: valid ones by its schema, with ids that the mall has, and some that it has not."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_enum_type,
    is_input_object_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
)

MOMENTS = ("2026-11-22T04:00:00Z", "2026-11-22T04:00:00.5+08:00", "1970-01-01T00:00:00Z")
STRINGS = ("", "上海", "100", "no")
NUMBERS = (1, 2, 3, 3, 30, 0, 99)


@dataclass(slots=True)
class Ids:
    """Ids of the mall by type, as answers show them."""

    known: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def learn(self, data: Any) -> None:
        if isinstance(data, list):
            for item in data:
                self.learn(item)
        elif isinstance(data, dict):
            if isinstance(data.get("id"), str) and "__typename" in data:
                self.known[data["__typename"]].add(data["id"])
            for item in data.values():
                self.learn(item)

    def one(self, rng: random.Random, type_name: str | None = None) -> str:
        """An id of the type, or of any."""
        ids = self.known[type_name] if type_name else {one for some in self.known.values() for one in some}
        return rng.choice([*sorted(ids), "unknown"]) if rng.randrange(10) else "unknown"


@dataclass(slots=True)
class Asker:
    """Makes queries on one schema."""

    schema: GraphQLSchema
    rng: random.Random
    ids: Ids

    def query(self) -> tuple[str, dict[str, Any]]:
        """A query, and its variables."""
        query = self.schema.query_type
        assert query
        names = [name for name in query.fields if name not in ("_service", "_entities")]
        chosen = self.rng.sample(names, min(len(names), self.rng.randrange(1, 4)))
        parts = [self.field(query, name, 5) for name in chosen]
        parts.append("_entities(representations: $keys) { __typename " + self.members("_Entity", 4) + " }")
        return f"query($keys: [_Any!]!) {{ {' '.join(parts)} }}", {"keys": self.representations()}

    def representations(self) -> list[Any]:
        union = self.schema.type_map.get("_Entity")
        names = [member.name for member in self.schema.get_possible_types(union)] if is_abstract_type(union) else []
        chosen = [self.rng.choice([*names, *names, "Nothing"]) for _ in range(self.rng.randrange(12))]
        keys: list[Any] = [{"__typename": name, "id": self.ids.one(self.rng, name)} for name in chosen]
        return [*keys, {"id": "1"}] if self.rng.randrange(8) == 0 else keys

    def members(self, name: str, depth: int) -> str:
        types = self.schema.get_possible_types(self.schema.type_map[name])  # type: ignore[arg-type]
        return " ".join(f"... on {type_.name} {self.selection(type_, depth)}" for type_ in types)

    def selection(self, type_: Any, depth: int) -> str:
        if is_abstract_type(type_):
            return "{ __typename " + self.members(type_.name, depth) + " }"
        names = [name for name in type_.fields if depth or is_leaf_type(get_named_type(type_.fields[name].type))]
        chosen = self.rng.sample(names, min(len(names), self.rng.randrange(2, 7)))
        parts = [
            "__typename",
            *(["id"] if "id" in type_.fields else []),
            *(self.field(type_, name, depth - 1) for name in chosen),
        ]
        return "{ " + " ".join(parts) + " }"

    def field(self, type_: Any, name: str, depth: int) -> str:
        declared = type_.fields[name]
        arguments = [text for item in declared.args.items() if (text := self.argument(*item))]
        given = f"({', '.join(arguments)})" if arguments else ""
        named = get_named_type(declared.type)
        key = f"{type_.name}_{name}: " if is_object_type(type_) else ""
        return f"{key}{name}{given} {'' if is_leaf_type(named) else self.selection(named, max(depth, 0))}"

    def argument(self, name: str, declared: GraphQLArgument) -> str | None:
        if not is_non_null_type(declared.type) and self.rng.randrange(2):
            return None
        return f"{name}: {self.literal(declared.type)}"

    def literal(self, type_: Any) -> str:
        if is_non_null_type(type_):
            return self.literal(type_.of_type)
        if is_list_type(type_):
            return f"[{self.literal(type_.of_type)}]"
        if is_enum_type(type_):
            return self.rng.choice(sorted(type_.values))
        if is_input_object_type(type_):
            chosen = {
                name: one for name, one in type_.fields.items() if is_non_null_type(one.type) or self.rng.randrange(2)
            }
            return "{" + ", ".join(f"{name}: {self.literal(one.type)}" for name, one in chosen.items()) + "}"
        return self.scalar(type_.name)

    def scalar(self, name: str) -> str:
        if name == "DateTime":
            return f'"{self.rng.choice(MOMENTS)}"'
        if name == "Float":
            return str(self.rng.choice((31.2304, 121.4737, 30.0)))
        if name == "Boolean":
            return self.rng.choice(("true", "false"))
        if name == "DateTime":
            return '"2026-11-22T04:00:00+00:00"'
        if name in ("Int", "Long"):
            return str(self.rng.choice(NUMBERS))
        return f'"{self.ids.one(self.rng) if name == "ID" else self.rng.choice(STRINGS)}"'


def queries(schema: GraphQLSchema, seed: object, ids: Ids, count: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """So many queries; those later know the ids that were learnt from the answers to those before."""
    asker = Asker(schema, random.Random(f"{seed}"), ids)
    for _ in range(count):
        yield asker.query()
