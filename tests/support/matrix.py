"""The access matrix: what each hat may read of each field, from the declarations alone.

A cell is what all the ways together that lead to a field let a hat see of it: nothing, its own rows, or all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from graphql import GraphQLNamedType, GraphQLObjectType, get_named_type, is_abstract_type, is_object_type

from schema.access import RULE
from schema.entity import ROWS
from schema.rules import ANYONE, Rule
from subgraphs.mall import SUBGRAPHS

NOTHING, OWN, ALL = "-", "own", "all"
_RANK = (NOTHING, OWN, ALL)

STAFF = ("owner", "manager", "clerk", "finance", "redeemer", "operator", "host")
PORTS = ("authors", "keys", "staff", "trust")
PLATFORM = ("operator", "reviewer", "finance", "risk", "auditor", "security")
HATS: Mapping[str, frozenset[str]] = {
    "guest": frozenset(),
    "member": frozenset({"member"}),
    **{f"shop {role}": frozenset({"shop", f"shop:{role}"}) for role in STAFF},
    **{f"platform {role}": frozenset({"platform", f"platform:{role}"}) for role in PLATFORM},
    "partner": frozenset({"partner"}),
    "supplier": frozenset({"supplier"}),
    **{f"service {port}": frozenset({"service", f"service:{port}"}) for port in PORTS},
}
"""Each hat and the scopes that it is granted."""


@dataclass(frozen=True, slots=True)
class DeclaredField:
    """A field as one subgraph declares it."""

    subgraph: str
    type: str
    name: str
    rule: Any
    kind: Any

    @property
    def spot(self) -> str:
        return f"{self.type}.{self.name}"


def declared() -> Iterator[DeclaredField]:
    """Every field that clients could name."""
    for subgraph in SUBGRAPHS.values():
        for type_ in _objects(subgraph.schema._schema.type_map.values()):
            for name, field in type_.fields.items():
                own = field.extensions.get("strawberry-definition")
                if own is not None and not name.startswith("_"):
                    yield DeclaredField(subgraph.name, type_.name, name, own.metadata.get(RULE), field.type)


def _objects(types: Iterable[GraphQLNamedType]) -> Iterator[GraphQLObjectType]:
    return (type_ for type_ in types if is_object_type(type_) and not type_.name.startswith("_"))


@cache
def rules_of_rows() -> Mapping[str, Rule]:
    """The rule of each type that says who may have its rows."""
    found = {}
    for subgraph in SUBGRAPHS.values():
        for name, known in subgraph.schema.schema_converter.type_map.items():
            rule: Rule | None = getattr(getattr(known.definition, "origin", None), ROWS, None)
            if rule is not None and not rule.is_open:
                found[name] = rule
    return found


def cell_of(rule: Rule, scopes: frozenset[str]) -> str:
    """What the rule by itself lets a hat with these scopes see."""
    ways = [way for way in rule.ways if way.scopes <= scopes and (scopes or not way.signed_in)]
    return max((OWN if way.own else ALL for way in ways), key=_RANK.index, default=NOTHING)


def cells_of(scopes: frozenset[str]) -> dict[str, str]:
    """The cell of every field for a hat: as much as the most open way that leads there lets through."""
    fields: dict[str, list[DeclaredField]] = {}
    for field in declared():
        fields.setdefault(field.type, []).append(field)
    reached = {"Query": ALL, "Mutation": ALL}
    cells: dict[str, str] = {}
    grown = True
    while grown:
        before = dict(reached), dict(cells)
        for type_, rank in list(reached.items()):
            for field in fields.get(type_, ()):
                seen = min(rank, cell_of(field.rule, scopes), _rows_of(field, scopes), key=_RANK.index)
                cells[field.spot] = max(cells.get(field.spot, NOTHING), seen, key=_RANK.index)
                _reach(reached, field, seen, scopes)
        grown = before != (reached, cells)
    return {spot: cells.get(spot, NOTHING) for spot in {field.spot for field in declared()}}


def _rows_of(field: DeclaredField, scopes: frozenset[str]) -> str:
    """What the rule of the rows that the field shows lets through; of several kinds of rows, the most open."""
    rows = rules_of_rows()
    return max((cell_of(rows.get(name, ANYONE), scopes) for name in _possible(field)), key=_RANK.index)


def _reach(reached: dict[str, str], field: DeclaredField, seen: str, scopes: frozenset[str]) -> None:
    for name in _possible(field):
        through = min(seen, cell_of(rules_of_rows().get(name, ANYONE), scopes), key=_RANK.index)
        reached[name] = max(reached.get(name, NOTHING), through, key=_RANK.index)


def _possible(field: DeclaredField) -> list[str]:
    named = get_named_type(field.kind)
    if is_abstract_type(named):
        return [type_.name for type_ in SUBGRAPHS[field.subgraph].schema._schema.get_possible_types(named)]
    return [named.name]


def table() -> str:
    """The matrix as `access.md` has it."""
    columns = {hat: cells_of(scopes) for hat, scopes in HATS.items()}
    spots = sorted({field.spot for field in declared()})
    head = [
        "# Who may read what (generated: `ACCESS=write make test`)",
        "",
        "`-` nothing, `own` the rows of that member or shop, `all` every row that is shown at all.",
        "",
        f"| field | {' | '.join(columns)} |",
        f"|---{'|---' * len(columns)}|",
    ]
    rows = [f"| {spot} | {' | '.join(column[spot] for column in columns.values())} |" for spot in spots]
    return "\n".join([*head, *rows, ""])
