"""How long exams are kept, and the act that removes them for good."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cxr_desktop.domain.audit import AuditEvent


@dataclass(frozen=True, slots=True)
class Due:
    """Which exams the rule no longer keeps; None where a part of it is off.

    `deleted_before`: exams deleted before this moment; `made_before`: all made before this one.
    """

    deleted_before: datetime | None
    made_before: datetime | None

    @property
    def is_off(self) -> bool:
        """Whether everything is kept."""
        return self.deleted_before is None and self.made_before is None


class RetentionStore(Protocol):
    """Empties exams: what stays is a row without patient, film, answer and words."""

    def count(self, due: Due) -> int:
        """Return how many exams are due."""
        ...

    def remove(self, due: Due, limit: int, event: Callable[[int], AuditEvent]) -> int:
        """Empty up to `limit` exams in one transaction with the event made from their number.

        Returns how many; with none, nothing is stored.
        """
        ...

    def tidy(self) -> None:
        """Write the search anew, so that no word of what was removed lies in unused parts of it."""
        ...

    def films(self) -> Sequence[str]:
        """Return the SHA-256 of films that no exam has any more and whose files are still there."""
        ...

    def release(self, sha256: str, forget: Callable[[str], bool]) -> bool:
        """Call `forget` unless an exam has the film again, while no exam can be added.

        Returns whether its file is gone; `forget` says so.
        """
        ...
