"""Writing files so that a power cut leaves either the whole file or none."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

PART = ".part"
LEFT_OVER_SECONDS = 3600


@contextmanager
def replacing(target: Path, parts: Path) -> Iterator[BinaryIO]:
    """Give a new file (mode 0600) that takes `target`'s place when the block ends well.

    Until then it lies in the folder `parts`, on the same disk.
    Bytes, then name, are on the disk when this returns; after an error nothing is left. Raises
    OSError.
    """
    with completing(target, new_part(parts)) as file:
        yield file


@contextmanager
def completing(target: Path, part: Path) -> Iterator[BinaryIO]:
    """Do what `replacing` does, with a name for the file until it is complete."""
    try:
        with durable(part) as file:
            yield file
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    sync_folder(target.parent)


@contextmanager
def durable(part: Path) -> Iterator[BinaryIO]:
    """Give a new file (mode 0600) whose bytes are on the disk when the block ends well.

    After an error nothing is left. Raises OSError.
    """
    try:
        with open_private(part) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
            _let_go_of_pages(file)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _let_go_of_pages(file: BinaryIO) -> None:
    """Let the system use the memory of what was written for something else (Linux).

    Nobody reads it again soon. Ten thousand films would push everything else out of the memory, and
    finding room for each cost up to a fifth of a film's time.
    """
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def new_part(folder: Path) -> Path:
    """Name a file that is not complete yet."""
    return folder / f".{uuid.uuid4().hex}{PART}"


def remove_leftovers(folder: Path) -> None:
    """Remove what a power cut left half written, an hour ago or more. Raises OSError."""
    before = time.time() - LEFT_OVER_SECONDS
    for part in folder.glob(f".*{PART}"):
        with suppress(FileNotFoundError):  # another process may have finished or removed it
            if part.stat().st_mtime < before:
                part.unlink()


def open_private(path: Path) -> BinaryIO:
    """Open a new file for writing that only its owner may read. Raises OSError."""
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)
    return os.fdopen(os.open(path, flags, 0o600), "wb")


def make_folder(folder: Path) -> None:
    """Make one folder (mode 0700) if it is absent, durably. Raises OSError."""
    if folder.is_dir():
        return
    folder.mkdir(mode=0o700, exist_ok=True)
    sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Make a new name in `folder` survive a power cut; Windows does that by itself."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
