"""Representations of many types: one call for each type, rows in the order of the representations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from federation.execution.compiled import found_entities
from federation.execution.compiled.entities import Reference
from federation.execution.pace import PART

Calls = list[tuple[str, list[Any]]]


def references(calls: Calls) -> dict[str, Reference]:
    def reference(name: str) -> Reference:
        async def find(asked: Sequence[Any], context: Any) -> list[Any]:
            calls.append((name, [one["id"] for one in asked]))
            if name == "Broken":
                raise LookupError("broken")
            return [f"{name} {one['id']} for {context}" for one in asked][: 1 if name == "Short" else None]

        return find

    return {name: reference(name) for name in ("Shop", "Person", "Broken", "Short")}


async def find(*keys: Any) -> tuple[list[Any], Calls]:
    calls: Calls = []
    return await found_entities(list(keys), references(calls).__getitem__, "me"), calls


def key(name: str, number: int) -> dict[str, Any]:
    return {"__typename": name, "id": number}


async def test_each_type_is_asked_once_and_the_order_is_kept() -> None:
    found, calls = await find(key("Shop", 1), key("Person", 2), key("Shop", 3))
    assert found == ["Shop 1 for me", "Person 2 for me", "Shop 3 for me"]
    assert calls == [("Shop", [1, 3]), ("Person", [2])]


async def test_a_thousand_representations_are_found_in_a_few_parts() -> None:
    found, calls = await find(*(key("Shop", number) for number in range(1_000)))
    assert found == [f"Shop {number} for me" for number in range(1_000)]
    assert calls == [("Shop", list(range(start, start + PART))) for start in range(0, 1_000, PART)]


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (key("Broken", 2), LookupError),
        (key("Unknown", 2), KeyError),
        ({"id": 2}, KeyError),
        ({"__typename": 5, "id": 2}, KeyError),
        ("text", KeyError),
        (None, KeyError),
    ],
)
async def test_a_type_that_fails_fails_alone(wrong: Any, error: type[Exception]) -> None:
    found, _ = await find(key("Shop", 1), wrong, key("Shop", 3))
    assert found[::2] == ["Shop 1 for me", "Shop 3 for me"]
    assert isinstance(found[1], error)


async def test_a_call_that_answers_too_few_fails_for_all_of_its_type() -> None:
    found, _ = await find(key("Short", 1), key("Short", 2))
    assert [str(cell) for cell in found] == ["1 values for 2 rows"] * 2


async def test_no_representations_are_no_call() -> None:
    assert await find() == ([], [])
