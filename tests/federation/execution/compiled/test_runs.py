"""Level by level: who is called, with which rows, and what a failure costs."""

from __future__ import annotations

import asyncio

import pytest

from federation.execution import pace
from federation.execution.compiled import Answer, Answers, NotCompilable, Plain, compile_operation
from federation.execution.compiled.completing import SLICE
from tests.federation.execution.compiled.shop import Shop, Watched


async def test_each_field_of_a_level_is_called_once_for_all_rows() -> None:
    watched = Watched()
    data, errors = await watched.ask("{ shops { name goods { name stock } owner { name } } }")
    assert errors == []
    assert data == {
        "shops": [
            {
                "name": name,
                "goods": [{"name": f"{name}1", "stock": 10}, {"name": f"{name}2", "stock": 20}],
                "owner": {"name": f"owner of {name}"},
            }
            for name in ("a", "b")
        ]
    }
    assert watched.calls == [("shops", 1), ("goods", 2), ("owner", 2), ("stock", 4)]


async def test_nobody_is_called_for_no_rows() -> None:
    watched = Watched(shops=[])
    assert await watched.ask("{ shops { goods { stock } owner { name } } }") == ({"shops": []}, [])
    assert watched.calls == [("shops", 1)]


async def test_refused_rows_do_not_reach_the_batch_function() -> None:
    watched = Watched(open_to=lambda row: PermissionError(f"not {row.name}") if row.name == "a" else None)
    data, errors = await watched.ask("{ shops { name secret } }")
    assert data == {"shops": [{"name": "a", "secret": None}, {"name": "b", "secret": "s"}]}
    assert errors == ["not a at ['shops', 0, 'secret']"]
    assert watched.calls == [("shops", 1), ("guard", 2), ("secret", 1)]


async def test_the_batch_function_is_not_called_where_all_rows_are_refused() -> None:
    watched = Watched(open_to=lambda row: PermissionError("no"))
    _, errors = await watched.ask("{ shops { secret } }")
    assert len(errors) == 2
    assert ("secret", 2) not in watched.calls


async def test_a_guard_that_fails_lets_nobody_pass() -> None:
    def fail(row: object) -> None:
        raise LookupError("guard fell asleep")

    watched = Watched(open_to=fail)
    data, errors = await watched.ask("{ shops { secret } }")
    assert data == {"shops": [{"secret": None}, {"secret": None}]}
    assert errors == [f"guard fell asleep at ['shops', {index}, 'secret']" for index in (0, 1)]
    assert watched.calls == [("shops", 1), ("guard", 2)]


async def test_a_guard_lets_nobody_pass_by_another_word_than_none() -> None:
    watched = Watched(open_to=lambda row: True)  # type: ignore[arg-type, return-value]
    data, errors = await watched.ask("{ shops(first: 1) { secret } }")
    assert data == {"shops": [{"secret": None}]}
    assert errors == ["Unexpected verdict of a guard: True at ['shops', 0, 'secret']"]


async def test_mutations_run_one_after_the_other_each_with_its_fields() -> None:
    watched = Watched()
    data, errors = await watched.ask('mutation { a: open(name: "x") { owner { name } } b: close(name: "y") { name } }')
    assert (data, errors) == ({"a": {"owner": {"name": "owner of x"}}, "b": {"name": "y"}}, [])
    assert watched.calls == [("a: open", 1), ("owner", 1), ("b: close", 1)]


async def test_no_mutation_runs_after_one_whose_null_took_all() -> None:
    watched = Watched()
    data, errors = await watched.ask('mutation { a: open(name: "nobody") { name } b: open(name: "y") { name } }')
    assert data is None
    assert errors == ["Cannot return null for non-nullable field Mutation.open. at ['a']"]
    assert watched.calls == [("a: open", 1)]


async def test_a_subscription_is_compiled_for_its_events() -> None:
    watched = Watched()
    compiled = watched.compiled("subscription { opened { name owner { name } } }")
    for name in "xy":
        data, errors = await compiled.run(Shop(name), {}, None)
        assert (data, errors) == ({"opened": {"name": name, "owner": {"name": f"owner of {name}"}}}, [])


