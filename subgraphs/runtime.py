"""Makes a subgraph of strawberry types: its SDL, the execution of its operations, and the way to it in process."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from inspect import signature
from typing import Any, Literal

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLField,
    execute,
    get_named_type,
    is_object_type,
    parse,
    validate,
)
from graphql.utilities import get_operation_ast
from strawberry import federation
from strawberry.federation.schema import FederationAny
from strawberry.schema.config import StrawberryConfig
from strawberry.types import Info
from strawberry.types.arguments import convert_arguments
from strawberry.types.field import StrawberryField

from federation.admission import LRU
from federation.execution import compiled
from federation.execution.compiled import Answers, CompiledOperations, Trace, found_entities
from federation.execution.compiled.answers import Shared
from federation.execution.compiled.leaves import UNUSUAL
from federation.execution.ftv1 import ftv1
from federation.execution.transport import (
    InProcessTransport,
    RequestContext,
    SubgraphRequest,
    SubgraphResponse,
)
from federation.preparing import prepared
from kit import clock
from kit.errors import Forbidden, Invalid
from resolvers.context import Batch, Context, Tools
from schema.access import BATCH, JUDGED, RULE, judged
from schema.entity import REFERENCE, ROWS
from schema.rules import Rule
from schema.scalars import UNUSUAL_LONG
from subgraphs.answers import Answer, refusal, shown_error
from subgraphs.guards import check_declared, guard_rows, judge_of_attribute, kept, print_on_pages, rules_of_rows
from subgraphs.promising import print_promises
from subgraphs.requests import RequestScope

__all__ = ["RequestScope", "Subgraph", "Tools", "in_process"]

FederationVersion = Literal["2.3", "2.9"]
"""Of the federation specification. 2.9 is the newest that both composers of npm accept, 2.3 the newest of the npm suite
for subgraphs."""

REMEMBERED_ARGUMENTS = 100
"""Of one field, as objects."""


class EntitySchema(federation.Schema):
    """A federation schema that resolves the representations of one type by one batch call."""

    async def entities_resolver(  # type: ignore[override]  # strawberry awaits it where it is async
        self, info: Info[Context, Any], representations: list[FederationAny]
    ) -> list[FederationAny]:
        return await self.entities(representations, info.context)

    async def entities(self, representations: Sequence[Any], context: Context) -> list[Any]:
        """The rows of representations, in their order; an exception for each of a type that fails."""
        return await found_entities(representations, self._reference_of, context)

    def _reference_of(self, name: str) -> Callable[[Sequence[Any], Context], Awaitable[Sequence[Any]]]:
        known = self.schema_converter.type_map.get(name)
        origin = getattr(known and known.definition, "origin", None)
        batch: Batch | None = getattr(origin, REFERENCE, None)
        if batch is None:
            raise Invalid("entity.type", f"{name or 'nothing'} is no entity of this subgraph")
        rule: Rule = getattr(origin, ROWS)
        if rule.is_open:
            return lambda representations, context: batch(representations, None, context)

        async def rows(representations: Sequence[Any], context: Context) -> Sequence[Any]:
            found = kept(rule, context.viewer, await batch(representations, None, context), name)
            return [None if isinstance(row, Forbidden) else row for row in found]

        return rows


def answers_of(schema: EntitySchema) -> Answers:
    """How the compiler answers each field: what `shown` declared. Other resolvers are asked as strawberry would."""
    rules = rules_of_rows(schema)
    found = {
        (type_.name, name): _answer(schema, name, declared, rules.get(get_named_type(declared.type).name))
        for type_ in schema._schema.type_map.values()
        if is_object_type(type_) and not type_.name.startswith("__")
        for name, declared in type_.fields.items()
    }
    return Answers(found, types_by_class=True)


def _answer(schema: EntitySchema, name: str, declared: GraphQLField, rows: Rule | None) -> compiled.Answer:
    """`rows` is the rule of the rows that the field shows, None where anybody may have them."""
    field: StrawberryField = declared.extensions["strawberry-definition"]
    rule: Rule | None = field.metadata.get(RULE)
    batch: Batch | None = field.metadata.get(BATCH)
    guards = [_guard(rule, name)] if rule and not rule.is_open else []
    if name == "_entities":
        return compiled.Answer(compiled.BatchCall(_entities_call(schema)), entities=_shared_entities(schema))
    shared = "nobody" if rows or guards else _shared(field, batch)
    if batch:
        call = _batch_call(schema, field, batch)
        how = compiled.BatchCall(_kept(call, rows, name) if rows else call)
        return compiled.Answer(how, next(iter(guards), None), shared)
    if declared.resolve and (field.base_resolver or not rule):
        return compiled.Answer(compiled.Plain(declared.resolve, waits=field.is_async), shared=shared)
    if rows:
        guards.append(judge_of_attribute(rows, field.python_name, name))
    guard = _all(guards) if len(guards) > 1 else next(iter(guards), None)
    return compiled.Answer(compiled.Attribute(field.python_name), guard, shared)


def _shared(field: StrawberryField, batch: Batch | None) -> Shared:
    """For whom what a field says is the same: a resolver that is given nothing, as an attribute, depends on nobody."""
    if batch:
        return batch.shared
    given: Any = field.base_resolver and signature(field.base_resolver.wrapped_func).parameters  # type: ignore[arg-type]
    return "nobody" if given else "everybody"


def _shared_entities(schema: EntitySchema) -> dict[str, Shared]:
    """For whom the rows of each type are the same that representations of it find."""
    origins = {
        name: getattr(known.definition, "origin", None) for name, known in schema.schema_converter.type_map.items()
    }
    return {
        name: origin.__dict__[REFERENCE].shared
        for name, origin in origins.items()
        if REFERENCE in getattr(origin, "__dict__", ()) and getattr(origin, ROWS).is_open
    }


def _guard(rule: Rule, name: str) -> compiled.Judge:
    return lambda rows, context: rule.refusals(context.viewer, rows, name)


def _all(judges: Sequence[compiled.Judge]) -> compiled.Judge:
    """Refuses what any of `judges` refuses, the first of them before the next is asked. None has to be waited for."""

    def verdict(row: Any, context: Context) -> Exception | None:
        answers: Iterator[Any] = (judge([row], context) for judge in judges)
        return next((found for (found,) in answers if found), None)

    return lambda rows, context: [verdict(row, context) for row in rows]


def _kept(call: Callable[..., Awaitable[Sequence[Any]]], rule: Rule, name: str) -> Callable[..., Any]:
    async def kept_call(rows: Sequence[Any], arguments: Mapping[str, Any], context: Context) -> Sequence[Any]:
        return kept(rule, context.viewer, await call(rows, arguments, context), name)

    return kept_call


def _entities_call(schema: EntitySchema) -> Callable[..., Awaitable[Sequence[Any]]]:
    async def call(rows: Sequence[Any], arguments: Mapping[str, Any], context: Context) -> Sequence[Any]:
        return [await schema.entities(arguments["representations"], context) for _ in rows]

    return call


def _batch_call(schema: EntitySchema, field: StrawberryField, batch: Batch) -> Callable[..., Awaitable[Sequence[Any]]]:
    """The batch function with strawberry's own conversion of arguments."""
    args_type = batch.args_type
    if args_type is None:
        return lambda rows, arguments, context: batch(rows, None, context)
    registry = schema.schema_converter.scalar_registry

    def convert(arguments: dict[str, Any]) -> dict[str, Any]:
        return convert_arguments(arguments, field.arguments, registry, schema.config)

    given = _remembered(convert)

    async def judging_call(rows: Sequence[Any], arguments: dict[str, Any], context: Context) -> Sequence[Any]:
        return await batch(rows, args_type(**judged(given(arguments), context.viewer)), context)

    converted = _remembered(lambda arguments: args_type(**convert(arguments)))

    async def call(rows: Sequence[Any], arguments: dict[str, Any], context: Context) -> Sequence[Any]:
        return await batch(rows, converted(arguments), context)

    return judging_call if field.metadata[JUDGED] else call


