"""A village whose fields promise to be the same for all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from federation.execution.compiled.answers import Answers, Shared
from tests.federation.execution.fused.village import Village

KINDS = ("Shop", "Good", "Person")


def sharing_village(levels: Mapping[str, Shared] | None = None, **cells: Any) -> Village:
    """`levels` says by name of field for whom it is the same, where that is not for everybody."""
    village = Village(cells=cells)
    for house in village.houses.values():
        fields = {
            (kind, name): replace(
                answer,
                shared=(levels or {}).get(name, "everybody"),
                entities=dict.fromkeys(KINDS, "everybody") if name == "_entities" else {},
            )
            for (kind, name), answer in house.operations.answers.fields.items()
        }
        house.operations.answers = Answers(fields)
    return village
