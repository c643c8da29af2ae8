"""Compiles an operation and runs it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import repeat
from typing import Any

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
)
from graphql.utilities import get_operation_ast

from federation.execution.compiled import completing
from federation.execution.compiled.answers import Answers, NotCompilable, Shared
from federation.execution.compiled.collecting import Collector, flag_names
from federation.execution.compiled.columns import items, objects, of_kind, read
from federation.execution.compiled.exact import Exact
from federation.execution.compiled.inputs import Inputs, Taken
from federation.execution.compiled.resolving import write_resolve
from federation.execution.compiled.running import Origin, Run, arguments_of
from federation.execution.compiled.source import Source
from federation.execution.compiled.tracing import Trace
from federation.execution.compiled.tree import Node, Tree, every_field, every_node, grow, narrow, shared_of
from federation.execution.eager import together
from federation.execution.pace import Pace

NAMES: dict[str, object] = {
    **completing.NAMES,
    "absent": repeat(None),
    "items": items,
    "objects": objects,
    "of_kind": of_kind,
    "read": read,
    "together": together,
}
"""What generated code may call."""

Result = tuple[dict[str, Any] | None, list[GraphQLError]]


@dataclass(frozen=True, slots=True)
class Stage:
    """What is resolved and completed as one: all of a query, or one root field of a mutation, whose key is `key`."""

    key: str | None
    resolve: Callable[[Run], Coroutine[Any, Any, None]]
    complete: Callable[[Run], Generator[None, None, dict[str, Any]]]


@dataclass(slots=True)
class Compiled:
    """An operation as Python. `source` is its text, `size` its number of fields.

    `flags` are the values of the variables of `@skip` and `@include` for which it holds; None where it holds for all,
    and asks each run for its `open_flags`. `shared` says for whom all of it is the same.
    `exact_runs` counts the runs that the exact completer had to complete.
    """

    origin: Origin
    tree: Tree
    source: str
    stages: tuple[Stage, ...]
    flags: Mapping[str, bool] | None
    open_flags: tuple[str, ...] = ()
    exact_runs: int = 0
    inputs: Inputs = field(init=False)
    shared: Shared = field(init=False)

    def __post_init__(self) -> None:
        definitions = self.origin.operation.variable_definitions or ()
        fields = () if self.flags is None else tuple(every_field(self.tree.root))
        self.inputs = Inputs(self.origin.schema, definitions, fields, self.tree.columns)
        reads = self.origin.operation.operation is OperationType.QUERY
        self.shared = shared_of(self.tree.root) if reads else "nobody"

    @property
    def size(self) -> int:
        return self.tree.fields

    async def run(self, root: Any, variables: Mapping[str, Any], context: Any, trace: Trace | None = None) -> Result:
        """The data and errors of one run; `variables` as the client sent them. `trace` is told what it sees.

        Raises NotCompilable, before anything is resolved, where the variables are not those of this variant.
        """
        taken = self.inputs.take(variables)
        if isinstance(taken, list):
            return None, taken
        run = self.begin(taken, root, context, Pace())
        run.trace = trace
        data: dict[str, Any] = {}
        for stage, part in self._stages(run.node):
            await stage.resolve(run)
            done = await self._completed(stage, part, run)
            if done is None:
                return None, run.errors
            data |= done
        return data, run.errors

    def begin(self, taken: Taken, root: Any, context: Any, pace: Pace) -> Run:
        """A run that has resolved nothing yet. Raises NotCompilable where it is not one of this variant."""
        given = taken.variables.coerced
        if self.flags is not None and any(given.get(name) is not wanted for name, wanted in self.flags.items()):
            raise NotCompilable("flags")
        node = self._narrowed(given) if self.flags is None else self.tree.root
        columns: list[Sequence[Any]] = [()] * self.tree.columns
        rows: list[Sequence[Any]] = [()] * self.tree.nodes
        kinds: list[list[int | Exception]] = [[]] * self.tree.columns
        rows[0] = [root]
        run = Run(self.origin, node, root, context, taken.variables, taken.arguments, columns, rows, kinds, pace)
        if self.flags is None:
            self._settle(run, node)
        return run

    async def resolve(self, run: Run) -> None:
        """Fill the rows and columns of a query's run."""
        await self.stages[0].resolve(run)

    async def complete(self, run: Run) -> Result:
        """What a query's run makes of its rows and columns: its data and errors."""
        return await self._completed(self.stages[0], run.node, run), run.errors

    def _narrowed(self, coerced: Mapping[str, Any]) -> Node:
        if any(not isinstance(coerced.get(name), bool) for name in self.open_flags):
            raise NotCompilable("flags")
        return narrow(self.tree.root, coerced)

    def _settle(self, run: Run, node: Node) -> None:
        """Tell a run which fields it has, in which order, and their arguments."""
        run.narrowed = {one.number: one for one in every_field(node)}
        run.on = [number in run.narrowed for number in range(self.tree.fields)]
        keys = {part.number: tuple(one.key for one in part.fields) for part in every_node(node)}
        run.keys = [keys.get(number) for number in range(self.tree.nodes)]
        for one in run.narrowed.values():
            if one.column is not None:
                run.arguments[one.column] = arguments_of(one, run.variables)

    def _stages(self, node: Node) -> Iterator[tuple[Stage, Node]]:
        if self.stages and self.stages[0].key is None:
            yield self.stages[0], node
            return
        stages = {stage.key: stage for stage in self.stages}
        for one in node.fields:
            yield stages[one.key], replace(node, fields=(one,))

    async def _completed(self, stage: Stage, node: Node, run: Run) -> dict[str, Any] | None:
        if not run.exact and run.trace is None:  # the exact completer knows the path of what it completes
            try:
                done: dict[str, Any] = await run.pace.drive(stage.complete(run))
                return done
            except Exception:
                run.exact = True
        self.exact_runs += 1
        completed: dict[str, Any] | None = await run.pace.drive(Exact(run).complete(node))
        run.exact = False
        return completed


