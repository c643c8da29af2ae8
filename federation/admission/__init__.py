"""Who gets in: find the document, bound it, validate it, choose the operation, take its variables, cut what may not
be read.

`Admission.admit` reads as those steps. What depends on the text alone is done once per text; what depends on the asker
(the cut) once per set of unmet demands; what is left per request is looking up and taking variables.
"""

from __future__ import annotations

from graphql import DocumentNode, GraphQLSchema, OperationType

from federation.admission.authorization import CODE, blank
from federation.admission.cost import CostReader, check_cost
from federation.admission.declared import Declared
from federation.admission.documents import Documents, ValidDocument
from federation.admission.introspection import Parts
from federation.admission.known import Admitted, KnownOperation, Left
from federation.admission.limits import Limits
from federation.admission.lru import LRU
from federation.admission.operations import select_operation
from federation.admission.persisted import DocumentStore, MemoryStore, PersistedDocument, find_document, remember
from federation.admission.requests import Grants, GraphQLRequest
from federation.errors import AdmissionError
from federation.preparing import prepared

__all__ = [
    "CODE",
    "LRU",
    "Admission",
    "Admitted",
    "DocumentStore",
    "Grants",
    "GraphQLRequest",
    "Left",
    "Limits",
    "MemoryStore",
    "Parts",
    "PersistedDocument",
    "blank",
]


class Admission:
    """The gate in front of one supergraph. `suggestions` lets error messages propose names of the schema."""

    def __init__(
        self,
        schema: GraphQLSchema,
        supergraph: DocumentNode,
        *,
        limits: Limits,
        store: DocumentStore,
        introspection: bool,
        suggestions: bool,
    ) -> None:
        self._schema = schema
        self._limits = limits
        self._store = store
        self._suggestions = suggestions
        self._declared = Declared(supergraph, schema)
        self._costs = CostReader(schema, self._declared, list_size=limits.list_size)
        self._documents = Documents(schema, introspection=introspection, suggestions=suggestions)
        self._operations: LRU[tuple[bytes, str | None], KnownOperation] = LRU(1_000)

    async def admit(self, request: GraphQLRequest, grants: Grants, *, streams: bool = False) -> Admitted:
        """Raises AdmissionError or AdmissionErrors, each with its code. `streams`: whether a subscription may come."""
        found = await find_document(request, self._store)
        if grants.registered_only and not found.trusted:
            raise AdmissionError("PERSISTED_ONLY", "Send the id of a document that is registered for you", status=403)
        limits = None if found.trusted else self._limits
        document = await self._documents.read(found.text, limits)
        operation = await self._operation(document, request.operation_name)
        _check_kind(operation.node.operation, read_only=request.read_only, streams=streams)
        variables = operation.variables(request.variables, hide_suggestions=not self._suggestions)
        if limits is not None:
            check_cost(operation.cost, variables, limits.cost)
        await remember(request, self._store)
        return Admitted(await operation.left_for(grants), variables)

    async def _operation(self, document: ValidDocument, name: str | None) -> KnownOperation:
        known = self._operations.get((document.digest, name))
        return known if known is not None else await prepared(self._prepare, document, name)

    def _prepare(self, document: ValidDocument, name: str | None) -> KnownOperation:
        key = (document.digest, name)
        if (known := self._operations.get(key)) is not None:  # whoever asked before has it made
            return known
        node = select_operation(document.ast, name)
        operation = KnownOperation(node, document.ast, self._schema, self._declared, self._costs)
        self._operations.put(key, operation)
        return operation


def _check_kind(kind: OperationType, *, read_only: bool, streams: bool) -> None:
    if kind is OperationType.SUBSCRIPTION and not streams:
        message = "Subscribe by WebSocket (graphql-transport-ws) or by text/event-stream"
        raise AdmissionError("SUBSCRIPTIONS_NOT_SUPPORTED", message)
    if read_only and kind is OperationType.MUTATION:
        raise AdmissionError("METHOD_NOT_ALLOWED", "GET runs no mutation", status=405)
