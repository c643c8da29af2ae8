"""Pockets of random graphs: boxes that are reached only through holders, which set a context for them.

A box may be reached from other boxes, in whatever subgraph; what it says depends on the nearest holder above.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

from tests.federation.emulator import Row

NUMBERS = range(3)


@dataclass
class Pocket:
    sdls: dict[str, str]
    rows: list[Row]


def random_pocket(random: Random, subgraphs: list[str]) -> Pocket:
    """Two kinds of holders, each with a setting of its own name, and boxes that two subgraphs know."""
    home, other = random.sample(subgraphs, 2)
    away = random.random() < 0.5
    external = " @external" if away else ""
    selection = "... on Bag { setting } ... on Crate { level }"
    sdls = {
        home: f"""
            extend type Query {{ holders: [Holder] bags: [Bag] }}
            union Holder = Bag | Crate
            type Bag @key(fields: "id") @context(name: "held") {{
              id: ID! setting: Int{external} boxes: [Box] inner: Crate }}
            type Crate @key(fields: "id") @context(name: "held") {{ id: ID! level: Int box: Box around: Holder }}
            type Box @key(fields: "id") {{
              id: ID! size(of: Int @fromContext(field: "$held {selection}"), by: Int): Int next: Box }}
        """,
        other: """
            type Box @key(fields: "id") { id: ID! weight: Int twin: Box }
        """
        + ('type Bag @key(fields: "id") { id: ID! setting: Int }' if away else ""),
    }
    return Pocket(sdls, rows(random))


def rows(random: Random) -> list[Row]:
    boxes: list[Row] = [{"__typename": "Box", "id": f"box-{n}", "size": size, "weight": n} for n in NUMBERS]
    bags: list[Row] = [{"__typename": "Bag", "id": f"bag-{n}", "setting": random.randint(0, 9)} for n in NUMBERS]
    crates: list[Row] = [{"__typename": "Crate", "id": f"crate-{n}", "level": random.randint(10, 19)} for n in NUMBERS]
    for box in boxes:
        box |= {"next": random.choice([*boxes, None]), "twin": random.choice([*boxes, None])}
    for bag in bags:
        bag |= {"boxes": random.sample(boxes, random.randint(0, 3)), "inner": random.choice([*crates, None])}
    for crate in crates:
        crate |= {"box": random.choice(boxes), "around": random.choice([*bags, *crates, None])}
    holders = random.sample([*bags, *crates], 4)
    return [{"__typename": "Query", "holders": holders, "bags": bags}, *boxes, *bags, *crates]


def size(given: Row, arguments: dict[str, Any]) -> int:
    return int(arguments["of"]) + 100 * int(arguments.get("by") or 0)


def setting_of(holder: Row) -> int:
    """What a holder says to what it holds."""
    return int(holder["setting"] if holder["__typename"] == "Bag" else holder["level"])


def root_selection(random: Random, depth: int) -> str:
    return random.choice([f"holders {holder(random, depth)}", f"bags {bag(random, depth)}"])


def holder(random: Random, depth: int) -> str:
    parts = [f"... on Bag {bag(random, depth)}", f"... on Crate {crate(random, depth)}"]
    return "{ __typename " + " ".join(random.sample(parts, random.randint(1, 2))) + " }"


def bag(random: Random, depth: int) -> str:
    inner = f"inner {crate(random, depth - 1)}" if depth and random.random() < 0.3 else "setting"
    return f"{{ id bag_boxes: boxes {box(random, depth)} {inner} }}"


def crate(random: Random, depth: int) -> str:
    around = f"around {holder(random, depth - 1)}" if depth and random.random() < 0.3 else "level"
    return f"{{ id crate_box: box {box(random, depth)} {around} }}"


def box(random: Random, depth: int) -> str:
    below = random.sample(["next", "twin"], random.randint(1, 2)) if depth else []
    own = random.sample(["size", "more: size(by: 2)", "weight", "id"], random.randint(1, 3))
    return "{ " + " ".join(own + [f"{name} {box(random, depth - 1)}" for name in below]) + " }"