def compile_operation(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation_name: str | None,
    flags: Mapping[str, bool] | None,
    answers: Answers,
) -> Compiled:
    """Compile an operation of a validated document.

    `flags` has a value for each variable that decides a `@skip` or `@include` (see `flag_names`); None compiles the
    conditions into the code. Raises NotCompilable, with the reason, for what is left to graphql-core.
    """
    operation = get_operation_ast(document, operation_name)
    if operation is None:
        raise NotCompilable("unknown-operation")
    if any(directive.name.value == "experimental_disableErrorPropagation" for directive in operation.directives or ()):
        raise NotCompilable("error-propagation")
    root = schema.get_root_type(operation.operation)
    if root is None:
        raise NotCompilable("unknown-operation")
    fragments = fragments_of(document)
    open_flags = flag_names(operation.selection_set, fragments) if flags is None else ()
    if not open_flags:
        flags = flags or {}
    tree = grow(Collector(schema, fragments, flags), answers, root, operation.selection_set)
    source, stages = _written(tree, operation, answers)
    return Compiled(Origin(schema, operation, fragments), tree, source, stages, flags, open_flags)


def fragments_of(document: DocumentNode) -> dict[str, FragmentDefinitionNode]:
    """The fragments of a document by name."""
    return {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}


def _written(tree: Tree, operation: OperationDefinitionNode, answers: Answers) -> tuple[str, tuple[Stage, ...]]:
    source, root = Source(), tree.root
    parts: list[tuple[str | None, str, Node]] = [(None, "", root)]
    if operation.operation is OperationType.MUTATION:
        parts = [(one.key, f"_{one.number}", replace(root, fields=(one,))) for one in root.fields]
    for _, suffix, node in parts:
        write_resolve(source, f"resolve{suffix}", node, by_class=answers.types_by_class)
        source.add()
        source.add()
        completing.write_complete(source, f"complete{suffix}", node)
    namespace: dict[str, Any] = {**NAMES, **source.names}
    exec(compile(source.text, "<compiled operation>", "exec"), namespace)
    stages = (Stage(key, namespace[f"resolve{suffix}"], namespace[f"complete{suffix}"]) for key, suffix, _ in parts)
    return source.text, tuple(stages)
