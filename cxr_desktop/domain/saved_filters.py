"""What the History is narrowed to, and such filters kept under a name by each person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.review import Agreement

MOST_SAVED = 30
NAME_LIMIT = 60


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is narrowed to; an empty field does not narrow. Days are inclusive."""

    text: str = ""
    verdict: Verdict | None = None
    user: str = ""
    first_day: date | None = None
    last_day: date | None = None
    reviewed: bool | None = None
    agreement: Agreement | None = None
    deleted: bool = False
    signed: bool | None = None
    read_by: str = ""
    model: str = ""


@dataclass(frozen=True, slots=True)
class SavedFilter:
    """Filters under a name of 1 to 60 characters."""

    name: str
    filters: Filters

    def __post_init__(self) -> None:
        """Raise ValueError for no name, or one that is too long."""
        if not 0 < len(self.name) <= NAME_LIMIT:
            raise ValueError("a saved filter has a name of 1 to 60 characters")


class SavedFilterStore(Protocol):
    """Each person's own; a name stands once for each of them, whatever its case."""

    def of(self, user: str) -> Sequence[SavedFilter]:
        """Return a person's, by name."""
        ...

    def put(self, user: str, saved: SavedFilter) -> None:
        """Add it, or replace the one of that name."""
        ...

    def remove(self, user: str, name: str) -> None:
        """Take it away; nothing happens where there is none."""
        ...
