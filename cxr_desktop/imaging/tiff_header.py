"""The first directory of a TIFF file, read without a decoder (TIFF 6.0, sections 2 and 8)."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Literal

from cxr_desktop.imaging.refusals import (
    damaged,
    multi_frame,
    unsupported_compression,
    unsupported_format,
)

WIDTH, LENGTH, BITS, COMPRESSION, PHOTOMETRIC = 256, 257, 258, 259, 262
STRIP_OFFSETS, SAMPLES, STRIP_COUNTS = 273, 277, 279
TILE_WIDTH, TILE_LENGTH, TILE_OFFSETS, TILE_COUNTS, SAMPLE_FORMAT = 322, 323, 324, 325, 339
UNCOMPRESSED = 1
DEFLATE = frozenset({8, 32946})
READABLE = {UNCOMPRESSED, 5, 7, 32773, *DEFLATE}
NAMES = {2: "CCITT", 3: "fax G3", 4: "fax G4", 6: "old JPEG", 34712: "JPEG 2000", 50000: "ZSTD"}
MIN_IS_WHITE = 0
KNOWN_PHOTOMETRIC = {0, 1, 2, 3, 6}
SIZES = {1: 1, 3: 2, 4: 4}  # BYTE, SHORT, LONG
MAX_ENTRIES = 1024
MAX_STRIPS = 1_000_000


@dataclass(frozen=True, slots=True)
class TiffHeader:
    """Size, bits per sample, whether 0 means white, and the size of a tile (0, 0 for strips).

    `parts` are (offset, length) of the strips or tiles, all inside the file.
    """

    rows: int
    columns: int
    bits: int
    min_is_white: bool
    tile: tuple[int, int]
    is_deflated: bool
    parts: tuple[tuple[int, int], ...]


def read_tiff_header(data: bytes) -> TiffHeader:
    """Read the directory and check that all picture data lies inside the file.

    Raises `FilmRefused`: damaged, multi_frame (more than one page), unsupported_compression, or
    unsupported_format for samples that are not unsigned 8 or 16 bits.
    """
    tags = _Directory(data)
    tags.refuse_more_pages()
    compression = tags.one(COMPRESSION, UNCOMPRESSED)
    if compression not in READABLE:
        raise unsupported_compression(f"TIFF {NAMES.get(compression, f'type {compression}')}")
    bits = set(tags.many(BITS)) or {1}
    formats = set(tags.many(SAMPLE_FORMAT)) or {1}
    if bits not in ({8}, {16}) or formats != {1}:
        raise unsupported_format("This TIFF does not hold unsigned samples of 8 or 16 bits.")
    photometric = tags.one(PHOTOMETRIC, -1)
    if photometric not in KNOWN_PHOTOMETRIC:
        raise unsupported_format("This TIFF does not hold a grey or colour picture.")
    parts = tags.parts()
    header = TiffHeader(
        rows=tags.one(LENGTH, 0),
        columns=tags.one(WIDTH, 0),
        bits=bits.pop(),
        min_is_white=photometric == MIN_IS_WHITE,
        tile=(tags.one(TILE_LENGTH, 0), tags.one(TILE_WIDTH, 0)),
        is_deflated=compression in DEFLATE,
        parts=parts,
    )
    needed = header.rows * header.columns * tags.one(SAMPLES, 1) * header.bits // 8
    if compression == UNCOMPRESSED and sum(length for _, length in parts) < needed:
        raise damaged()
    return header


class _Directory:
    """The tags of the first directory that hold whole numbers."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._order: Literal["little", "big"] = "little" if data[:2] == b"II" else "big"
        self._letter = "<" if self._order == "little" else ">"
        start = self._number(4, 4)
        count = self._number(start, 2)
        if not 0 < count <= MAX_ENTRIES:
            raise damaged()
        self._entries: dict[int, tuple[int, int, int]] = {}
        for index in range(count):
            at = start + 2 + 12 * index
            kind, length = self._number(at + 2, 2), self._number(at + 4, 4)
            self._entries[self._number(at, 2)] = (kind, length, at + 8)
        self._next = self._number(start + 2 + 12 * count, 4)

    def refuse_more_pages(self) -> None:
        """Raise when another directory follows."""
        if self._next:
            raise multi_frame("This TIFF has more than one page.")

    def one(self, tag: int, default: int) -> int:
        """Return a tag's first value."""
        return next(iter(self.many(tag)), default)

    def many(self, tag: int) -> tuple[int, ...]:
        """Return all values of a tag of a whole-number type; none for another one."""
        kind, length, at = self._entries.get(tag, (0, 0, 0))
        size = SIZES.get(kind, 0)
        if size == 0 or length > MAX_STRIPS:
            return ()
        if size * length > 4:
            at = self._number(at, 4)
        chunk = self._data[at : at + size * length]
        if len(chunk) != size * length:
            raise damaged()
        return struct.unpack(f"{self._letter}{length}{'_BH_I'[size]}", chunk)

    def parts(self) -> tuple[tuple[int, int], ...]:
        """Return (offset, length) of each strip or tile; raise when any lies outside the file."""
        offsets = self.many(STRIP_OFFSETS) or self.many(TILE_OFFSETS)
        counts = self.many(STRIP_COUNTS) or self.many(TILE_COUNTS)
        if not offsets or len(offsets) != len(counts):
            raise damaged()
        found = tuple(zip(offsets, counts, strict=True))
        if any(offset + length > len(self._data) for offset, length in found):
            raise damaged()
        return found

    def _number(self, at: int, size: int) -> int:
        chunk = self._data[at : at + size]
        if len(chunk) != size:
            raise damaged()
        return int.from_bytes(chunk, self._order)
