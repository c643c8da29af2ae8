"""A catalogue file becomes rows of text: CSV as Excel writes it in China, or JSON lines."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import orjson

from kit.errors import Invalid
from services.products.listing import COLUMNS, REQUIRED, CatalogueRow, Problem


def rows_of(path: Path) -> tuple[list[CatalogueRow], list[Problem]]:
    """The rows of the file, and what of it is no row. Raises Invalid where the whole file cannot be a catalogue."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise Invalid("catalogue.file", f"{path} cannot be read: {error.strerror}") from None
    text = _decoded(raw)
    match path.suffix.lower():
        case ".csv":
            found = list(_csv_rows(text))
        case ".jsonl":
            found = list(_json_rows(text))
        case _:
            raise Invalid("catalogue.format", f"{path.name} is neither .csv nor .jsonl")
    rows = [row for row in found if isinstance(row, CatalogueRow)]
    return rows, [row for row in found if isinstance(row, Problem)]


def _decoded(raw: bytes) -> str:
    """UTF-8 with or without its mark, or GB18030, which Excel in China writes."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid("catalogue.encoding", "the file is neither UTF-8 nor GB18030 text: save it as CSV UTF-8")


def _csv_rows(text: str) -> Iterator[CatalogueRow | Problem]:
    reader = csv.reader(StringIO(text, newline=""))
    header = [name.strip().lower() for name in next(reader, [])]
    _check_header(header)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield Problem(line, "", "row.csv", f"no CSV: {error}")
            continue
        if cells is None:
            return
        if len(cells) > len(header) and any(cells[len(header) :]):
            yield Problem(line, "", "row.cells", f"{len(cells)} cells under {len(header)} columns")
        elif any(cell.strip() for cell in cells):
            yield CatalogueRow(line, dict(zip(header, cells, strict=False)))


def _check_header(header: list[str]) -> None:
    names = [name for name in header if name]
    if missing := [name for name in REQUIRED if name not in names]:
        raise Invalid("catalogue.columns", f"the first line must name the columns; missing: {', '.join(missing)}")
    if unknown := [name for name in names if name not in COLUMNS]:
        raise Invalid("catalogue.columns", f"unknown columns: {', '.join(unknown)}; known are {', '.join(COLUMNS)}")
    if len(set(names)) < len(names):
        raise Invalid("catalogue.columns", "a column is named twice")


def _json_rows(text: str) -> Iterator[CatalogueRow | Problem]:
    for line, one in enumerate(text.split("\n"), start=1):
        if one.strip():
            try:
                yield _json_row(line, orjson.loads(one))
            except (orjson.JSONDecodeError, ValueError) as error:
                yield Problem(line, "", "row.json", str(error))


def _json_row(line: int, values: Any) -> CatalogueRow:
    if not isinstance(values, dict):
        raise ValueError("not a JSON object")
    if unknown := [name for name in values if name not in COLUMNS]:
        raise ValueError(f"unknown columns: {', '.join(unknown)}")
    return CatalogueRow(line, {name: _text(name, value) for name, value in values.items()})


def _text(name: str, value: Any) -> str:
    """A JSON value as a CSV cell has it."""
    match value:
        case None:
            return ""
        case bool():
            raise ValueError(f"{name} must not be true or false")
        case str() | int() | float():
            return str(value)
        case [*parts] if name == "tags":
            return "|".join(_text(name, part) for part in parts)
        case {**pairs} if name == "options":
            return ";".join(f"{key}={_text(name, part)}" for key, part in pairs.items())
        case _:
            raise ValueError(f"{name} must be text or a number")
