"""Curves as pictures: bench/plots/NAME.png."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot  # after the choice of a way to draw that needs no screen

FOLDER = Path(__file__).parent / "plots"


@dataclass(slots=True)
class Curve:
    """Points that belong together."""

    name: str
    points: list[tuple[float, float]] = field(default_factory=list)

    def add(self, x: float, y: float) -> None:
        self.points.append((x, y))


def draw(name: str, curves: Sequence[Curve], *, x: str, y: str, title: str, log: bool = True) -> None:
    """The curves in one picture; `log` has both axes grow by factors."""
    FOLDER.mkdir(exist_ok=True)
    figure, axes = pyplot.subplots(figsize=(7, 4.5), layout="constrained")
    for curve in curves:
        axes.plot(*zip(*curve.points, strict=True), marker="o", label=curve.name)
    if log:
        axes.set_xscale("log")
        axes.set_yscale("log")
    axes.set(xlabel=x, ylabel=y, title=title)
    axes.grid(visible=True, which="both", alpha=0.3)
    axes.legend()
    figure.savefig(FOLDER / f"{name}.png", dpi=110)
    pyplot.close(figure)
