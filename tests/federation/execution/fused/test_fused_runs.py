"""What is asked in a fused run, how often, and what becomes of a run that meets what it does not expect."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from federation.execution.fused import NotFusable, known
from federation.execution.transport import RequestContext
from tests.federation.execution.fused.village import Row, Village, goods_of

QUERY = "{ shops { title: name goods { id price } keeper { name } } }"
NAMES = "{ shops { name keeper { id name } } }"


def asked(village: Village) -> list[str]:
    return [name for name, _ in village.calls]


async def same_as_ordinary(village: Village, query: str) -> Any:
    """The answer, once the ordinary executor agrees on it in a run of its own."""
    result = await village.ask(query)
    mine = list(village.calls)
    ordinary = await village.ask(query, fused=False)
    village.calls[:] = mine
    assert (repr(result.data), result.errors) == (repr(ordinary.data), ordinary.errors)
    return result


async def test_each_field_is_asked_for_once_and_each_entity_once() -> None:
    village = Village()
    result = await same_as_ordinary(village, QUERY)
    assert result.errors == []
    assert village.calls == [
        ("shops", [None]),
        ("goods", ["a", "b", "c"]),
        ("_entities", ["a-1", "a-2", "b-1", "b-2", "c-1", "c-2"]),
        ("_entities", ["p"]),  # the keeper of two shops
        ("price", ["a-1", "a-2", "b-1", "b-2", "c-1", "c-2"]),
    ]
    assert village.fused.counts == {"fuse": 1, "run": 1}


async def test_what_nobody_needs_is_not_asked_for() -> None:
    village = Village(cells={"shops": lambda _: [], "goods": goods_of})
    result = await same_as_ordinary(village, QUERY)
    assert result.data == {"shops": []}
    assert asked(village) == ["shops"]


async def test_every_subgraph_gets_the_value_of_the_request() -> None:
    village = Village()
    await village.ask(QUERY, RequestContext(value="mine"))
    assert {name: house.contexts for name, house in village.houses.items()} == {"shops": ["mine"], "prices": ["mine"]}


async def test_a_failed_cell_is_answered_by_the_ordinary_executor_and_nothing_is_asked_twice() -> None:
    village = Village(cells={"price": lambda row: ValueError("no price") if row.id == "b-1" else row.price})
    result = await same_as_ordinary(village, QUERY)
    assert [shop and shop["title"] for shop in result.data["shops"]] == ["A", None, "C"]  # a price is never null
    assert [(error["message"], error["path"]) for error in result.errors] == [
        ("no price", ["shops", 1, "goods", 0, "price"])
    ]
    assert asked(village) == ["shops", "goods", "_entities", "_entities", "price"]
    assert village.fused.counts == {"fuse": 1, "completion": 1}


async def test_an_entity_that_is_not_found_is_null_or_takes_what_must_not_be_null() -> None:
    def lost(representation: Any) -> Row | None:
        return None if representation["id"] == "p" else Row("Good", representation["id"], label="found")

    labels = Village(cells={"found": lambda one: None if one["id"] == "b-2" else lost(one)})
    result = await same_as_ordinary(labels, "{ shops { goods { label } } }")
    assert [good["label"] for shop in result.data["shops"] for good in shop["goods"]] == [
        *("found", "found", "found", None, "found", "found")
    ]
    assert labels.fused.counts == {"fuse": 1, "run": 1}
    names = Village(cells={"found": lost})
    result = await same_as_ordinary(names, NAMES)
    assert [shop["keeper"] for shop in result.data["shops"]] == [None, None, None]
    assert {error["extensions"]["code"] for error in result.errors} == {"NULL_NOT_ALLOWED"}
    assert names.fused.counts == {"fuse": 1, "completion": 1}


async def test_what_the_first_fetch_got_wrong_is_not_carried_on() -> None:
    """Goods of a shop that is lost are not asked for: the second fetch is the ordinary executor's."""
    village = Village(
        cells={"goods": lambda shop: ValueError("no goods") if shop.id == "a" else goods_of(shop)},
    )
    result = await same_as_ordinary(village, "{ shops { goods { id label } } }")
    assert result.data["shops"][0] is None
    assert village.calls == [
        *[("shops", [None]), ("goods", ["a", "b", "c"])],
        *[("asked prices", []), ("_entities", ["b-1", "b-2", "c-1", "c-2"])],
    ]
    assert village.fused.counts == {"fuse": 1, "resolution": 1}


