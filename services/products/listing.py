"""What a row of a shop's catalogue must be: pure rules, one per column, every problem of a row at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from models.states import ProductKind, Trade

REQUIRED = ("code", "name", "category", "price")
KINDS: Mapping[Trade, tuple[ProductKind, ...]] = {
    Trade.RETAIL: (ProductKind.GOODS,),
    Trade.FRESH: (ProductKind.WEIGHED, ProductKind.GOODS),
    Trade.RESTAURANT: (ProductKind.DISH, ProductKind.GOODS),
    Trade.HOME_SERVICE: (ProductKind.APPOINTMENT, ProductKind.GOODS),
    Trade.HOTEL: (ProductKind.NIGHT, ProductKind.GOODS),
}
"""What a shop of the trade may sell; the first is what it sells where nothing is said."""

_PRICE = re.compile(r"\d{1,9}(\.\d{1,2})?", re.ASCII)
_WHOLE = re.compile(r"\d{1,8}", re.ASCII)
_MOST_TAGS, _TAG_LENGTH, _MOST_OPTIONS, _OPTION_LENGTH = 10, 20, 5, 40


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Why a row was refused. `line` is its line in the file, the first being 1."""

    line: int
    column: str
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class CatalogueRow:
    """One row as it was read: column -> text, no entry or '' where there is none."""

    line: int
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SkuLine:
    """A SKU as a good row has it; money in fen, `stock` None where the row says nothing of it."""

    line: int
    sku_code: str
    options: tuple[tuple[str, str], ...]
    price: int
    list_price: int | None
    stock: int | None


