"""Which node an object belongs to, by its type: asked as graphql-core asks, with graphql-core's own errors."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from dataclasses import field as data_field
from types import SimpleNamespace
from typing import Any, cast

from graphql import GraphQLObjectType, GraphQLResolveInfo, is_abstract_type
from graphql.execution import Executor, default_type_resolver
from graphql.execution.collect_fields import FieldDetails
from graphql.execution.executor import invalid_return_type_error
from graphql.pyutils import is_awaitable

from federation.execution.compiled.columns import Cells
from federation.execution.compiled.running import Run
from federation.execution.compiled.tree import Field


@dataclass(frozen=True, slots=True)
class Kinds:
    """Asks the objects of a field for their type. `by_class` remembers the answer for all objects of a class."""

    field: Field
    by_class: bool
    _known: dict[type, int] = data_field(default_factory=dict)

    def __call__(self, run: Run, rows: Cells) -> list[int | Exception]:
        """For each object the number of its node, or the error that it gave."""
        if self.by_class:
            known = self._known
            try:
                return [known[type(row)] for row in rows]
            except KeyError:
                pass
        info = run.info(self.field)
        details = [FieldDetails(node, None) for node in info.field_nodes]
        kinds = [self._kind(row, info, details) for row in rows]
        if any(isinstance(kind, Exception) for kind in kinds):
            run.exact = True
        elif self.by_class:
            self._known.update((type(row), kind) for row, kind in zip(rows, kinds, strict=True))  # type: ignore[misc]
        return kinds

    def _kind(self, row: Any, info: GraphQLResolveInfo[Any], details: list[FieldDetails]) -> int | Exception:
        try:
            type_ = self._type(row, info, details)
            if type_.is_type_of and not _now(type_.is_type_of(row, info)):
                return invalid_return_type_error(type_, row, details)
        except Exception as error:
            return error
        return next(child.number for child in self.field.children if child.type is type_)

    def _type(self, row: Any, info: GraphQLResolveInfo[Any], details: list[FieldDetails]) -> GraphQLObjectType:
        named = self.field.named
        if not is_abstract_type(named):
            return cast(GraphQLObjectType, named)
        name = _now((named.resolve_type or default_type_resolver)(row, info, named))
        # The method uses the schema of its executor, and nothing else of it.
        executor = cast(Executor[Any], SimpleNamespace(schema=info.schema))
        return Executor.ensure_valid_runtime_type(executor, name, named, details, info, row)


def _now(answer: Any) -> Any:
    if is_awaitable(answer):
        if isinstance(answer, Coroutine):
            answer.close()
        raise TypeError("The type of an object must be known without waiting")
    return answer


def merged(kinds: list[int | Exception], done: dict[int, list[Any]]) -> list[Any]:
    """The completed objects of several nodes in the order in which they were found."""
    if len(set(kinds)) == 1:
        return done[cast(int, kinds[0])]
    take: dict[Any, Callable[[], Any]] = {number: iter(objects).__next__ for number, objects in done.items()}
    return [take[kind]() for kind in kinds]
