"""Documents by id and by hash, in the wire format that Apollo's clients speak."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from federation.admission import Grants, GraphQLRequest, Limits, MemoryStore
from federation.errors import AdmissionError
from tests.federation.admission.gate import admission, code, refused, text_of

TEXT = "{ now }"
HASH = hashlib.sha256(TEXT.encode()).hexdigest()
MALL = "type Query { now: String later: String }"


def apq(sha: str, query: str | None = None, **more: Any) -> GraphQLRequest:
    return GraphQLRequest(query, extensions={"persistedQuery": {"version": 1, "sha256Hash": sha}}, **more)


async def test_an_unknown_hash_is_asked_for_then_known() -> None:
    gate = admission(MALL)
    assert await refused(gate, apq(HASH)) == [
        {"message": "PersistedQueryNotFound", "extensions": {"code": "PERSISTED_QUERY_NOT_FOUND"}}
    ]
    await gate.admit(apq(HASH, TEXT), Grants())
    assert text_of(await gate.admit(apq(HASH), Grants())) == TEXT
    assert text_of(await gate.admit(apq(HASH.upper()), Grants())) == TEXT


async def test_a_wrong_hash_is_refused_and_remembered_by_nobody() -> None:
    gate = admission(MALL)
    assert await code(gate, apq(HASH, "{ later }")) == "PERSISTED_QUERY_HASH_MISMATCH"
    assert await code(gate, apq(HASH)) == "PERSISTED_QUERY_NOT_FOUND"


async def test_an_invalid_document_is_not_remembered() -> None:
    gate = admission(MALL)
    wrong = "{ never }"
    sha = hashlib.sha256(wrong.encode()).hexdigest()
    assert await code(gate, apq(sha, wrong)) == "GRAPHQL_VALIDATION_FAILED"
    assert await code(gate, apq(sha)) == "PERSISTED_QUERY_NOT_FOUND"


@pytest.mark.parametrize(
    "persisted", [1, {"version": 2, "sha256Hash": HASH}, {"version": 1}, {"version": 1, "sha256Hash": 3}, []]
)
async def test_another_protocol_is_not_spoken(persisted: Any) -> None:
    request = GraphQLRequest(TEXT, extensions={"persistedQuery": persisted})
    assert await code(admission(MALL), request) == "PERSISTED_QUERY_NOT_SUPPORTED"


async def test_a_registered_document_is_run_by_its_id_and_has_no_ad_hoc_limits() -> None:
    gate = admission(MALL, Limits(root_fields=1), MemoryStore({"Both": "{ now later }"}, automatic=0))
    assert await code(gate, "{ now later }") == "ROOT_FIELD_LIMIT_EXCEEDED"
    assert text_of(await gate.admit(GraphQLRequest(document_id="Both"), Grants())) == "{ now later }"
    assert await code(gate, "{ now later }") == "ROOT_FIELD_LIMIT_EXCEEDED"


async def test_an_id_and_a_text_together_are_refused() -> None:
    gate = admission(MALL, store=MemoryStore({"A": TEXT}))
    assert await code(gate, GraphQLRequest("{ later }", document_id="A")) == "BAD_REQUEST"


async def test_nothing_registers_itself_where_that_is_off() -> None:
    gate = admission(MALL, store=MemoryStore(automatic=0))
    await gate.admit(apq(HASH, TEXT), Grants())
    assert await code(gate, apq(HASH)) == "PERSISTED_QUERY_NOT_FOUND"


async def test_the_memory_is_bounded() -> None:
    gate = admission(MALL, store=MemoryStore(automatic=2))
    texts = ["{ now }", "{ later }", "{ now later }"]
    for text in texts:
        await gate.admit(apq(hashlib.sha256(text.encode()).hexdigest(), text), Grants())
    assert await code(gate, apq(HASH)) == "PERSISTED_QUERY_NOT_FOUND"


PARTNER = Grants(registered_only=True)


async def test_who_may_run_registered_documents_only_sends_their_id() -> None:
    gate = admission(MALL, store=MemoryStore({"now": TEXT, HASH: TEXT}))
    assert text_of(await gate.admit(GraphQLRequest(document_id="now"), PARTNER)) == TEXT
    assert text_of(await gate.admit(apq(HASH), PARTNER)) == TEXT


@pytest.mark.parametrize(
    "asked",
    [GraphQLRequest(TEXT), GraphQLRequest("{ later }"), apq(HASH, TEXT)],
    ids=["the registered text", "another text", "the text with its hash"],
)
async def test_who_may_run_registered_documents_only_sends_no_text(asked: GraphQLRequest) -> None:
    gate = admission(MALL, store=MemoryStore({"now": TEXT, HASH: TEXT}))
    with pytest.raises(AdmissionError) as refusal:
        await gate.admit(asked, PARTNER)
    assert (refusal.value.code, refusal.value.status) == ("PERSISTED_ONLY", 403)


async def test_what_a_client_registered_itself_is_not_registered_for_a_partner() -> None:
    gate = admission(MALL)
    await gate.admit(apq(HASH, TEXT), Grants())
    with pytest.raises(AdmissionError) as refusal:
        await gate.admit(apq(HASH), PARTNER)
    assert refusal.value.code == "PERSISTED_ONLY"
