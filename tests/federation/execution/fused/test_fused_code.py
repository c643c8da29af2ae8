"""The code of a small federated operation, as a reader sees it; and that no text of a client is in it."""

from __future__ import annotations

from tests.federation.execution.documented import documented
from tests.federation.execution.fused.village import Village


def test_a_plan_is_printed_as_what_it_asks_for_and_one_completion() -> None:
    assert Village().fuse("{ shops { title: name goods { id label } } }").source == documented("fused")


def test_no_text_of_a_client_is_in_the_code_but_response_keys() -> None:
    text = (
        "query Evil($evil1: Int! = 7) { evil2: shops(first: $evil1) { ...evil3 } } fragment evil3 on Shop { evil4: id }"
    )
    code = Village().fuse(text).source
    found = [name for name in ("Evil", "evil1", "evil2", "evil3", "evil4") if name in code]
    assert found == ["evil2", "evil4"]
    assert "'evil2': shops_0," in code


def test_several_values_of_an_entity_come_as_a_tuple() -> None:
    code = Village().fuse("{ shops { goods { price label } } }").source
    assert "for row, (price_1_f2, label_2_f2) in part:" in code
    assert "add((price_1, label_2,))" in code
