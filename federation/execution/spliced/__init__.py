"""Answers spliced of JSON that is kept: each root field of a query is a part, and a part that is the same for all who
may get it is made once and used until something that it was made of changes.

    ledger      what the engine must be told: whether what was read still stands
    fragments   the parts that are kept, bounded
    dividing    an operation with some of its root fields
    parts       which root fields of a plan may be kept, and for whom
    splicing    answers a request of kept parts and of those that are its own
    whole       answers kept whole, where subgraphs are other processes

`docs/execution.md` tells it at length.
"""

from federation.execution.spliced.dividing import with_roots
from federation.execution.spliced.fragments import Fragments
from federation.execution.spliced.ledger import Ledger, Record
from federation.execution.spliced.splicing import Splicer
from federation.execution.spliced.whole import Wholes

__all__ = ["Fragments", "Ledger", "Record", "Splicer", "Wholes", "with_roots"]
