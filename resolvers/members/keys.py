"""Who asks, for fields that are open to members, or to persons under any hat."""

from __future__ import annotations

from kit.viewer import Viewer


def member_of(viewer: Viewer) -> str:
    """The member whose own things are asked for."""
    assert viewer.member_id is not None, "open to members only"
    return viewer.member_id


def person_of(viewer: Viewer) -> str:
    """The person who acts, under any hat."""
    assert viewer.person_id is not None, "open to persons only"
    return viewer.person_id
