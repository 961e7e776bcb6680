"""A DICOM file's tags as lines to look at."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

VALUE_LIMIT = 256
NAME_LIMIT = 64


@dataclass(frozen=True, slots=True)
class TagRow:
    """One tag: "(0010,0010)", its name, value representation and value, as plain text.

    `depth` counts the sequences that it lies in. A binary value is told by its size alone.
    """

    tag: str
    name: str
    kind: str
    value: str
    depth: int = 0

    def __post_init__(self) -> None:
        """Cap every text and blank what cannot be seen: all of it comes from a file."""
        for field, limit in (
            ("tag", 16),
            ("name", NAME_LIMIT),
            ("kind", 8),
            ("value", VALUE_LIMIT),
        ):
            text = str(getattr(self, field))[:limit]
            shown = "".join(c if c.isprintable() else " " for c in text)
            object.__setattr__(self, field, shown)


@dataclass(frozen=True, slots=True)
class TagList:
    """The tags of the file with this SHA-256; `is_cut` says that there are more than were read."""

    sha256: str
    rows: tuple[TagRow, ...]
    is_cut: bool = False


class TagReader(Protocol):
    """Reads the tags of a DICOM file."""

    def list_tags(self, path: Path) -> TagList:
        """Raise `FilmRefused` for a file that has none or cannot be read."""
        ...

    def list_tags_of(self, content: bytes) -> TagList:
        """Return the tags of a file with these bytes; raise as `list_tags` does."""
        ...
