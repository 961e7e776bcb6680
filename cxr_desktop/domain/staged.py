"""A film whose bytes are in the data folder already, but not in a film's place yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class StagedFilm:
    """Where film and small picture lie encrypted; the SHA-256 is of the film's bytes."""

    sha256: str
    part: Path
    small: Path


class FilmStage(Protocol):
    """Stores a film before it is known whether it will be kept."""

    def stage(self, path: Path, thumbnail: bytes) -> StagedFilm:
        """Encrypt a file and its small picture into the data folder, durably before returning.

        Raises `FilmRefused` (changed) when it cannot be read, and `StorageUnavailable` when it
        cannot be written.
        """
        ...

    def place(self, staged: StagedFilm) -> bool:
        """Make it a kept film, durably; False when it cannot be, and the film must be kept anew.

        Raises `StorageUnavailable`.
        """
        ...

    def place_all(self, staged: Sequence[StagedFilm]) -> list[bool]:
        """Do that for several films: they share the waits for the disk.

        Raises `StorageUnavailable`; then some of them may be kept films.
        """
        ...

    def discard(self, staged: StagedFilm) -> None:
        """Remove what was staged and not put in its place; never raises."""
        ...
