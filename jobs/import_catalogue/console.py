"""The import as a command: a progress bar, a table of refused rows, one line of what happened."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from jobs.import_catalogue import Report, import_catalogue
from kit.settings import Settings
from models.base import open_database


async def run(settings: Settings, path: Path, shop_id: str) -> Report:
    """Import the file and show what was refused; the report's text is the line to end with."""
    screen = Console(stderr=True)
    async with open_database(settings):
        with Progress(console=screen, transient=True, disable=not screen.is_terminal) as bar:
            task = bar.add_task("products", total=None)
            report = await import_catalogue(
                path, shop_id, progress=lambda done, total: bar.update(task, completed=done, total=total)
            )
    if report.problems:
        screen.print(table_of(report))
    return report


def table_of(report: Report) -> Table:
    """Every problem, by line."""
    table = Table(title="refused")
    for name in ("line", "column", "code", "reason"):
        table.add_column(name, overflow="fold")
    for problem in report.problems:
        # Texts come from the file: they are never markup.
        table.add_row(str(problem.line), problem.column, problem.code, Text(problem.reason))
    return table
