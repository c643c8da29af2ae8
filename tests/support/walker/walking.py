"""The walker at work: who walks, with which arguments, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import partial
from itertools import islice
from typing import Any, Protocol

from graphql import GraphQLArgument, GraphQLEnumType, get_named_type, is_required_argument

from kit.settings import Settings
from kit.viewer import GUEST, Viewer
from resolvers.context import Tools
from subgraphs.mall import SUBGRAPHS
from subgraphs.ports import tools_in_process
from tests.support import world
from tests.support.mall import Costs, Mall, embedded_mall
from tests.support.matrix import HATS
from tests.support.moments import NOON
from tests.support.walker.judging import NOTHING, Sights, matrix, tellings
from tests.support.walker.operations import Operation, Seen, id_in, operation
from tests.support.walker.paths import Path, Step, Ways
from tests.support.world import SIDES, Owner

WAYS_IN_ONE = 40
POINT = "{latitude: 31.2304, longitude: 121.4737}"
ID_OF = {
    **{"shop": "shp", "product": "prd", "category": "cat", "order": "ord", "liveRoom": "liv", "note": "nte"},
    "oversightCase": "cas",
}
"""Root fields that find a row by its id, and the prefix of the ids."""
SILENT = {
    "Query.me": "there is none but for persons",
    "Product.memberPrice": "there is none but for members",
}
PERSONS = ("member", "shop", "platform")
REFUSALS = {"FORBIDDEN", "UNAUTHORIZED_FIELD_OR_TYPE", "NOT_FOUND"}


class Asked(Protocol):
    """A mall that answers: in this process, or wherever it is."""

    async def ask(self, query: str, viewer: Viewer, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The response to one operation."""
        ...

    def costs(self) -> AbstractContextManager[Costs]:
        """What the requests of a block cost it."""
        ...


def viewer_of(hat: str, side: str) -> Viewer:
    """The side's own person, or system, under a hat."""
    kind, _, role = hat.partition(" ")
    makers: Mapping[str, Callable[[], Viewer]] = {
        "guest": lambda: GUEST,
        "member": lambda: Viewer.member(f"mbr_{side}"),
        "shop": lambda: Viewer.shop_staff(world.staff_of(side, role), f"shp_{side}", role.upper()),
        "platform": lambda: Viewer.platform_staff(f"mbr_platform_{role}", role.upper()),
        "partner": lambda: Viewer.partner(f"prt_{side}"),
        "supplier": lambda: Viewer.supplier(f"sup_{side}"),
        "service": lambda: Viewer.service(role),
    }
    return makers[kind]()


def tools() -> Tools:
    """What the mall's process has in hand."""
    settings = Settings.read({"JISHI_ENV": "development"})
    return tools_in_process(settings, SUBGRAPHS)


def argument(step: Step, name: str, declared: GraphQLArgument) -> str | None:
    """Pages of five, ids by variables, one point on the map, one month, one moment, the first value of an enum."""
    texts = {"month": world.MONTH, "memberId": "mbr_a", "keeper": "platform", "since": NOON.isoformat()}
    values = {"first": "5", "id": f"${step.field}", "at": POINT, **{name: f'"{text}"' for name, text in texts.items()}}
    values["personIds"] = '["mbr_a", "mbr_b"]'
    kind = get_named_type(declared.type)
    if isinstance(kind, GraphQLEnumType) and is_required_argument(declared):
        return next(iter(kind.values))
    return values.get(name)


def passable(cells: Mapping[str, str], hat: str, step: Step) -> bool:
    """Whether something may be found behind the step."""
    return cells.get(step.spot, NOTHING) != NOTHING and (step.spot not in SILENT or hat.startswith(PERSONS))


def operations(ways: Ways, hats: Iterable[str] = HATS, *, through: str = "") -> list[Operation]:
    """Everywhere that one of the hats can come: the same for all of them, so that each is planned and compiled once.

    With `through` only what is found behind that root field.
    """
    cells = matrix()
    found: dict[Path, None] = {}
    for hat in hats:
        found |= dict.fromkeys(ways.everywhere(partial(passable, cells[hat], hat)))
    return in_batches(ways, (path for path in found if not through or path[0].field == through))


