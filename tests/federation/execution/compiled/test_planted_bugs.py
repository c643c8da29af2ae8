"""The comparison with graphql-core finds a bug wherever one is planted: ten places, each caught."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from federation.execution.compiled import (
    collecting,
    completing,
    exact,
    fetching,
    inputs,
    kinds,
    leaves,
    operation,
    tree,
    units,
)
from tests.federation.execution.compiled.differential import compare_world
from tests.federation.execution.compiled.worlds import Chances

WORLDS = 100

Plant = Callable[[pytest.MonkeyPatch], None]


def _keys_in_another_order(patch: pytest.MonkeyPatch) -> None:
    written = completing._write_made

    def write(source: Any, unit: units.Unit) -> None:
        written(source, replace(unit, entries=tuple(sorted(unit.entries, key=lambda entry: entry.key))))

    patch.setattr(completing, "_write_made", write)


def _integers_of_any_size(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(leaves._UNUSUAL, "Int", (leaves.GraphQLInt, "{0}.__class__ is not int"))


def _floats_that_are_not_finite(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(leaves._UNUSUAL, "Float", (leaves.GraphQLFloat, "{0}.__class__ is not float"))


def _null_where_it_is_forbidden(patch: pytest.MonkeyPatch) -> None:
    found = leaves.coercion

    def coercion(type_: Any) -> Any:
        coerce = found(type_)
        return lambda value: None if value is None else coerce(value)

    patch.setattr(completing, "coercion", coercion)


def _refused_rows_reach_the_batch(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(fetching, "_joined", lambda cells, verdicts: list(cells))
    patch.setattr(fetching, "_allowed", lambda rows, verdicts: list(rows))


def _skip_taken_for_include(patch: pytest.MonkeyPatch) -> None:
    found = collecting._directive
    patch.setattr(collecting, "_directive", lambda at, name: found(at, {"skip": "include"}.get(name, "skip")))


def _errors_at_the_first_occurrence_only(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(tree.Field, "nodes", property(lambda field: [field.occurrences[0].node]))


def _objects_of_several_types_out_of_order(patch: pytest.MonkeyPatch) -> None:
    def merged(found: list[Any], done: dict[int, list[Any]]) -> list[Any]:
        return [one for objects in done.values() for one in objects]

    patch.setitem(operation.NAMES, "merged", merged)


def _errors_of_items_at_the_place_of_their_list(patch: pytest.MonkeyPatch) -> None:
    fail = exact.Exact.failed

    def failed(self: exact.Exact, error: Exception, one: Any, type_: Any, path: Any) -> None:
        fail(self, error, one, type_, path.prev if isinstance(path.key, int) else path)

    patch.setattr(exact.Exact, "failed", failed)


def _mutations_go_on_after_null_at_the_root(patch: pytest.MonkeyPatch) -> None:
    completed = operation.Compiled._completed

    async def complete(self: Any, stage: Any, node: Any, run: Any) -> Any:
        return await completed(self, stage, node, run) or {}

    patch.setattr(operation.Compiled, "_completed", complete)


def _types_of_objects_unchecked(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(kinds, "_now", lambda answer: answer if isinstance(answer, str) else True)


def _arguments_of_the_first_run_for_all(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(inputs, "key_of", lambda variables: b"")


def _keys_of_the_code_where_conditions_change_them(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(tree.Node, "varies", property(lambda node: False))


ANYTHING = Chances(failed=2, null_where_forbidden=1, unusual=2, denied=3)
PLANTS: tuple[tuple[Plant, Chances], ...] = (
    (_keys_in_another_order, ANYTHING),
    (_integers_of_any_size, Chances(unusual=8, null=3)),
    (_floats_that_are_not_finite, Chances(unusual=1, null=3)),
    (_null_where_it_is_forbidden, Chances(null_where_forbidden=3)),
    (_refused_rows_reach_the_batch, Chances(denied=10)),
    (_skip_taken_for_include, ANYTHING),
    (_errors_at_the_first_occurrence_only, Chances(failed=10)),
    (_objects_of_several_types_out_of_order, ANYTHING),
    (_errors_of_items_at_the_place_of_their_list, Chances(failed=10)),
    (_mutations_go_on_after_null_at_the_root, Chances(null_where_forbidden=10)),
    (_types_of_objects_unchecked, Chances(unusual=5)),
    (_arguments_of_the_first_run_for_all, ANYTHING),
    (_keys_of_the_code_where_conditions_change_them, ANYTHING),
)


@pytest.mark.parametrize(("plant", "chances"), PLANTS, ids=[plant.__name__.strip("_") for plant, _ in PLANTS])
def test_a_planted_bug_is_caught(plant: Plant, chances: Chances, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch)
    assert any(asyncio.run(compare_world(seed, 10, Counter(), chances)) for seed in range(WORLDS)), "nothing noticed"
