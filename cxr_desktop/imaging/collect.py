"""Finds the films among the files and folders that a person dropped or named."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from cxr_desktop.imaging.formats import FILE_SUFFIXES, HEAD_BYTES, sniff

ARCHIVE_SUFFIX = ".zip"
DICOMDIR = "DICOMDIR"  # a disc's index: begins like a film and is none


def find_films(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield files to read, each once, in the order given; folders are walked in sorted order.

    A path named by itself is always yielded: its reader says what is wrong with it. Inside folders,
    hidden names, DICOMDIR and files that neither begin like a format nor are named like one are
    left out; a file named like a film is kept, so that it is refused with a reason, and one named
    like an archive, so that `finder` looks into it. Folders that come back to themselves by links
    are walked once.
    """
    seen: set[tuple[int, int]] = set()
    walked: set[tuple[int, int]] = set()
    for path in paths:
        for film in _walk(path, walked) if path.is_dir() else (path,):
            key = _identity(film)
            if key is not None and key in seen:
                continue
            if key is not None:
                seen.add(key)
            yield film


def _walk(folder: Path, walked: set[tuple[int, int]]) -> Iterator[Path]:
    pending = [folder]
    while pending:
        current = pending.pop()
        key = _identity(current)
        if key is None or key in walked:
            continue
        walked.add(key)
        try:
            names = sorted(entry.name for entry in os.scandir(current))
        except OSError:
            continue  # a folder that may not be looked into holds nothing for us
        inside = [current / name for name in names if not name.startswith(".")]
        yield from (path for path in inside if not path.is_dir() and is_kept(path))
        pending.extend(path for path in reversed(inside) if path.is_dir())


def is_kept(path: Path) -> bool:
    """Whether a file of a folder is one for a reader or the finder: a film, or an archive."""
    return path.suffix.lower() == ARCHIVE_SUFFIX or looks_like_film(path, lambda: _head(path))


def looks_like_film(path: Path, head: Callable[[], bytes]) -> bool:
    """Whether a file is named like a film or begins like one; DICOMDIR is none.

    `head` gives the first `HEAD_BYTES` bytes, where the name does not tell.
    """
    if path.name.upper() == DICOMDIR:
        return False
    return path.suffix.lower() in FILE_SUFFIXES or sniff(head()) is not None


def _head(path: Path) -> bytes:
    try:
        # Looked at first: opening a pipe would wait for its other end.
        if not stat.S_ISREG(path.stat().st_mode):
            return b""
        with path.open("rb") as file:
            return file.read(HEAD_BYTES)
    except OSError:
        return b""


def _identity(path: Path) -> tuple[int, int] | None:
    """Return device and inode, the same for every name of a file; None when it is not there."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return status.st_dev, status.st_ino
