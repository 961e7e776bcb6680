"""Who has taken the tour of the window."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class TourStore(Protocol):
    """Who took the tour, or said that they need none."""

    def has(self, user: str) -> bool:
        """Whether this person has."""
        ...

    def add(self, user: str, time: datetime) -> None:
        """Note that they have; a second time changes nothing."""
        ...
