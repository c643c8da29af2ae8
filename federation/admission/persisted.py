"""Documents known by an id: registered ones, and those that clients register themselves (APQ)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from federation.admission.lru import LRU
from federation.admission.requests import GraphQLRequest
from federation.errors import AdmissionError

_MAX_AUTOMATIC_TEXT = 50_000  # characters


@dataclass(frozen=True, slots=True)
class PersistedDocument:
    """A document's text. A `trusted` one was registered by its owner, so no limit for ad hoc operations applies."""

    text: str
    trusted: bool


class DocumentStore(Protocol):
    """Documents by id. `put` remembers what a client sent together with its SHA-256, or does nothing."""

    async def get(self, document_id: str) -> PersistedDocument | None: ...

    async def put(self, document_id: str, text: str) -> None: ...


class MemoryStore:
    """Registered documents of this process, and up to `automatic` documents of clients; 0 takes none."""

    def __init__(self, registered: Mapping[str, str] | None = None, *, automatic: int = 1_000) -> None:
        self._registered = {key: PersistedDocument(text, trusted=True) for key, text in (registered or {}).items()}
        self._takes = automatic > 0
        self._automatic: LRU[str, PersistedDocument] = LRU(max(automatic, 1))

    async def get(self, document_id: str) -> PersistedDocument | None:
        return self._registered.get(document_id) or self._automatic.get(document_id)

    async def put(self, document_id: str, text: str) -> None:
        if self._takes and len(text) <= _MAX_AUTOMATIC_TEXT:
            self._automatic.put(document_id, PersistedDocument(text, trusted=False))


async def find_document(request: GraphQLRequest, store: DocumentStore) -> PersistedDocument:
    """The text to run. Raises AdmissionError: PERSISTED_QUERY_NOT_FOUND (status 200, as clients expect it),
    PERSISTED_QUERY_HASH_MISMATCH, PERSISTED_QUERY_NOT_SUPPORTED (another version of the protocol), BAD_REQUEST.
    """
    hashed = _automatic_hash(request)
    document_id = request.document_id or hashed
    if request.query is None:
        if document_id is None:
            raise AdmissionError("BAD_REQUEST", "The operation is missing")
        found = await store.get(document_id)
        if found is None:
            raise AdmissionError("PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound", status=200)
        return found
    if request.document_id is not None:
        raise AdmissionError("BAD_REQUEST", "Send a document or its id, not both")
    if hashed is not None and hashlib.sha256(request.query.encode("utf-8", "surrogatepass")).hexdigest() != hashed:
        raise AdmissionError("PERSISTED_QUERY_HASH_MISMATCH", "The query is not the one that the hash names")
    return PersistedDocument(request.query, trusted=False)


async def remember(request: GraphQLRequest, store: DocumentStore) -> None:
    """Keep a document that came with its right hash; to be called once it proved valid."""
    hashed = _automatic_hash(request)
    if hashed is not None and request.query is not None:
        await store.put(hashed, request.query)


def _automatic_hash(request: GraphQLRequest) -> str | None:
    asked = request.extensions.get("persistedQuery")
    if asked is None:
        return None
    if not isinstance(asked, dict) or asked.get("version") != 1 or not isinstance(asked.get("sha256Hash"), str):
        raise AdmissionError("PERSISTED_QUERY_NOT_SUPPORTED", "PersistedQueryNotSupported")
    return str(asked["sha256Hash"]).lower()
