"""Films inside ZIP archives, read where they are: nothing is unpacked to a disk.

Such a film has a path that goes on behind the archive: `study.zip/12/IM1` is the file number 12 of
`study.zip`, called IM1. No such path exists on the disk; the functions here read it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from cxr_desktop.imaging.limits import MAX_BYTES, read_bytes
from cxr_desktop.imaging.refusals import damaged, not_a_file, too_large
from cxr_desktop.imaging.zip_archive import files_of, open_archive, pieces_of


def packed_path(archive: Path, number: int, name: str) -> Path:
    """Return the path of an archive's file of that number; `name` is how it is called."""
    return archive / str(number) / name


def is_packed(path: Path) -> bool:
    """Whether the path leads into an archive that is there."""
    return path.parent.name.isdecimal() and path.parent.parent.is_file()


def film_bytes(path: Path) -> bytes:
    """Read a whole film of 1 byte to 512 MiB, packed or not. Raises `FilmRefused`."""
    return b"".join(_unpacked(path)) if is_packed(path) else read_bytes(path)


def film_pieces(path: Path, size: int) -> Iterator[bytes]:
    """Give the same bytes in pieces of `size`, the last shorter. Raises `FilmRefused`, OSError."""
    if not is_packed(path):
        with path.open("rb") as file:
            yield from iter(lambda: file.read(size), b"")
        return
    held = bytearray()
    for part in _unpacked(path):
        held += part
        while len(held) >= size:
            yield bytes(held[:size])
            del held[:size]
    if held:
        yield bytes(held)


def _unpacked(path: Path) -> Iterator[bytes]:
    with open_archive(path.parent.parent) as archive:
        member = next(islice(files_of(archive), int(path.parent.name), None), None)
        if member is None:
            raise not_a_file("The file is not in the archive any more.")
        if member.file_size == 0:
            raise damaged("The file is empty.")
        if member.file_size > MAX_BYTES:
            raise too_large("The file is larger than 512 MiB.")
        left = member.file_size
        for part in pieces_of(archive, member):
            left -= len(part)
            yield part
        if left > 0:
            raise damaged("The file cannot be read to its end.")
