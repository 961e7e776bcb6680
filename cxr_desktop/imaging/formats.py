"""Which kinds of file are read, told by their first bytes; knows no decoder.

TO ADD A FILE FORMAT: one row in `FORMATS`, and its reader in `registry.READERS`. Dialogs,
drag-and-drop, batch and the contract tests follow.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

HEAD_BYTES = 132  # what `sniff` needs: DICOM's magic comes after a preamble of 128 bytes


@dataclass(frozen=True, slots=True)
class FileFormat:
    """One kind of file: its name, the endings people give it, and how its bytes begin."""

    name: str
    suffixes: tuple[str, ...]
    begins: Callable[[bytes], bool]


FORMATS: tuple[FileFormat, ...] = (
    FileFormat("DICOM", (".dcm", ".dicom", ".ima"), lambda head: head[128:132] == b"DICM"),
    FileFormat("PNG", (".png",), lambda head: head.startswith(b"\x89PNG\r\n\x1a\n")),
    FileFormat("JPEG", (".jpg", ".jpeg", ".jpe"), lambda head: head.startswith(b"\xff\xd8\xff")),
    FileFormat("TIFF", (".tif", ".tiff"), lambda head: head.startswith((b"II*\0", b"MM\0*"))),
)
FILE_SUFFIXES: tuple[str, ...] = tuple(s for kind in FORMATS for s in kind.suffixes)
FORMAT_NAMES = "DICOM, PNG, JPEG or TIFF"


def sniff(head: bytes) -> str | None:
    """Name the format whose magic the first `HEAD_BYTES` bytes carry, or None.

    The name of a file is never asked: a picture may be called anything, or nothing.
    """
    return next((kind.name for kind in FORMATS if kind.begins(head)), None)