@dataclass(frozen=True, slots=True)
class Listing:
    """A product as the good rows with its code have it."""

    code: str
    name: str
    subtitle: str
    category: str
    """Id of the leaf."""
    shop_category: str
    kind: ProductKind | None
    """None where the rows leave it to the shop's trade."""
    image: str
    tags: tuple[str, ...]
    origin: str
    lines: tuple[SkuLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Rules:
    """What the mall and the shop allow."""

    trade: Trade
    leaves: Mapping[str, str]
    """Path or name -> id of the category's leaves."""


def listings_of(rows: Iterable[CatalogueRow], rules: Rules) -> tuple[list[Listing], list[Problem]]:
    """The products that `rows` make, and every problem of every bad row.

    Rows with one code are SKUs of one product: the first good one says what it is, later ones may leave that out.
    """
    listings: dict[str, Listing] = {}
    sku_lines: dict[str, int] = {}
    problems: list[Problem] = []
    for row in rows:
        known = listings.get(row.values.get("code", "").strip())
        found = _Reading(row, rules, known, sku_lines)
        if found.problems:
            problems += found.problems
        else:
            line = found.line()
            sku_lines[line.sku_code] = row.line
            listing = known or found.listing()
            listings[listing.code] = replace(listing, lines=(*listing.lines, line))
    return list(listings.values()), sorted(problems)


class _Refused(Exception):
    """A value breaks its column's rule."""

    def __init__(self, fault: str, reason: str) -> None:
        super().__init__(reason)
        self.fault, self.reason = fault, reason


class _Reading:
    """One row, read by the rules."""

    def __init__(self, row: CatalogueRow, rules: Rules, known: Listing | None, sku_lines: Mapping[str, int]) -> None:
        self._row, self._known = row, known
        self._values: dict[str, Any] = {}
        self.problems: list[Problem] = []
        for column, rule in _COLUMNS.items():
            self._read(column, rule, rules)
        self._values["sku_code"] = self._values.get("sku_code") or self._values.get("code", "")
        if not self.problems:
            for column, fault, reason in self._contradictions(sku_lines):
                self._add(column, fault, reason)

    def _read(self, column: str, rule: Callable[[str, Rules], Any], rules: Rules) -> None:
        text = self._row.values.get(column, "").strip()
        if not text and self._known and hasattr(self._known, column):
            self._values[column] = getattr(self._known, column)
        elif not text and column in REQUIRED:
            self._add(column, "missing", f"{column} is empty")
        else:
            try:
                self._values[column] = rule(text, rules)
            except _Refused as refused:
                self._add(column, refused.fault, refused.reason)

    def _add(self, column: str, fault: str, reason: str) -> None:
        self.problems.append(Problem(self._row.line, column, f"{column}.{fault}", reason))

    def _contradictions(self, sku_lines: Mapping[str, int]) -> Iterator[tuple[str, str, str]]:
        values, known = self._values, self._known
        if values["list_price"] is not None and values["list_price"] <= values["price"]:
            yield "list_price", "low", "list_price must be above price"
        if before := sku_lines.get(values["sku_code"]):
            yield "sku_code", "repeated", f"sku_code {values['sku_code']} stands in line {before} already"
        if known is None:
            return
        for column in _PRODUCT_COLUMNS:
            if values[column] != getattr(known, column):
                yield (
                    column,
                    "differs",
                    f"{column} is another than in line {known.lines[0].line}, which has the same code",
                )
        if [name for name, _ in values["options"]] != [name for name, _ in known.lines[0].options]:
            yield "options", "differs", f"options have other names than in line {known.lines[0].line}"

    def line(self) -> SkuLine:
        values = self._values
        columns = ("sku_code", "options", "price", "list_price", "stock")
        return SkuLine(self._row.line, **{column: values[column] for column in columns})

    def listing(self) -> Listing:
        return Listing(code=self._values["code"], **{column: self._values[column] for column in _PRODUCT_COLUMNS})


def _text(most: int) -> Callable[[str, Rules], str]:
    def rule(text: str, rules: Rules) -> str:
        if len(text) > most:
            raise _Refused("long", f"{len(text)} characters are too many, {most} are the most")
        if any(ord(letter) < 32 for letter in text):
            raise _Refused("control", "there are control characters in it")
        return text

    return rule


def _category(text: str, rules: Rules) -> str:
    path = "/".join(part.strip() for part in text.split("/"))
    if path not in rules.leaves:
        raise _Refused("unknown", "there is no such leaf in the category tree: give 类目/子类目")
    return rules.leaves[path]


def _kind(text: str, rules: Rules) -> ProductKind | None:
    if not text:
        return None
    allowed = KINDS[rules.trade]
    if text.upper() not in [kind.value for kind in allowed]:
        raise _Refused("refused", f"a {rules.trade} shop sells {' or '.join(allowed)}, not this")
    return ProductKind(text.upper())


def _price(text: str, rules: Rules) -> int:
    if not _PRICE.fullmatch(text) or not Decimal(text):
        raise _Refused("bad", "this is no price in yuan such as 12.90")
    return int(Decimal(text) * 100)


def _optional_price(text: str, rules: Rules) -> int | None:
    return _price(text, rules) if text else None


def _image(text: str, rules: Rules) -> str:
    if text and (urlsplit(text).scheme not in ("http", "https") or not urlsplit(text).netloc):
        raise _Refused("bad", "this is no http or https address")
    return _text(200)(text, rules)


def _tags(text: str, rules: Rules) -> tuple[str, ...]:
    tags = tuple(dict.fromkeys(tag.strip() for tag in text.split("|") if tag.strip()))
    if len(tags) > _MOST_TAGS or any(len(tag) > _TAG_LENGTH for tag in tags):
        raise _Refused("long", f"at most {_MOST_TAGS} tags of at most {_TAG_LENGTH} characters")
    return tags


def _options(text: str, rules: Rules) -> tuple[tuple[str, str], ...]:
    parts = [part.strip() for part in text.replace("；", ";").split(";") if part.strip()]
    pairs = tuple((name.strip(), value.strip()) for name, _, value in (part.partition("=") for part in parts))
    if any(not name or not value or len(name) + len(value) > _OPTION_LENGTH for name, value in pairs):
        raise _Refused("bad", "this is not of the form 颜色=红;规格=500g")
    if len({name for name, _ in pairs}) < len(pairs) or len(pairs) > _MOST_OPTIONS:
        raise _Refused("repeated", f"at most {_MOST_OPTIONS} options, each once")
    return pairs


def _stock(text: str, rules: Rules) -> int | None:
    if not text:
        return None
    if not _WHOLE.fullmatch(text):
        raise _Refused("bad", "this is no whole number of units")
    return int(text)


_COLUMNS: Mapping[str, Callable[[str, Rules], Any]] = {
    "code": _text(40),
    "name": _text(60),
    "subtitle": _text(100),
    "category": _category,
    "shop_category": _text(20),
    "kind": _kind,
    "price": _price,
    "list_price": _optional_price,
    "image": _image,
    "tags": _tags,
    "origin": _text(40),
    "sku_code": _text(40),
    "options": _options,
    "stock": _stock,
}
_PRODUCT_COLUMNS = ("name", "subtitle", "category", "shop_category", "kind", "image", "tags", "origin")
COLUMNS = tuple(_COLUMNS)
"""In the order in which a template has them."""
