"""The full check of a data folder, as people see it, and who reads the folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class FullCheck:
    """What a check of everything found, at `time` (aware UTC): so many films, so many damaged."""

    time: datetime
    films: int
    damaged_films: int
    database_sound: bool
    log_sound: bool

    @property
    def found_nothing(self) -> bool:
        """Whether all is as it was stored."""
        return self.database_sound and self.log_sound and self.damaged_films == 0

    @property
    def words(self) -> str:
        """Say what was found."""
        if self.found_nothing:
            return f"{self.films} films, database and audit log are as they were stored."
        found = [
            "" if self.database_sound else "the database is damaged",
            "" if self.log_sound else "the audit log was changed",
            f"{self.damaged_films} of {self.films} films are damaged or missing"
            if self.damaged_films
            else "",
        ]
        return f"The full check found: {', '.join(filter(None, found))}."


class FolderParts(Protocol):
    """Reads a data folder, part by part."""

    def database_is_sound(self) -> bool:
        """Whether the whole database is as it should be."""
        ...

    def log_is_sound(self) -> bool:
        """Whether no event of the audit log was changed."""
        ...

    def films(self) -> Sequence[str]:
        """Return the SHA-256 of every stored film, in order. Raises `StorageUnavailable`."""
        ...

    def film_is_sound(self, sha256: str) -> bool:
        """Whether the stored film is the one that was classified."""
        ...
