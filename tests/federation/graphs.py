"""Random small federated graphs and operations on them, for differential tests.

Every graph is valid by construction: types are entities of one or several subgraphs, their fields belong to some of
these, references point to types that the subgraph knows at least by key, and what is required or provided is external.
Some fields take an argument, and may be required with one; some move to another subgraph, for good or with a label.
Each subgraph has an interface and a union of the types that it knows. `pockets` adds types with contexts.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.federation import pockets
from tests.federation.emulator import Row

ROWS_PER_TYPE = 3


@dataclass
class FieldOf:
    """A field: the subgraphs that resolve it; those where it is external; what it requires; where it leads; whether it
    takes an argument; the subgraph that it moves to, and the label with which; whether it is never null.
    """

    name: str
    owners: list[str]
    external: set[str] = field(default_factory=set)
    requires: str | None = None
    target: str | None = None
    is_list: bool = False
    provides: str | None = None
    takes_argument: bool = False
    moves_to: str | None = None
    label: str | None = None
    never_null: bool = False


@dataclass
class TypeOf:
    name: str
    keys: dict[str, list[str]]
    fields: dict[str, FieldOf] = field(default_factory=dict)


@dataclass
class FederatedGraph:
    """Subgraph SDLs and the rows behind them. Types of the subgraph `home` implement Known, if there is such a one; a
    subgraph of its own knows that only as an interface object. `labels` may be active or not.
    """

    sdls: dict[str, str]
    rows: list[Row]
    types: dict[str, TypeOf]
    home: str | None
    labels: frozenset[str]
    has_pocket: bool

    @property
    def known(self) -> list[str]:
        return [kind.name for kind in self.types.values() if self.home in kind.keys]


def random_graph(random: Random) -> FederatedGraph:
    subgraphs = [f"s{n}" for n in range(random.randint(2, 4))]
    types = {f"T{n}": random_type(random, f"T{n}", subgraphs) for n in range(random.randint(1, 4))}
    for kind in types.values():
        add_scalars(random, kind)
        add_references(random, kind, types)
        add_requirement(random, kind)
    home = random.choice([None, *subgraphs])
    if home and not any(home in kind.keys for kind in types.values()):
        home = None
    for kind in types.values():
        if home in kind.keys and "id" not in kind.keys[home]:
            kind.keys[home].append("id")
    for kind in types.values():
        move_field(random, kind)
    promise_values(random, types)
    labels = frozenset(item.label for kind in types.values() for item in kind.fields.values() if item.label)
    sdls = {name: sdl_of(name, types, home) for name in subgraphs} | ({"known": INTERFACE_OBJECT} if home else {})
    rows = rows_of(random, types, subgraphs, home)
    has_pocket = random.random() < 0.3
    if has_pocket:
        pocket = pockets.random_pocket(random, subgraphs)
        sdls |= {name: f"{sdls[name]}\n{sdl}" for name, sdl in pocket.sdls.items()}
        rows += pocket.rows
    return FederatedGraph(sdls, rows, types, home, labels, has_pocket)


def random_type(random: Random, name: str, subgraphs: list[str]) -> TypeOf:
    """Known in some subgraphs, by `id`, by `code`, or in the first of them by both."""
    homes = random.sample(subgraphs, random.randint(1, len(subgraphs)))
    keys = {home: random.choice([["id"], ["id"], ["code"], ["id", "code"]]) for home in homes}
    keys[homes[0]] = ["id", "code"]
    return TypeOf(name, keys)


def add_scalars(random: Random, kind: TypeOf) -> None:
    for number in range(random.randint(1, 4)):
        owners = random.sample(list(kind.keys), random.choice([1, 1, min(2, len(kind.keys))]))
        kind.fields[f"f{number}"] = FieldOf(f"f{number}", owners, takes_argument=random.random() < 0.3)
    kind.fields["v"] = FieldOf("v", random.sample(list(kind.keys), random.randint(1, len(kind.keys))))


def add_references(random: Random, kind: TypeOf, types: Mapping[str, TypeOf]) -> None:
    for number in range(random.randint(0, 3)):
        home = random.choice(list(kind.keys))
        target = random.choice(["Any", "Either", *types])
        if target in types:
            types[target].keys.setdefault(home, random.choice([["id"], ["code"], ["id", "code"]]))
        name = f"r{number}"
        kind.fields[name] = FieldOf(name, [home], target=target, is_list=random.random() < 0.5)
        if target in types and random.random() < 0.4:
            kind.fields[name].provides = provide(random, types[target], home)


def provide(random: Random, target: TypeOf, home: str) -> str | None:
    """A scalar of other subgraphs that this reference brings along; then it is external here."""
    choices = [f for f in target.fields.values() if is_plain(f) and not f.takes_argument and home not in f.owners]
    if not choices:
        return None
    chosen = random.choice(choices)
    chosen.external.add(home)
    return chosen.name


def is_plain(item: FieldOf) -> bool:
    return not item.target and not item.requires


def add_requirement(random: Random, kind: TypeOf) -> None:
    for number, home in itertools.product(range(2), list(kind.keys)):
        choices = [f for f in kind.fields.values() if not f.target and home not in f.owners and f.name != "v"]
        if choices and random.random() < 0.3:
            needed = random.choice(choices)
            needed.external.add(home)
            name = f"q{number}_{home}"
            argument = f"(by: {random.randint(1, 3)})" if needed.takes_argument and random.random() < 0.7 else ""
            kind.fields[name] = FieldOf(name, [home], requires=needed.name + argument)


def move_field(random: Random, kind: TypeOf) -> None:
    """One subgraph takes a field over from another."""
    choices = [f for f in kind.fields.values() if is_plain(f) and len(f.owners) == 1 and f.name != "v"]
    for item in choices:
        takers = [home for home in kind.keys if home not in (*item.owners, *item.external)]
        if takers and random.random() < 0.25:
            item.moves_to = random.choice(takers)
            item.label = random.choice([None, "beta", "gamma", "percent(50)"])


def promise_values(random: Random, types: Mapping[str, TypeOf]) -> None:
    """Some fields are never null, in all types that have them: fields of one name may stand side by side."""
    promised: dict[str, bool] = {"v": False}
    for item in (item for kind in types.values() for item in kind.fields.values()):
        promise = promised.setdefault(item.name, random.random() < 0.3)
        item.never_null = random.random() < 0.3 and item.is_list if item.target else promise


INTERFACE_OBJECT = """
type Query { known_known: [Known] }
type Known @key(fields: "id") @interfaceObject { id: ID extra: Int  friend: Known }
"""


def sdl_of(home: str, types: Mapping[str, TypeOf], known_home: str | None) -> str:
    known = [kind for kind in types.values() if home in kind.keys]
    shares_v = bool(known) and all(home in kind.fields["v"].owners for kind in known)
    by_id = all("id" in kind.keys[home] for kind in known)
    interface = "interface Any { " + ("id: ID " if by_id else "") + ("v: Int " if shares_v else "") + "_any: Int }"
    roots = [f"{kind.name.lower()}_{home}: [{kind.name}]" for kind in known] + [f"any_{home}: [Any]"]
    roots += [f"either_{home}: [Either]"] if known else []
    roots += [f"known_{home}: [Known]"] if home == known_home else []
    parts = [f"type Query {{ {' '.join(roots)} }}", interface]
    parts += [f"union Either = {' | '.join(kind.name for kind in known)}"] if known else []
    parts += ['interface Known @key(fields: "id") { id: ID }'] if home == known_home else []
    interfaces = "Any & Known" if home == known_home else "Any"
    return "\n".join([*parts, *(type_sdl(home, kind, interfaces) for kind in known)])


def type_sdl(home: str, kind: TypeOf, interfaces: str) -> str:
    keys = " ".join(f'@key(fields: "{key}")' for key in kind.keys[home])
    fields = [f"{key}: ID" for key in kind.keys[home]] + ["_any: Int @shareable"]
    fields += [
        field_sdl(home, item) for item in kind.fields.values() if home in (*item.owners, *item.external, item.moves_to)
    ]
    return f"type {kind.name} implements {interfaces} {keys} {{ {' '.join(fields)} }}"


def field_sdl(home: str, item: FieldOf) -> str:
    named = item.target or "Int"
    name = item.name + ("(by: Int)" if item.takes_argument else "")
    sign = "!" if item.never_null else ""
    text = f"{name}: {f'[{named}{sign}]{sign}' if item.is_list else f'{named}{sign}'}"
    if home in item.external:
        return text + " @external"
    text += f' @requires(fields: "{item.requires}")' if item.requires else ""
    text += f' @provides(fields: "{item.provides}")' if item.provides else ""
    if home == item.moves_to:
        label = f', label: "{item.label}"' if item.label else ""
        text += f' @override(from: "{item.owners[0]}"{label})'
    return text + (" @shareable" if is_plain(item) else "")


def rows_of(random: Random, types: Mapping[str, TypeOf], subgraphs: list[str], known_home: str | None) -> list[Row]:
    rows = {name: [new_row(name, n) for n in range(ROWS_PER_TYPE)] for name in types}
    for kind in types.values():
        for row in rows[kind.name]:
            for item in kind.fields.values():
                row[item.name] = value_of(random, kind, item, row, rows, types)
    query: Row = {"__typename": "Query"}
    for home in subgraphs:
        query |= {f"{name.lower()}_{home}": rows[name] for name in types}
        query[f"any_{home}"] = [row for name in types if home in types[name].keys for row in rows[name]]
        query[f"either_{home}"] = query[f"any_{home}"][::-1]
    known = [row for name in types if known_home in types[name].keys for row in rows[name]]
    for row in known:
        row |= {"extra": random.randint(0, 99), "friend": random.choice([*known, None])}
    query |= {"known_known": known[::2], f"known_{known_home}": known}
    return [query, *(row for some in rows.values() for row in some)]


def new_row(name: str, number: int) -> Row:
    return {"__typename": name, "id": f"{name}-{number}", "code": f"c-{name}-{number}", "_any": number}


def value_of(
    random: Random, kind: TypeOf, item: FieldOf, row: Row, rows: Mapping[str, list[Row]], types: Mapping[str, TypeOf]
) -> Any:
    if item.requires:
        return computed(item.requires)
    if item.target is None:
        number = random.randint(0, 9) + 10 * int(row["id"][-1])
        return shifted(number) if item.takes_argument else number
    names = [item.target] if item.target in types else [n for n, t in types.items() if item.owners[0] in t.keys]
    pool = [candidate for name in names for candidate in rows[name]]
    if item.is_list:
        return random.sample(pool, random.randint(0, min(3, len(pool))))
    return random.choice([*pool, None])


def computed(needed: str) -> Any:
    """A value made of another, whether a representation brings that or it is computed in turn."""

    name, _, argument = needed.rstrip(")").partition("(by: ")

    def value(given: Row, arguments: dict[str, Any]) -> int:
        other = given[name]
        return int(other(given, {"by": int(argument or 0)}) if callable(other) else other) * 10 + 1

    return value


def shifted(number: int) -> Any:
    """A value that an argument changes."""

    def value(given: Row, arguments: dict[str, Any]) -> int:
        return number + 1_000 * int(arguments.get("by") or 0)

    return value
