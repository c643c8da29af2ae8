"""Checks the trail of a domain from its first seal to its last row, and says what somebody has done to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from jobs.trail.anchors import Anchor
from jobs.trail.chain import Chain, Report, Tampering
from kit.fingerprint import fingerprint
from kit.notary import Notaries
from models import seals
from models.acts import Act
from models.seals import Seal
from models.trail import TrailRow

SEALS_AT_ONCE = 200
ROWS_AT_ONCE = 1_000
END_OF_ALL_CHAINS = 2**62

Progress = Callable[[int, int], None]
"""Told how many of how many seals are checked."""


async def verify(
    domain: str, trusted: Notaries, anchors: Iterable[Anchor] = (), progress: Progress = lambda done, total: None
) -> Report:
    """Check everything that stands there now; the sealer may go on meanwhile."""
    anchored = {anchor.number: anchor.hash for anchor in anchors if anchor.domain == domain}
    chain = Chain(domain, trusted)
    end = await seals.newest(domain)
    until = end.number if end else 0
    number = 0
    while batch := await seals.seals_after(domain, number, SEALS_AT_ONCE, until=until):
        if not number:
            await _check_head(chain, batch[0])
        await _take(chain, batch, anchored)
        number = batch[-1].number
        progress(number, until)
    if (furthest := max(anchored, default=0)) > until:
        says = f"the chain ends with seal {until}, but seal {furthest} was anchored"
        chain.found(Tampering.TRUNCATED, str(until + 1), says)
    await _count(chain, until)
    return chain.report


async def _check_head(chain: Chain, first: Seal) -> None:
    """A chain begins with seal 1, or where its older part was archived: the trail itself says so, with a fingerprint
    that nobody makes without the mall's key."""
    if first.number == 1 and not first.previous:
        return
    domain = chain.report.domain
    boundary = boundary_id(domain, first.number - 1)
    told = await seals.acts_upon(domain, boundary, Act.TRAIL_ARCHIVED)
    if fingerprint(first.previous, of=boundary) not in [row.after for row in told]:
        chain.found(Tampering.TRUNCATED, "1", f"the chain begins with seal {first.number}, and no archive was made")


def boundary_id(domain: str, number: int) -> str:
    """The object of the act that archives the chain of a domain up to and with seal `number`."""
    return f"{domain}#{number}"


async def _take(chain: Chain, batch: Sequence[Seal], anchored: dict[int, str]) -> None:
    rows = await rows_under(chain.report.domain, batch)
    for seal in batch:
        chain.take(seal, rows)
        if anchored.get(seal.number, seal.hash) != seal.hash:
            says = f"seal {seal.number} is not the one that was anchored"
            chain.found(Tampering.FORGED, str(seal.number), says)


async def rows_under(domain: str, batch: Sequence[Seal]) -> dict[str, TrailRow]:
    """The rows under some seals that are there, by their ids."""
    ids = [id_ for seal in batch for id_, _ in seal.records]
    rows: dict[str, TrailRow] = {}
    for start in range(0, len(ids), ROWS_AT_ONCE):
        rows |= {row.id: row for row in await seals.rows_of(domain, ids[start : start + ROWS_AT_ONCE])}
    return rows


async def _count(chain: Chain, until: int) -> None:
    """Rows under no seal are counted; only where there are some are they looked for, which takes memory."""
    domain = chain.report.domain
    tally = await seals.tally(domain, until)
    chain.report.waiting = tally.waiting
    if tally.rows > chain.report.rows + tally.waiting + tally.later:
        for id_ in await _under_no_seal(domain, until):
            chain.found(Tampering.INSERTED, id_, f"row {id_} is under no seal")


async def _under_no_seal(domain: str, until: int) -> list[str]:
    """A row goes from the waiting ones under a seal, never back: looked for in that order, none is missed."""
    sealed = await _sealed_after(domain, 0)
    loose: list[str] = []
    last = ""
    while ids := await seals.ids_after(domain, last, ROWS_AT_ONCE):
        doubtful = [id_ for id_ in ids if id_ not in sealed]
        waiting = await seals.still_waiting(domain, doubtful) if doubtful else set()
        loose += [id_ for id_ in doubtful if id_ not in waiting]
        last = ids[-1]
    since = await _sealed_after(domain, until)
    return [id_ for id_ in loose if id_ not in since]


async def _sealed_after(domain: str, number: int) -> set[str]:
    sealed: set[str] = set()
    while batch := await seals.seals_after(domain, number, SEALS_AT_ONCE, until=END_OF_ALL_CHAINS):
        sealed.update(id_ for seal in batch for id_, _ in seal.records)
        number = batch[-1].number
    return sealed
