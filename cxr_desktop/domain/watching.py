"""A folder that is watched: its files, what became of them, and who looks after them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

Handled = Literal["remembered", "moved"]
HANDLED: tuple[Handled, ...] = ("remembered", "moved")
LOOK_EVERY_S = 3
AFTER_FAILURE_S = 30
"""Seconds until the next look, and until the next after one that failed."""


@dataclass(frozen=True, slots=True)
class FileMark:
    """By which a file is known again: its size, and when it was changed (ns)."""

    size: int
    modified_ns: int


@dataclass(frozen=True, slots=True)
class WatchLook:
    """What one look at the folder brought.

    `folder` is empty while none is watched. `waiting` files are still being written, or come next:
    `more` of them are ready. `problem` says why nothing could be done, and what to do.
    """

    folder: str = ""
    waiting: int = 0
    more: bool = False
    problem: str = ""


class WatchedFiles(Protocol):
    """Remembers which files were handled, through restarts and sudden ends."""

    def known(self) -> Mapping[str, FileMark]:
        """Return the path and mark of every file that was handled."""
        ...

    def remember(self, path: Path, mark: FileMark) -> None:
        """Note that a file was handled. Raises `StorageUnavailable`."""
        ...


class FolderFiles(Protocol):
    """The files of a watched folder. Both may block for long: it may lie on a network share."""

    def of(self, folder: Path, *, without: Sequence[str]) -> Mapping[Path, FileMark]:
        """Return all files in the folder and below, but for these subfolders of it.

        Raises `OSError` when the folder is not there.
        """
        ...

    def is_being_written(self, path: Path) -> bool:
        """Whether another program has the file open to write it, as far as this can be known."""
        ...

    def move(self, path: Path, into: Path) -> None:
        """Move a file into a folder, over no other file. Raises `OSError`."""
        ...


FilmsIn = Callable[[Path], Sequence[Path]]
"""The films that a file is or holds; none for a file that is no film."""
