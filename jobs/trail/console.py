"""Checking and archiving the trail as commands: a progress bar, then a line for each domain and for each finding."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from jobs.trail import anchors
from jobs.trail.archive import Archived, archive, verify_archive
from jobs.trail.chain import Report
from jobs.trail.verify import verify
from kit.notary import Notaries, Notary
from kit.settings import Settings
from models.base import open_database

MOST_SHOWN = 20


async def check(settings: Settings, domains: Sequence[str], archives: Sequence[Path]) -> list[Report]:
    """Check the trails of some domains, and archives of trails; archives alone where there are any."""
    trusted = notaries_of(settings)
    if archives:
        return [verify_archive(path, trusted) for path in archives]
    noted = anchors.read(settings.audit_anchors)
    screen = Console(stderr=True)
    async with open_database(settings):
        with Progress(console=screen, disable=not screen.is_terminal) as bar:
            return [await verify(domain, trusted, noted, _steps(bar, domain)) for domain in domains]


def _steps(bar: Progress, domain: str) -> Callable[[int, int], None]:
    task = bar.add_task(domain)
    return lambda done, total: bar.update(task, completed=done, total=total)


async def move(settings: Settings, domains: Sequence[str], folder: Path, days: int) -> list[Archived]:
    """Archive what is older than `days`, one file after the other. Raises Invalid, Refused, Conflict."""
    trusted, moved = notaries_of(settings), []
    async with open_database(settings):
        for domain in domains:
            while (done := await archive(domain, folder, trusted, keep=timedelta(days=days))).file:
                moved.append(done)
    return moved


def notaries_of(settings: Settings) -> Notaries:
    """Whose seals are trusted here."""
    if settings.audit_public_keys:
        return Notaries.from_file(settings.audit_public_keys)
    return Notaries([Notary.from_file(settings.audit_key).public])


def told(report: Report) -> str:
    """What a person reads of a report: first the first bad row."""
    state = "whole" if not report.findings else f"NOT WHOLE: {len(report.findings)} findings, the first one first"
    lines = [f"{report.domain}: {state} ({report.rows:,} rows under {report.seals:,} seals)"]
    lines += [f"  {found.kind}: {found.says}" for found in report.findings[:MOST_SHOWN]]
    if report.waiting:
        lines.append(f"  {report.waiting:,} rows wait for their seal")
    if report.late:
        lines.append(f"  {report.late:,} rows were sealed more than five minutes after their act")
    return "\n".join(lines)
