"""The headers of a JPEG 2000 code stream, read without a decoder (ITU-T T.800 annex A)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from cxr_desktop.imaging.jpeg_header import StreamHeader
from cxr_desktop.imaging.refusals import damaged

START = b"\xff\x4f\xff\x51"  # SOC, and SIZ right after it
EOC = b"\xff\xd9"
PADDING = b"\0\xff"  # what archives put behind it, to an even length
SIZ, COD, SOT = 0xFF51, 0xFF52, 0xFF90
# Rsiz, then size and offset of the picture, of the tiles, Csiz, the first Ssiz (A.5.1).
SIZ_FIELDS = struct.Struct(">2x8IHB")
# Scod, progression, layers, colour transform, levels, exponents of a code block's sides (A.6.1).
COD_FIELDS = struct.Struct(">BxHx3B")
PRECINCTS = 0x01  # in Scod: there are more packets than are counted here
SPARE = 64


@dataclass(frozen=True, slots=True)
class _Size:
    rows: int
    columns: int
    tiles: int
    components: int
    bits: int


def read_jpeg2000_header(data: bytes) -> StreamHeader:
    """Read the main header of a code stream, which must reach its end marker without a blank part.

    Raises `FilmRefused` (damaged).
    """
    start = data.find(START)
    stream = data[start:].rstrip(PADDING)
    if start < 0 or not stream.endswith(EOC):
        raise damaged()
    segments = dict(_main_header(stream))
    size = _size(segments[SIZ])
    _refuse_blank(stream, size, segments.get(COD, b""))
    return StreamHeader(
        rows=size.rows,
        columns=size.columns,
        components=size.components,
        bits=size.bits,
        process="JPEG 2000",
    )


def _main_header(stream: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield marker and content of each segment before the first tile."""
    position = 2
    while True:
        marker, length = struct.unpack(">2H", stream[position : position + 4].ljust(4, b"\0"))
        if marker == SOT:
            return
        content = stream[position + 4 : position + 2 + length]
        if marker < 0xFF00 or length < 2 or len(content) != length - 2:
            raise damaged()
        yield marker, content
        position += 2 + length


def _size(siz: bytes) -> _Size:
    if len(siz) < SIZ_FIELDS.size:
        raise damaged()
    right, bottom, left, top, wide, high, tile_left, tile_top, components, bits = (
        SIZ_FIELDS.unpack_from(siz)
    )
    if not wide or not high:
        raise damaged()
    tiles = -(-(right - tile_left) // wide) * -(-(bottom - tile_top) // high)
    return _Size(bottom - top, right - left, tiles, components, (bits & 0x7F) + 1)


def _refuse_blank(stream: bytes, size: _Size, cod: bytes) -> None:
    """Refuse a run of zero bytes that no encoder writes: a bad sector, or a hole in a copy.

    The decoder takes it for arithmetic code and makes a picture of it. In a sound stream zeros come
    in a row only from empty packets, one byte each, and from code blocks left out, a bit each.
    """
    if len(cod) < COD_FIELDS.size:
        raise damaged()
    style, layers, levels, wide, high = COD_FIELDS.unpack_from(cod)
    if style & PRECINCTS:
        return
    blocks = (size.rows * size.columns >> (min(wide, 8) + 2 + min(high, 8) + 2)) + 1
    packets = size.tiles * (levels + 1) + blocks // 8
    longest = SPARE + layers * size.components * packets
    if longest < len(stream) and bytes(longest) in stream:
        raise damaged("A part of the compressed picture is blank.")
