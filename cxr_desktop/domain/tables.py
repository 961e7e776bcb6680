"""A table that leaves the program, and what writes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Generic, Protocol, TypeVar

Row = TypeVar("Row")
Cell = str | int | float | None
# What Excel, LibreOffice and their East Asian editions begin a formula with (OWASP, "CSV
# Injection"), tab and line ends among them.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


TableFormat = Callable[[Sequence[str], Iterable[Sequence[Cell]]], Iterator[bytes]]
"""Turns a heading and its rows into the bytes of a file, piece by piece."""


class TableWriter(Protocol):
    """Writes a table into a file for a spreadsheet."""

    def __call__(self, path: Path, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
        """Write all of it or nothing. Raises `StorageUnavailable` or `InvalidRequest`."""
        ...


class Counted(Generic[Row]):
    """Rows on their way into a file; `count` says how many went by."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows = rows
        self.count = 0

    def __iter__(self) -> Iterator[Row]:
        """Give each row once."""
        for row in self._rows:
            self.count += 1
            yield row


def csv_cell(cell: Cell) -> str:
    """Return a cell as a CSV file has it: numbers exact, texts harmless, nothing for None."""
    if cell is None:
        return ""
    return harmless(cell) if isinstance(cell, str) else repr(cell)


def harmless(text: str) -> str:
    """Return text in one line that no spreadsheet takes for a formula."""
    shown = one_line(text)
    return f"'{shown}" if text.startswith(FORMULA) or shown.lstrip().startswith(FORMULA) else shown


def one_line(text: str) -> str:
    """Return text that can be written as UTF-8: no line ends, nothing unprintable."""
    readable = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return "".join(c if c.isprintable() or c in "\u200c\u200d" else " " for c in readable)
