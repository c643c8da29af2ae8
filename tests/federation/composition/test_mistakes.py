"""Every planted mistake gets the codes that @apollo/composition gives it (recorded in the tables)."""

from __future__ import annotations

import pytest

from federation.composition import compose
from tests.federation.composition.mistakes import Mistake, fieldsets, guards, inputs, links, merging, satisfiability

TABLES = (links, fieldsets, guards, merging, inputs, satisfiability)
MISTAKES = [mistake for table in TABLES for mistake in table.MISTAKES]
BETWEEN = [mistake for mistake in MISTAKES if len(mistake.schemas) > 1]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_mistake_has_the_codes_of_apollo_composition(mistake: Mistake) -> None:
    composition = compose(mistake.sources)
    assert composition.sdl is None
    assert {error.code for error in composition.errors} == mistake.codes


@pytest.mark.parametrize("mistake", BETWEEN, ids=lambda mistake: mistake.name)
def test_mistake_is_the_same_in_any_order_of_the_subgraphs(mistake: Mistake) -> None:
    forwards, backwards = compose(mistake.sources), compose(mistake.sources[::-1])
    assert [str(error) for error in forwards.errors] == [str(error) for error in backwards.errors]


def test_names_of_mistakes_are_unique() -> None:
    names = [mistake.name for mistake in MISTAKES]
    assert len(names) == len(set(names))
    assert len(names) >= 140


def test_all_mistakes_of_all_subgraphs_come_at_once() -> None:
    sources = [one.sources[0] for one in MISTAKES if one.name in ("key of an unknown field", "external without use")]
    named = [type(source)(f"s{index}", source.url, source.sdl) for index, source in enumerate(sources)]
    assert [(error.code, error.subgraphs, error.coordinate) for error in compose(named).errors] == [
        ("KEY_INVALID_FIELDS", ("s0",), "T"),
        ("EXTERNAL_UNUSED", ("s1",), "T.a"),
    ]