def in_batches(ways: Ways, all_: Iterable[Path]) -> list[Operation]:
    """Operations that go all these ways, some in each."""
    left, made = iter(all_), []
    while paths := list(islice(left, WAYS_IN_ONE)):
        made.append(operation(ways, paths, argument, definitions(paths)))
    return made


def definitions(paths: Sequence[Path]) -> str:
    """The variables that these ways need."""
    needed = ", ".join(f"${name}: ID!" for name in sorted({path[0].field for path in paths} & set(ID_OF)))
    return f"({needed})" if needed else ""


def ids_of(side: str) -> dict[str, str]:
    """The side's row for each root field that finds one by its id."""
    return {name: "cat_tea" if prefix == "cat" else f"{prefix}_{side}" for name, prefix in ID_OF.items()}


def variables_of(one: Operation) -> list[dict[str, str]]:
    """The ids of each side's rows, for the variables that the operation has; products of every kind."""
    found = []
    for side in SIDES:
        ids = ids_of(side)
        products = [ids["product"], *(f"prd_{side}_{kind}" for kind in world.KINDS)]
        for product in products if "$product:" in one.text else products[:1]:
            given = {**ids, "product": product}
            found.append({name: id_ for name, id_ in given.items() if f"${name}:" in one.text})
    return found if found[0] else found[:1]


def owned_by(viewer: Viewer, owners: Mapping[str, Owner]) -> Callable[[Seen], bool]:
    """Whether a field stands on the viewer's own row: the nearest row whose owner is known decides."""

    def mine(id_: str | None) -> bool | None:
        owner = owners.get(id_ or "")
        if owner is None:
            return None
        if viewer.shop_id and owner.shop_id:
            return owner.shop_id == viewer.shop_id
        return owner.member_id == viewer.person_id if owner.member_id else None

    def owned(seen: Seen) -> bool:
        known = [found for found in map(mine, (id_in(seen.value), *reversed(seen.rows))) if found is not None]
        return known[0] if known else False

    return owned


async def walked(asked: Asked, walk: Sequence[Operation], hat: str, owners: Mapping[str, Owner]) -> Sights:
    """What the hat of side `a` sees of the rows of both sides; an error that says more than no fails."""
    viewer, sights = viewer_of(hat, "a"), Sights()
    for one in walk:
        for ids in variables_of(one):
            answer = await asked.ask(one.text, viewer, ids)
            assert strange(answer) == []
            assert [*tellings(answer["data"], owners)] == []
            sights.add(one.seen(answer["data"]), owned_by(viewer, owners))
    return sights


def strange(answer: Mapping[str, Any]) -> list[Any]:
    """Errors of an answer that say more than no."""
    return [error for error in answer.get("errors", ()) if error["extensions"]["code"] not in REFUSALS]


def behind(ways: Ways, root: str) -> Operation:
    """All that can be asked of what the root field finds."""
    paths = [path for path in ways.everywhere(lambda step: True) if path[0].field == root]
    return operation(ways, paths, argument, definitions(paths))


async def told(asked: Asked, one: Operation, root: str, id_: str, viewer: Viewer) -> object:
    """The whole answer, and what an id costs."""
    with asked.costs() as costs:
        answer = await asked.ask(one.text, viewer, {root: id_})
    assert strange(answer) == []
    assert answer["data"] == {root: None}
    return answer, costs


def published_cells(ways: Ways, hat: str) -> dict[str, str]:
    """The hat's cells of those fields to which clients of the gateway have a way: processes of the mall have some that
    others cannot name."""
    types = set(ways.to_types(lambda step: True))
    named = {spot for type_ in types for spot in (step.spot for step in ways.steps(type_))}
    return {spot: cell for spot, cell in matrix()[hat].items() if spot in named}


def mall() -> Mall:
    """The mall that is walked through."""
    return embedded_mall(tools=tools())