async def test_an_answer_that_was_not_to_be_waited_for_is_refused() -> None:
    watched = Watched()
    answers = watched.answers
    late = Answer(Plain(watched.mutation("open"), waits=False))
    found = Answers({**answers.fields, ("Mutation", "open"): late})
    compiled = compile_operation(
        watched.schema, watched.document('mutation { open(name: "x") { name } }'), None, None, found
    )
    data, errors = await compiled.run(None, {}, None)
    assert data is None
    assert [error.message for error in errors] == ["Mutation.open was not to be waited for"]


async def test_a_bad_variable_is_refused_before_anything_is_resolved() -> None:
    watched = Watched()
    data, errors = await watched.ask("query($n: Int!) { shops(first: $n) { name } }", {"n": "x"})
    assert data is None
    assert errors == ["Variable '$n' has invalid value: Int cannot represent non-integer value: 'x' at None"]
    assert watched.calls == []


async def test_nothing_is_resolved_again_where_a_value_is_wrong() -> None:
    watched = Watched(shops=[Shop("a", "x"), Shop("b", ["no", "string"])])  # type: ignore[arg-type]
    compiled = watched.compiled("{ shops { city owner { name } } }")
    data, errors = await compiled.run(None, {}, None)
    owners = [{"name": "owner of a"}, {"name": "owner of b"}]
    assert data == {"shops": [{"city": "x", "owner": owners[0]}, {"city": None, "owner": owners[1]}]}
    assert [error.path for error in errors] == [["shops", 1, "city"]]
    assert watched.calls == [("shops", 1), ("owner", 2)]
    assert compiled.exact_runs == 1


async def test_the_same_object_at_two_places_has_the_cells_of_each_place() -> None:
    shared = Shop("a")
    watched = Watched(shops=[shared, shared, Shop("z", 5 + 1j)])  # type: ignore[arg-type]
    data, errors = await watched.ask("{ shops(first: 3) { city owner { name } } }")
    assert [shop["owner"] for shop in data["shops"]] == [{"name": f"owner of {name}"} for name in "aaz"]
    assert len(errors) == 1


async def test_a_variant_refuses_the_flags_of_another_before_anything_is_resolved() -> None:
    watched = Watched()
    compiled = watched.compiled("query($x: Boolean!) { shops @include(if: $x) { name } }", {"x": False})
    assert await compiled.run(None, {"x": False}, None) == ({}, [])
    with pytest.raises(NotCompilable, match="flags"):
        await compiled.run(None, {"x": True}, None)
    assert watched.calls == []


async def test_conditions_in_the_code_keep_fields_from_being_fetched() -> None:
    watched = Watched()
    compiled = watched.compiled("query($x: Boolean!) { shops { goods @include(if: $x) { stock } name } }")
    data, _ = await compiled.run(None, {"x": False}, None)
    assert data == {"shops": [{"name": "a"}, {"name": "b"}]}
    assert watched.calls == [("shops", 1)]
    data, _ = await compiled.run(None, {"x": True}, None)
    assert [list(shop) for shop in data["shops"]] == [["goods", "name"]] * 2  # type: ignore[index]
    assert watched.calls[1:] == [("shops", 1), ("goods", 2), ("stock", 4)]


@pytest.mark.parametrize("wrong", [False, True], ids=["fast", "exact"])
async def test_long_work_lets_others_have_the_loop(wrong: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "SLICE_SECONDS", 0)
    watched = Watched(shops=[Shop(f"s{number}") for number in range(20_000)])
    if wrong:
        watched.shops[-1] = Shop("last", 1j)  # type: ignore[arg-type]
    compiled, turns, done = watched.compiled("{ shops(first: 20000) { name city secret } }"), 0, False

    async def count() -> None:
        nonlocal turns
        while not done:
            turns += 1
            await asyncio.sleep(0)

    counting = asyncio.create_task(count())
    data, _ = await compiled.run(None, {}, None)
    done = True
    await counting
    assert len(data["shops"]) == 20_000  # type: ignore[index]
    assert turns > 20_000 / SLICE
    assert compiled.exact_runs == wrong
