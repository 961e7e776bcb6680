"""Exams taken out of lists and figures, for a reason, and brought back; nothing is lost by it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cxr_desktop.domain.audit import AuditEvent

SHORTEST_REASON, LONGEST_REASON = 5, 300


@dataclass(frozen=True, slots=True)
class Deletion:
    """Who deleted an exam, when and why; with `brought_back`, who brought it back."""

    exam_id: str
    user: str
    time: datetime
    reason: str
    brought_back: bool = False

    def __post_init__(self) -> None:
        """Raise ValueError for a time without a zone."""
        if self.time.tzinfo is None:
            raise ValueError("a deletion needs an aware time")


class DeletionStore(Protocol):
    """Deletions and returns; rows are only added, the latest of an exam counts."""

    def note(self, deletion: Deletion, event: AuditEvent) -> None:
        """Store both in one transaction.

        Raises `InvalidRequest` for an unknown exam, and for one that is deleted (or there) already.
        """
        ...
