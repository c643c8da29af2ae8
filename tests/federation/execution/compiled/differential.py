"""Holds the compiled executor against graphql-core on random operations."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from typing import Any

from graphql import DocumentNode, ExecutionResult, GraphQLError, execute, parse

from federation.execution.compiled import Compiled, NotCompilable, compile_operation
from federation.execution.compiled.cache import CompiledOperations
from tests.federation.execution.compiled.operations import Asked, operation
from tests.federation.execution.compiled.worlds import Chances, World, world


def shown(data: Any, errors: list[GraphQLError] | None) -> str:
    """An answer so that equal texts are equal answers: key order, kinds of numbers and the order of errors with it."""
    lines = [repr(data)]
    for error in errors or ():
        places = [(place.line, place.column) for place in error.locations or ()]
        lines.append(f"{error.message} at {error.path} {places} {error.extensions}")
    return "\n".join(lines)


def expected(made: World, document: DocumentNode, asked: Asked, root: str) -> str:
    result = execute(made.schema, document, made.root(root), "context", dict(asked.variables))
    assert isinstance(result, ExecutionResult)
    return shown(result.data, result.errors)


async def compare(made: World, asked: Asked, met: Counter[str]) -> str | None:
    """The difference between graphql-core and the compiled operation, settled or with its conditions in the code."""
    document = parse(asked.text)
    root = "Mutation" if asked.text.startswith("mutation") else "Query"
    wanted = expected(made, document, asked, root)
    operations = CompiledOperations(made.schema, made.answers)
    met["operations"] += 1
    met["with errors"] += "\n" in wanted
    for way in ("settled", "open") if "$flag" in asked.text else ("settled",):
        try:
            if way == "settled":
                compiled = operations.compiled(asked.text, document, None, asked.variables)
                if met["operations"] % 4 == 0:
                    await _run_for_others(compiled, made.root(root), asked)
            else:
                compiled = compile_operation(made.schema, document, None, None, made.answers)
            compiled.exact_runs = 0
            got = shown(*await compiled.run(made.root(root), asked.variables, "context"))
        except NotCompilable as left:
            met[f"{way}, left for {left.reason}"] += 1
            continue
        if got != wanted:
            return _report(way, asked, compiled, wanted, got)
        met[f"{way}, {'exact' if compiled.exact_runs else 'fast'}"] += 1
    return None


async def _run_for_others(compiled: Compiled, root: Any, asked: Asked) -> None:
    """Run the operation for somebody who sends no variables: whatever is remembered of that holds for nobody else."""
    if asked.variables:
        with suppress(NotCompilable):
            await compiled.run(root, {}, "context")


def _report(way: str, asked: Asked, compiled: Compiled, wanted: str, got: str) -> str:
    parts = (way, asked.text, asked.variables, "--- graphql-core", wanted, "--- compiled", got, "---", compiled.source)
    return "\n".join(map(str, parts))


async def compare_world(seed: int, operations: int, met: Counter[str], chances: Chances | None = None) -> str | None:
    """The first difference among so many operations on the world of a seed."""
    made = world(seed, chances)
    met["worlds"] += 1
    for number in range(operations):
        difference = await compare(made, operation(made, number), met)
        if difference:
            return f"world {seed}, operation {number}, {difference}"
    return None
