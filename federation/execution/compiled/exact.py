"""Completes a run's rows and columns by the letter of the specification (GraphQL 6.4.3), errors and all.

The generated code handles what nearly always comes. Where it gives up, this goes through the same columns, as
graphql-core would: objects depth first, errors in that order, each at its path, null going up to the nearest place that
may be null. Nothing is resolved again. It is a generator that pauses after each object.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from graphql import GraphQLError, GraphQLOutputType, is_leaf_type, is_list_type, is_non_null_type
from graphql.execution import Executor
from graphql.pyutils import Path, Undefined, is_iterable

from federation.execution.compiled.answers import Attribute
from federation.execution.compiled.columns import LISTS, is_object
from federation.execution.compiled.running import Run
from federation.execution.compiled.tree import Field, Node

Steps = Generator[None, None, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """Where an object's row stands: in the rows of this node, at this index."""

    node: Node
    index: int


@dataclass(slots=True)
class Exact:
    """Completes one run; errors go to the run's."""

    run: Run
    _placed: dict[int, list[Any]] = field(default_factory=dict)

    def complete(self, root: Node) -> Steps:
        """The root object, or None where null went all the way up."""
        try:
            return (yield from self.object(Place(root, 0), None))
        except GraphQLError as error:
            self.run.errors.append(error)
            return None

    def object(self, place: Place, path: Path | None) -> Steps:
        done: dict[str, Any] = {}
        for one in place.node.fields:
            below = Path(path, one.key, place.node.type.name)
            if self.run.trace is not None:
                self.run.trace.note(one, below)
            try:
                done[one.key] = yield from self.value(one, one.type, self.cell(one, place), below)
            except Exception as error:
                self.failed(error, one, one.type, below)
                done[one.key] = None
        yield
        return done

    def cell(self, one: Field, place: Place) -> Any:
        """What was resolved for a field of an object; its objects by their places."""
        if one.answer is None:
            return place.node.type.name
        if one.children:
            return self.placed(one)[place.index]
        if one.column is not None:
            return self.run.columns[one.column][place.index]
        assert isinstance(one.answer.how, Attribute)
        return getattr(self.run.rows[place.node.number][place.index], one.answer.how.name)

    def value(self, one: Field, type_: GraphQLOutputType, value: Any, path: Path) -> Steps:
        """CompleteValue of the specification."""
        if isinstance(value, Exception):
            raise value
        if is_non_null_type(type_):
            completed = yield from self.value(one, type_.of_type, value, path)
            if completed is None:
                raise TypeError(f"Cannot return null for non-nullable field {one.parent.name}.{one.name}.")
            return completed
        if value is None or value is Undefined:
            return None
        if is_list_type(type_):
            return (yield from self.items(one, type_.of_type, value, path))
        if is_leaf_type(type_):
            return Executor.complete_leaf_value(type_, value)
        return (yield from self.object(value, path))

    def items(self, one: Field, item_type: GraphQLOutputType, value: Any, path: Path) -> Steps:
        if not is_iterable(value):
            raise GraphQLError(f"Expected Iterable, but did not find one for field '{one.parent.name}.{one.name}'.")
        done: list[Any] = []
        for index, item in enumerate(value):
            below = path.add_key(index, None)
            try:
                done.append((yield from self.value(one, item_type, item, below)))
            except Exception as error:
                self.failed(error, one, item_type, below)
                done.append(None)
        return done

    def failed(self, error: Exception, one: Field, type_: GraphQLOutputType, path: Path) -> None:
        """Record an error, or let it go up where there must be no null."""
        located = self.run.fail(error, one, path)
        if is_non_null_type(type_):
            raise located
        self.run.errors.append(located)

    def placed(self, one: Field) -> list[Any]:
        """A column of objects with each object's place instead: the rows were made from it in this order."""
        assert one.column is not None
        known = self._placed.get(one.column)
        if known is None:
            places = self.places(one)
            known = [_placed(cell, one.list_depth, places) for cell in self.run.columns[one.column]]
            self._placed[one.column] = known
        return known

    def places(self, one: Field) -> Iterator[Any]:
        """The place of each object of a column; its error where its type could not be told."""
        assert one.column is not None
        if not one.typed:
            yield from (Place(one.children[0], index) for index in count())
        nodes = {child.number: (child, count()) for child in one.children}
        for kind in self.run.kinds[one.column]:
            if isinstance(kind, Exception):
                yield kind
            else:
                node, indexes = nodes[kind]
                yield Place(node, next(indexes))


def _placed(cell: Any, depth: int, places: Iterator[Any]) -> Any:
    if depth == 0:
        return next(places) if is_object(cell) else cell
    if type(cell) in LISTS:
        return [_placed(item, depth - 1, places) for item in cell]
    return cell
