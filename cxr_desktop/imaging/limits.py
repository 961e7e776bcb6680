"""What a file may be before any decoder sees it: an ordinary file of a sensible size."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from cxr_desktop.imaging.refusals import damaged, not_a_file, too_large

MAX_BYTES = 512 * 1024 * 1024
MAX_PIXELS = 64_000_000  # the largest flat panels have 18 million
CHUNK = 16 * 1024 * 1024


def read_bytes(path: Path) -> bytes:
    """Read a whole ordinary file of 1 byte to 512 MiB. Raises `FilmRefused`.

    It is opened non-blocking and looked at through its descriptor, so that a pipe, a device or a
    file swapped after a check can neither hang nor cheat.
    """
    flags = os.O_RDONLY
    for name in ("O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY"):
        flags |= getattr(os, name, 0)
    try:
        descriptor = os.open(path, flags)
    except FileNotFoundError as error:
        raise not_a_file("The file is not there any more.") from error
    except (OSError, ValueError) as error:
        # ValueError: a null character in the name.
        what = "This is a folder, not a film." if path.is_dir() else "The file cannot be opened."
        raise not_a_file(what) from error
    try:
        return _read_all(descriptor)
    except OSError as error:
        raise damaged("The file cannot be read to its end.") from error
    finally:
        os.close(descriptor)


def _read_all(descriptor: int) -> bytes:
    status = os.fstat(descriptor)
    if stat.S_ISDIR(status.st_mode):
        raise not_a_file("This is a folder, not a film.")
    if not stat.S_ISREG(status.st_mode):
        raise not_a_file("This is a device or a pipe, not a film.")
    if status.st_size == 0:
        raise damaged("The file is empty.")
    if status.st_size > MAX_BYTES:
        raise too_large("The file is larger than 512 MiB.")
    parts = []
    left = status.st_size
    while left > 0:
        part = os.read(descriptor, min(left, CHUNK))
        if not part:
            raise damaged("The file became shorter while it was read.")
        parts.append(part)
        left -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def check_size(rows: int, columns: int) -> None:
    """Raise `FilmRefused` unless a picture of that size is there and may be decoded."""
    if rows < 1 or columns < 1:
        raise damaged("The file does not say how large its picture is.")
    if rows * columns > MAX_PIXELS:
        raise too_large(f"The picture is {columns} × {rows} pixels; the limit is 64 million.")
