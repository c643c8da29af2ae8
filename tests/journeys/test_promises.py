"""What the SDL says may be kept for everybody is the same for everybody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from graphql import FieldDefinitionNode, IntValueNode, ObjectTypeDefinitionNode, parse

from subgraphs.mall import SUBGRAPHS
from subgraphs.runtime import Subgraph
from tests.support import world
from tests.support.walker.paths import Step, Ways
from tests.support.walker.walking import in_batches, mall, variables_of, viewer_of

pytestmark = pytest.mark.usefixtures("database", "noon")

COUPON_OFFERS = "Query.couponOffers"
"""The only way to offers: it promises nothing, as it brings along what a member has taken. Else they are the same."""
HATS = ("guest", "member", "shop owner", "platform auditor")


def ages(subgraph: Subgraph) -> Iterator[tuple[str, int]]:
    """The fields that the SDL marks, and for how many seconds their answers may be kept."""
    for type_ in parse(subgraph.sdl).definitions:
        if isinstance(type_, ObjectTypeDefinitionNode):
            for field in type_.fields or ():
                yield from ((f"{type_.name.value}.{field.name.value}", age) for age in _ages(field))


def _ages(field: FieldDefinitionNode) -> Iterator[int]:
    for directive in field.directives or ():
        if directive.name.value == "cacheControl":
            [age] = directive.arguments
            assert isinstance(age.value, IntValueNode)
            yield int(age.value.value)


def marked(age: int) -> set[str]:
    return {spot for subgraph in SUBGRAPHS.values() for spot, own in ages(subgraph) if own == age}


def is_same_for_all(step: Step) -> bool:
    """Whether all subgraphs that have the field promise it, or it is the way to rows of which they do."""
    answers = [subgraph.operations.answers.fields.get((step.on, step.field)) for subgraph in SUBGRAPHS.values()]
    return step.spot == COUPON_OFFERS or all(answer.shared == "everybody" for answer in answers if answer)


async def shown(viewers: list[Any]) -> tuple[set[str], list[Any]]:
    """The fields that are found on all ways through what is the same for all, and what each of the viewers is told."""
    asked = mall()
    ways = Ways(asked.engine.supergraph.api_schema, "Query")
    paths = [path for path in ways.everywhere(is_same_for_all) if all(map(is_same_for_all, path))]
    walk, seen, told = in_batches(ways, paths), set(), []
    for viewer in viewers:
        answers = [(one, await asked.ask(one.text, viewer, ids)) for one in walk for ids in variables_of(one)]
        told.append([answer for _, answer in answers])
        seen |= {found.spot for one, answer in answers for found in one.seen(answer["data"])}
    return seen, told


async def test_whoever_asks_gets_the_same_from_every_field_that_may_be_kept() -> None:
    await world.build()
    seen, (first, *others) = await shown([viewer_of(hat, "a") for hat in HATS])
    assert marked(1) - seen == set()
    for other in others:
        assert other == first


async def test_the_planted_bug_of_a_promise_that_is_wrong_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    await world.build()
    fields, price = SUBGRAPHS["members"].operations.answers.fields, ("Product", "memberPrice")
    monkeypatch.setitem(fields, price, replace(fields[price], shared="everybody"))  # type: ignore[arg-type]
    _, (guest, member) = await shown([viewer_of(hat, "a") for hat in ("guest", "member")])
    assert guest != member


def test_what_is_not_the_same_for_all_says_so_where_it_would_be_taken_for_it() -> None:
    """A leaf that says nothing is as old as its object."""
    assert {"CouponOffer.takenByMe", "BranchStock.onHand", "Member.phone"} <= marked(0)
    assert marked(0) & marked(1) == set()
