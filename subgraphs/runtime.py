"""Makes a subgraph of strawberry types: its SDL, the execution of its operations, and the way to it in process."""

import asyncio
import logging
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from graphql import DocumentNode, ExecutionResult, GraphQLError, execute, parse, validate
from graphql.utilities import get_operation_ast
from strawberry import federation
from strawberry.federation.schema import FederationAny
from strawberry.schema.config import StrawberryConfig
from strawberry.types import Info

from federation.execution.transport import InProcessTransport, RequestContext, SubgraphRequest, SubgraphResponse
from kit.errors import Invalid, MallError
from kit.viewer import Viewer
from resolvers.context import Batch, Context, Tools
from schema.access import RULE
from schema.entity import REFERENCE

__all__ = ["RequestScope", "Subgraph", "Tools", "in_process"]

FEDERATION_VERSION: Final = "2.9"
"""The newest that both composers of npm accept."""

_log = logging.getLogger("jishi.subgraph")


def _typename(representation: Any) -> str:
    name = representation.get("__typename") if isinstance(representation, dict) else None
    return name if isinstance(name, str) else ""


class EntitySchema(federation.Schema):
    """A federation schema that resolves the representations of one type by one batch call."""

    async def entities_resolver(  # type: ignore[override]  # strawberry awaits it where it is async
        self, info: Info[Context, Any], representations: list[FederationAny]
    ) -> list[FederationAny]:
        by_type: dict[str, list[int]] = {}
        for index, representation in enumerate(representations):
            by_type.setdefault(_typename(representation), []).append(index)
        found: list[Any] = [None] * len(representations)

        async def resolve(name: str, indexes: list[int]) -> None:
            try:
                rows = await self._find(name, [representations[index] for index in indexes], info.context)
            except Exception as error:  # one type's failure is not the others'
                rows = [error] * len(indexes)
            for index, row in zip(indexes, rows, strict=True):
                found[index] = row

        await asyncio.gather(*(resolve(name, indexes) for name, indexes in by_type.items()))
        return found

    def _find(self, name: str, representations: list[Any], context: Context) -> Awaitable[Sequence[Any]]:
        known = self.schema_converter.type_map.get(name)
        batch: Batch | None = getattr(getattr(known and known.definition, "origin", None), REFERENCE, None)
        if batch is None:
            raise Invalid("entity.type", f"{name or 'nothing'} is no entity of this subgraph")
        return batch(representations, None, context)


def check_declared(schema: EntitySchema) -> None:
    """Refuse a schema with a field that does not say who may read it."""
    for name, known in schema.schema_converter.type_map.items():
        fields = getattr(known.definition, "fields", ()) if not getattr(known.definition, "is_input", True) else ()
        for one in fields:
            if not name.startswith("_") and RULE not in one.metadata and not one.python_name.startswith("_"):
                raise TypeError(f"{name}.{one.python_name} does not declare who may read it: use shown(to=...)")


@dataclass(frozen=True, slots=True)
class Answer:
    """A GraphQL result as plain data."""

    data: dict[str, Any] | None
    errors: list[dict[str, Any]]


class Subgraph:
    """One domain's part of the graph."""

    def __init__(
        self,
        name: str,
        *,
        query: type,
        mutation: type | None = None,
        types: Sequence[type] = (),
        config: StrawberryConfig,
    ) -> None:
        self.name = name
        self.schema = EntitySchema(
            query=query, mutation=mutation, types=types, config=config, federation_version=FEDERATION_VERSION
        )
        check_declared(self.schema)
        self.sdl = f"{self.schema.as_str().rstrip()}\n"
        self._document = lru_cache(maxsize=1_000)(self._read)

    def _read(self, query: str) -> DocumentNode | list[GraphQLError]:
        try:
            document = parse(query)
        except GraphQLError as error:
            return [error]
        return list(validate(self.schema._schema, document)) or document

    async def answer(
        self,
        query: str,
        variables: Mapping[str, Any],
        context: Context,
        *,
        operation_name: str | None = None,
    ) -> Answer:
        """Execute one operation. Operations with the same `context` share their reads."""
        document = self._document(query)
        if isinstance(document, list):
            return Answer(None, [shown_error(error) for error in document])
        if get_operation_ast(document, operation_name) is None:
            return Answer(None, [_refusal("OPERATION_NOT_FOUND", "the document has no such operation")])
        result = execute(
            self.schema._schema,
            document,
            context_value=context,
            variable_values=dict(variables),
            operation_name=operation_name,
        )
        done = result if isinstance(result, ExecutionResult) else await result
        return Answer(done.data, [shown_error(error) for error in done.errors or ()])


@dataclass(slots=True)
class RequestScope:
    """What one client request means to the subgraphs in this process: who asks, and reads shared over its fetches."""

    viewer: Viewer
    tools: Tools = field(default_factory=Tools)
    _contexts: dict[str, Context] = field(default_factory=dict)

    def context(self, subgraph: str, *, fresh: bool) -> Context:
        """The context of a subgraph; a mutation gets a `fresh` one, since what was read before may have changed."""
        if fresh or subgraph not in self._contexts:
            self._contexts[subgraph] = Context(self.viewer, self.tools)
        return self._contexts[subgraph]


def in_process(subgraph: Subgraph) -> InProcessTransport:
    """The way to a subgraph of this process; the request's context must carry a RequestScope."""

    async def call(request: SubgraphRequest, context: RequestContext) -> SubgraphResponse:
        scope: RequestScope = context.value
        own = scope.context(subgraph.name, fresh=request.operation == "mutation")
        answer = await subgraph.answer(request.query, request.variables, own, operation_name=request.operation_name)
        return SubgraphResponse(answer.data, answer.errors)

    return InProcessTransport(subgraph.name, call)


def shown_error(error: GraphQLError) -> dict[str, Any]:
    """The error as a client may see it: coded, with its path, and nothing of our insides."""
    origin = error.original_error
    if isinstance(origin, MallError):
        shown: dict[str, Any] = {"message": origin.message, "extensions": origin.extensions()}
    elif origin is None or isinstance(origin, GraphQLError):
        shown = {"message": error.message, "extensions": {"code": "BAD_USER_INPUT", **(error.extensions or {})}}
    else:
        _log.error("failed at %s", error.path, exc_info=origin)
        shown = _refusal("INTERNAL", "something went wrong on our side; it is logged")
    if error.path:
        shown["path"] = list(error.path)
    if error.locations:
        shown["locations"] = [{"line": place.line, "column": place.column} for place in error.locations]
    return shown


def _refusal(code: str, message: str) -> dict[str, Any]:
    return {"message": message, "extensions": {"code": code}}