def _remembered(convert: Callable[[dict[str, Any]], Any]) -> Callable[[dict[str, Any]], Any]:
    """The same, done once for arguments that are one object: the compiler coerces equal ones once, and they do not
    change. Holding them keeps their ids.
    """
    known: dict[int, tuple[dict[str, Any], Any]] = {}

    def converted(arguments: dict[str, Any]) -> Any:
        held, args = known.get(id(arguments), (None, None))
        if held is not arguments:
            args = convert(arguments)
            if len(known) >= REMEMBERED_ARGUMENTS:
                known.clear()
            known[id(arguments)] = arguments, args
        return args

    return converted


class Subgraph:
    """One domain's part of the graph. `version` is that of the federation specification which its SDL links."""

    def __init__(
        self,
        name: str,
        *,
        query: type,
        mutation: type | None = None,
        types: Sequence[type] = (),
        config: StrawberryConfig,
        version: FederationVersion = "2.9",
    ) -> None:
        self.name = name
        self.schema = EntitySchema(
            query=query, mutation=mutation, types=types, config=config, federation_version=version
        )
        check_declared(self.schema)
        print_on_pages(self.schema)
        guard_rows(self.schema)
        answers = answers_of(self.schema)
        print_promises(self.schema, answers)
        self.sdl = f"{self.schema.as_str().rstrip()}\n"
        if long := self.schema._schema.type_map.get("Long"):
            long.extensions[UNUSUAL] = UNUSUAL_LONG
        self.operations = CompiledOperations(self.schema._schema, answers)
        self._documents: LRU[tuple[str, str | None], DocumentNode | Answer] = LRU(1_000)

    def _valid(self, query: str, operation_name: str | None) -> DocumentNode | Answer:
        """The document, or the answer that it has no such valid operation."""
        known = self._documents.get((query, operation_name))
        if known is None:
            known = self._read(query, operation_name)
            self._documents.put((query, operation_name), known)
        return known

    def _read(self, query: str, operation_name: str | None) -> DocumentNode | Answer:
        try:
            document = parse(query)
        except GraphQLError as error:
            return Answer(None, [shown_error(error)])
        if errors := validate(self.schema._schema, document):
            return Answer(None, [shown_error(error) for error in errors])
        if get_operation_ast(document, operation_name) is None:
            return Answer(None, [refusal("OPERATION_NOT_FOUND", "the document has no such operation")])
        return document

    async def answer(
        self,
        query: str,
        variables: Mapping[str, Any],
        context: Context,
        *,
        operation_name: str | None = None,
    ) -> Answer:
        """Execute one operation. Operations with the same `context` share their reads."""
        return await self._answer(query, variables, context, operation_name, None)

    async def traced_answer(
        self,
        query: str,
        variables: Mapping[str, Any],
        context: Context,
        *,
        operation_name: str | None = None,
    ) -> Answer:
        """The same with its trace. What is left to strawberry (introspection) is traced as a whole."""
        began, trace = clock.now(), Trace()
        answer = await self._answer(query, variables, context, operation_name, trace)
        return replace(answer, extensions={"ftv1": ftv1(trace, answer.errors, began)})

    async def _answer(
        self,
        query: str,
        variables: Mapping[str, Any],
        context: Context,
        operation_name: str | None,
        trace: Trace | None,
    ) -> Answer:
        known = self._documents.get((query, operation_name))
        document = known if known is not None else await prepared(self._valid, query, operation_name)
        if isinstance(document, Answer):
            return document
        done = await self.operations.run(query, document, operation_name, variables, context, trace=trace)
        if done is None:
            return await self._by_strawberry(document, variables, context, operation_name)
        data, errors = done
        return Answer(data, [shown_error(error) for error in errors])

    def is_shared(self, query: str) -> bool:
        """Whether every guest is answered the same, as long as nothing changes."""
        try:
            return self.operation(query).shared != "nobody"
        except compiled.NotCompilable:
            return False

    def operation(self, query: str) -> compiled.Compiled:
        """The operation of a query without conditions. Raises NotCompilable."""
        document = self._valid(query, None)
        if isinstance(document, Answer):
            raise compiled.NotCompilable("invalid")
        return self.operations.compiled(query, document, None, {})

    async def answer_by_strawberry(
        self,
        query: str,
        variables: Mapping[str, Any],
        context: Context,
        *,
        operation_name: str | None = None,
    ) -> Answer:
        """The same by strawberry's own execution: the oracle of tests, and the way of what is not compiled."""
        document = self._valid(query, operation_name)
        if isinstance(document, Answer):
            return document
        return await self._by_strawberry(document, variables, context, operation_name)

    async def _by_strawberry(
        self, document: DocumentNode, variables: Mapping[str, Any], context: Context, operation_name: str | None
    ) -> Answer:
        result = execute(
            self.schema._schema,
            document,
            context_value=context,
            variable_values=dict(variables),
            operation_name=operation_name,
        )
        done = result if isinstance(result, ExecutionResult) else await result
        return Answer(done.data, [shown_error(error) for error in done.errors or ()])


