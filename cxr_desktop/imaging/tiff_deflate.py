"""The sums of deflated TIFF strips: libtiff stops when it has enough bytes and never reads them."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from cxr_desktop.imaging.refusals import damaged, too_large

MAX_INFLATED = 512 * 1024 * 1024  # 64 million pixels of three times 16 bits, and room for tiles
PIECE = 4 * 1024 * 1024


def check_deflated(data: bytes, parts: Iterable[tuple[int, int]]) -> None:
    """Inflate each (offset, length) of the file to its end and its Adler-32 sum (RFC 1950).

    Raises `FilmRefused`: damaged, or too_large for parts that swell beyond 512 MiB together.
    """
    left = MAX_INFLATED
    for offset, length in parts:
        engine, packed = zlib.decompressobj(), data[offset : offset + length]
        while not engine.eof:
            try:
                piece = engine.decompress(packed, PIECE)
            except zlib.error as error:
                raise damaged() from error
            packed = engine.unconsumed_tail
            left -= len(piece)
            if left < 0:
                raise too_large("The file's data swell beyond 512 MiB when they are unpacked.")
            if not piece and not packed and not engine.eof:
                raise damaged()
