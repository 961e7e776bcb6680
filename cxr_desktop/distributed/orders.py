"""What is sent to a worker for one film, and what does it there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from cxr_desktop.domain.assessed import AssessedFilm


@dataclass(frozen=True, slots=True)
class FilmOrder:
    """One film: where it lies, as the worker sees it, or (`content`) its bytes."""

    path: Path
    content: bytes | None = None


class FilmWork(Protocol):
    """What assesses films on one worker."""

    def __call__(self, order: FilmOrder) -> AssessedFilm:
        """Assess one. Raises `UserError`."""
        ...

    def close(self) -> None:
        """Release what was opened."""
        ...
