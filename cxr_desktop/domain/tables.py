"""A table that leaves the program, and what writes it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

Cell = str | int | float | None


class TableWriter(Protocol):
    """Writes a table into a file for a spreadsheet."""

    def __call__(self, path: Path, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
        """Write all of it or nothing. Raises `StorageUnavailable` or `InvalidRequest`."""
        ...
