"""What a believable mall is made of: names, places, and a vocabulary per leaf of the category tree.

Every brand here is invented. A vocabulary is compact text, read once by `vocabulary`:

    items: `名称 元价 [@产地/产地] [#choice]`, one per line or separated by `;`, `_` stands for a space in a name
    choices: name -> `规格: 500g/袋 1kg/袋=1.9` (options with their factor of the price), `|` between two options
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from models.states import ProductKind


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose, such as 规格, with each value's price factor in hundredths."""

    name: str
    values: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Item:
    """A thing that is sold; `price` in fen, of its first option values."""

    name: str
    price: int
    origins: tuple[str, ...]
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Leaf:
    """A leaf of the platform's category tree and the words for what is sold under it."""

    name: str
    slug: str
    kind: ProductKind
    brands: tuple[str, ...]
    grades: tuple[str, ...]
    """What may stand before an item's name; '' means nothing does."""
    points: tuple[str, ...]
    tags: tuple[str, ...]
    items: tuple[Item, ...]
    unit: str


@dataclass(frozen=True, slots=True)
class Root:
    """A root of the category tree: a field of business."""

    name: str
    slug: str
    leaves: tuple[Leaf, ...]


def vocabulary(
    name: str,
    slug: str,
    *,
    kind: ProductKind,
    choices: Mapping[str, str],
    items: str,
    brands: str = "",
    grades: str = "",
    points: str = "",
    tags: str = "",
    unit: str = "",
) -> Leaf:
    """Read one leaf's words. The first of `choices` is that of items which name none."""
    read = {key: _options(text) for key, text in choices.items()}
    lines = [line.split() for line in items.replace(";", "\n").splitlines() if line.strip()]
    return Leaf(
        name=name,
        slug=slug,
        kind=kind,
        brands=tuple(brands.split()),
        grades=("", *grades.split()),
        points=tuple(points.split()),
        tags=tuple(tags.split()),
        items=tuple(_item(line, read, default=next(iter(read))) for line in lines),
        unit=unit,
    )


def _item(words: list[str], choices: Mapping[str, tuple[Option, ...]], *, default: str) -> Item:
    name, price, *rest = words
    origins = next((tuple(word[1:].split("/")) for word in rest if word.startswith("@")), ())
    choice = next((word[1:] for word in rest if word.startswith("#")), default)
    return Item(name.replace("_", " "), round(float(price) * 100), origins, choices[choice])


def _options(text: str) -> tuple[Option, ...]:
    return tuple(_option(part) for part in text.split("|"))


def _option(text: str) -> Option:
    name, _, values = text.partition(":")
    pairs = (value.partition("=") for value in values.split())
    return Option(name.strip(), tuple((word.replace("_", " "), round(float(by or 1) * 100)) for word, _, by in pairs))


def listed(text: str) -> tuple[str, ...]:
    """The words of `text`, which spaces part."""
    return tuple(text.split())