@pytest.mark.parametrize("planted", [False, True])
async def test_errors_of_entities_stand_where_the_ordinary_executor_would_have_them(
    planted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A shop without its name is null, which is seen only in the end: its goods have been asked for by then."""

    def labelled(one: Any) -> Row:
        return Row("Good", one["id"], label=ValueError("torn") if one["id"] in ("a-2", "c-1") else "fine")

    if planted:
        monkeypatch.setattr(known, "_moved", lambda errors, places: list(errors))
    nameless = [Row("Shop", "b", "B"), Row("Shop", "a", None), Row("Shop", "c", "C")]
    village = Village(cells={"shops": lambda _: nameless, "found": labelled})
    result = await village.ask("{ shops { name goods { label } } }")
    paths = [error["path"] for error in result.errors]
    assert (paths == [["shops", 1, "name"], ["shops", 2, "goods", 0, "label"]]) is not planted
    assert village.fused.counts == {"fuse": 1, "completion": 1}
    assert asked(village) == ["shops", "goods", "_entities"]


async def test_an_entity_of_another_type_than_it_was_asked_for_is_no_answer() -> None:
    village = Village(cells={"found": lambda one: Row("Person", one["id"], name="no good")})
    result = await same_as_ordinary(village, "{ shops { goods { label } } }")
    assert {good["label"] for shop in result.data["shops"] for good in shop["goods"]} == {None}
    assert village.fused.counts == {"fuse": 1, "completion": 1}


async def test_at_the_deadline_the_answer_has_what_is_there() -> None:
    village = Village(waits={"_entities": asyncio.Event().wait})
    result = await village.ask("{ shops { name goods { label } } }", RequestContext(deadline=time.monotonic() + 0.05))
    assert [shop["name"] for shop in result.data["shops"]] == ["A", "B", "C"]
    assert {good["label"] for shop in result.data["shops"] for good in shop["goods"]} == {None}
    assert [(error["extensions"], error["message"]) for error in result.errors] == [
        (
            {"code": "SUBGRAPH_TIMEOUT", "service": "prices"},
            "Subgraph prices did not answer before the request's deadline",
        )
    ]
    assert village.fused.counts == {"fuse": 1, "deadline": 1}


async def test_who_gives_up_waiting_cancels_what_runs() -> None:
    cancelled, started = [], asyncio.Event()

    async def long() -> None:
        started.set()
        try:
            await asyncio.sleep(60)
        finally:
            cancelled.append(True)

    village = Village(waits={"_entities": long})
    asking = asyncio.ensure_future(village.ask(NAMES))
    await started.wait()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert cancelled == [True]


@pytest.mark.parametrize(
    ("query", "reason"),
    [('mutation { open(name: "x") { name } }', "mutation"), ("{ __typename }", "no-fetches")],
)
def test_some_plans_are_left_to_the_ordinary_executor(query: str, reason: str) -> None:
    with pytest.raises(NotFusable) as refused:
        Village().fuse(query)
    assert refused.value.reason == reason
    village = Village()
    assert village.fused.of(village.plan(query)) is None
    assert village.fused.counts == {"fuse": 1, reason: 1}


async def test_a_subgraph_in_another_process_is_asked_as_before() -> None:
    village = Village()
    village.fused.ways = {"shops": village.houses["shops"], "prices": None}
    result = await village.ask(NAMES)
    assert result.errors == []
    assert asked(village) == ["asked shops", "shops", "asked prices", "_entities"]
    assert village.fused.counts == {"fuse": 1, "other-process": 1}
