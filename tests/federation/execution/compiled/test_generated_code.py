"""The code of a small operation, as a reader sees it; and that no text of a client is in it."""

from __future__ import annotations

from tests.federation.execution.compiled.shop import Watched
from tests.federation.execution.documented import documented


def test_an_operation_is_printed_as_two_functions() -> None:
    code = Watched().compiled("{ shops { name city goods { price } owner { name } } }").source
    assert code == documented("operation")


def test_no_text_of_a_client_is_in_the_code_but_response_keys() -> None:
    text = """query Evil($evil1: String = "evil2") { evil3: named(name: $evil1) { name @include(if: true) }
        other: named(name: "evil4") { ...evil5 } } fragment evil5 on Shop { evil6: name }"""
    code = Watched().compiled(text).source
    assert [name for name in ("Evil", "evil1", "evil2", "evil3", "evil4", "evil5", "evil6") if name in code] == [
        "evil3",
        "evil6",
    ]
    assert "'evil3': named_0," in code