def in_process(subgraph: Subgraph) -> InProcessTransport:
    """The way to a subgraph of this process; the request's context must carry a RequestScope."""

    async def call(request: SubgraphRequest, context: RequestContext) -> SubgraphResponse:
        scope: RequestScope = context.value
        own = scope.context(subgraph.name, fresh=request.operation == "mutation")
        answer = await subgraph.answer(request.query, request.variables, own, operation_name=request.operation_name)
        return SubgraphResponse(answer.data, answer.errors)

    return InProcessTransport(subgraph.name, call, local=LocalSubgraph(subgraph))


@dataclass(frozen=True, slots=True)
class LocalSubgraph:
    """A subgraph of this process for fused plans: see Local."""

    subgraph: Subgraph

    def is_shared(self, query: str) -> bool:
        """Whether every guest is answered the same, as long as nothing changes."""
        try:
            return self.operation(query).shared != "nobody"
        except compiled.NotCompilable:
            return False

    def operation(self, query: str) -> compiled.Compiled:
        return self.subgraph.operation(query)

    def context(self, context: RequestContext) -> Context:
        scope: RequestScope = context.value
        return scope.context(self.subgraph.name, fresh=False)

    def rendered(self, error: GraphQLError) -> dict[str, Any]:
        return shown_error(error)
