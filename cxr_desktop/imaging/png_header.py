"""The chunks of a PNG file, checked without a decoder (PNG specification, third edition, 5.3)."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from cxr_desktop.imaging.refusals import damaged, multi_frame

GREY_ALPHA, COLOUR_ALPHA = 4, 6


@dataclass(frozen=True, slots=True)
class PngHeader:
    """Size, bits per sample, and whether the picture carries an alpha channel."""

    rows: int
    columns: int
    bits: int
    has_alpha: bool


def read_png_header(data: bytes) -> PngHeader:
    """Walk all chunks up to IEND and check every sum.

    Raises `FilmRefused`: damaged for a missing end, a wrong sum or no picture data, multi_frame for
    an animation.
    """
    header: PngHeader | None = None
    pixels = False
    position = 8
    while True:
        length = int.from_bytes(data[position : position + 4], "big")
        end = position + 12 + length
        if end > len(data):
            raise damaged()
        kind = data[position + 4 : position + 8]
        if zlib.crc32(memoryview(data)[position + 4 : end - 4]) != int.from_bytes(
            data[end - 4 : end], "big"
        ):
            raise damaged()
        if kind == b"IHDR":
            header = _ihdr(data[position + 8 : end - 4])
        elif kind == b"acTL":
            raise multi_frame("The file is a moving picture.")
        elif kind == b"IDAT":
            pixels = True
        elif kind == b"IEND":
            break
        if header is None:  # IHDR comes first
            raise damaged()
        position = end
    if header is None or not pixels:
        raise damaged()
    return header


def _ihdr(content: bytes) -> PngHeader:
    if len(content) != 13:
        raise damaged()
    return PngHeader(
        rows=int.from_bytes(content[4:8], "big"),
        columns=int.from_bytes(content[0:4], "big"),
        bits=content[8],
        has_alpha=content[9] in (GREY_ALPHA, COLOUR_ALPHA),
    )
