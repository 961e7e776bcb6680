"""What the Groups tab shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cxr_desktop.domain.roles import Group
from cxr_desktop.ui.errors import Notice


@dataclass(frozen=True, slots=True)
class Loading:
    """The groups are on their way."""


@dataclass(frozen=True, slots=True)
class Listed:
    """All groups as they are shown, and how many accounts each has.

    While something is being saved, `groups` already has it; after a refusal it is as stored, and
    `notice` says why.
    """

    groups: tuple[Group, ...]
    members: Mapping[str, int]
    saving: bool = False
    notice: Notice | None = None


@dataclass(frozen=True, slots=True)
class LoadFailed:
    """The groups could not be read."""

    notice: Notice


GroupsState = Loading | Listed | LoadFailed
