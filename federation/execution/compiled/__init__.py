"""An operation compiled to Python: resolved level by level, completed by one loop for each object of the selection.

    answers       what the compiler is told: how each field is answered, and who may be answered
    collecting    fragments flattened, fields merged, conditions settled or kept
    tree          the operation as a tree of nodes and fields, with numbers for rows and columns
    resolving     writes `resolve`: one call for each field of a level     columns, fetching, kinds are what it calls
    completing    writes `complete`: one loop for each node                leaves are its scalars and enums
    exact         the completer that knows errors, over the same columns
    operation     compiles an operation and runs it
    tracing       when each field of the response was there, for who asks
    cache         which operations are compiled, and how many are kept
    entities      the root field of federation: representations of many types, one call for each

It knows graphql-core's types and batch functions, and nothing else. `docs/execution.md` tells it at length.
"""

from federation.execution.compiled.answers import Answer, Answers, Attribute, BatchCall, Judge, NotCompilable, Plain
from federation.execution.compiled.cache import CompiledOperations
from federation.execution.compiled.entities import found_entities
from federation.execution.compiled.operation import Compiled, compile_operation
from federation.execution.compiled.tracing import Trace

__all__ = [
    "Answer",
    "Answers",
    "Attribute",
    "BatchCall",
    "Compiled",
    "CompiledOperations",
    "Judge",
    "NotCompilable",
    "Plain",
    "Trace",
    "compile_operation",
    "found_entities",
]
