"""Who may do what, walked: every mutation under every hat. A refusal changes nothing, an answer shows one's own."""

from __future__ import annotations

import re

import pytest

from tests.support import world
from tests.support.matrix import HATS
from tests.support.statements import counted_statements
from tests.support.walker.judging import NOTHING, Sights, leaks, matrix
from tests.support.walker.mutations import INPUTS, mutation
from tests.support.walker.paths import Ways
from tests.support.walker.walking import mall, owned_by, strange, viewer_of

pytestmark = pytest.mark.usefixtures("database", "noon")

HIDDEN = {
    "takeCoupon": ("cof_b_planned", "cof_none"),
    "recordViewing": ("nte_a", "nte_none"),
    "changeAddress": ("adr_b", "adr_none"),
    "removeAddress": ("adr_b", "adr_none"),
    "revealAddress": ("adr_b", "adr_none"),
    "revealMember": ("mbr_b", "mbr_none"),
    "confirmSecondFactor": ("fct_b", "fct_none"),
    "endSession": ("ses_b", "ses_none"),
}
"""Ids in inputs: one that is there but not to be used by side `a`, and one that is not there."""
WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE)


def test_every_mutation_is_called() -> None:
    mutations = mall().engine.supergraph.api_schema.mutation_type
    assert mutations is not None
    assert set(mutations.fields) == set(INPUTS)


@pytest.mark.parametrize("name", INPUTS)
async def test_a_mutation_does_what_the_matrix_says(name: str) -> None:
    await world.build()
    asked, owners, cells = mall(), await world.owners(), matrix()
    one = mutation(Ways(asked.engine.supergraph.api_schema, "Mutation"), name, INPUTS[name])
    for hat in HATS:
        with counted_statements() as statements:
            answer = await asked.ask(one.text, viewer_of(hat, "a"))
        assert strange(answer) == [], hat
        if cells[hat][f"Mutation.{name}"] == NOTHING:
            assert answer["data"] == {name: None}, hat
            assert [text for text in statements.texts if WRITES.match(text)] == [], hat
        else:
            assert answer["data"][name] is not None, hat
        sights = Sights()
        sights.add(one.seen(answer["data"]), owned_by(viewer_of(hat, "a"), owners | await world.owners()))
        assert leaks(cells[hat], sights) == [], hat


@pytest.mark.parametrize("name", HIDDEN)
async def test_an_input_that_names_what_is_not_to_be_used_is_as_one_that_names_nothing(name: str) -> None:
    await world.build()
    asked, told = mall(), []
    ways = Ways(asked.engine.supergraph.api_schema, "Mutation")
    hidden, missing = HIDDEN[name]
    for number, id_ in enumerate((missing, hidden, missing)):  # the first one lets what is remembered be known
        given = {key: re.sub(r'(Id: |^)"\w+"', rf'\1"{id_}"', value) for key, value in INPUTS[name].items()}
        one = mutation(ways, name, {**given, "idempotencyKey": f'"{number}"'} if "idempotencyKey" in given else given)
        with counted_statements() as statements:
            answer = await asked.ask(one.text, viewer_of("member", "a"))
        told.append((answer, statements.texts))
    assert told[1] == told[2]
    assert told[1][0]["data"][name]["errors"]
