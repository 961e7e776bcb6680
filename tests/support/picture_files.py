"""PNG and TIFF flavours that cv2 reads and cannot write: palettes, interlacing, tiles."""

from __future__ import annotations

import struct
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.support.film_files import png_chunk

PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
GREY, PALETTE = 0, 3
# Adam7: first row, first column, row step, column step of each pass (PNG specification, 8.2).
ADAM7 = (
    (0, 0, 8, 8),
    (0, 4, 8, 8),
    (4, 0, 8, 4),
    (0, 2, 4, 4),
    (2, 0, 4, 2),
    (0, 1, 2, 2),
    (1, 0, 2, 1),
)


def png(pixels: NDArray[Any], *, interlaced: bool = False, palette: bytes = b"") -> bytes:
    """Write a grey PNG of 8 or 16 bits, or one of palette indexes, without filters."""
    bits = 8 * pixels.dtype.itemsize
    colour = PALETTE if palette else GREY
    rows, columns = pixels.shape
    head = struct.pack(">IIBBBBB", columns, rows, bits, colour, 0, 0, int(interlaced))
    passes = ADAM7 if interlaced else ((0, 0, 1, 1),)
    lines = b"".join(
        b"\0" + line.astype(f">u{pixels.dtype.itemsize}").tobytes()
        for row, column, down, along in passes
        for line in pixels[row::down, column::along]
    )
    chunks = png_chunk(b"IHDR", head)
    if palette:
        chunks += png_chunk(b"PLTE", palette)
    return PNG_MAGIC + chunks + png_chunk(b"IDAT", zlib.compress(lines)) + png_chunk(b"IEND", b"")


def tiled_tiff(pixels: NDArray[Any], side: int = 16) -> bytes:
    """Write an uncompressed grey TIFF in square tiles (TIFF 6.0, section 15)."""
    rows, columns = pixels.shape
    down, along = -(-rows // side), -(-columns // side)
    padded = np.zeros((down * side, along * side), pixels.dtype)
    padded[:rows, :columns] = pixels
    tiles = [
        padded[r * side : (r + 1) * side, c * side : (c + 1) * side]
        .astype(pixels.dtype.newbyteorder("<"))
        .tobytes()
        for r in range(down)
        for c in range(along)
    ]
    count, size = len(tiles), len(tiles[0])
    offsets = [8 + index * size for index in range(count)]
    lists = 8 + count * size
    directory = lists + 8 * count
    entries = {
        256: (3, 1, columns),
        257: (3, 1, rows),
        258: (3, 1, 8 * pixels.dtype.itemsize),
        259: (3, 1, 1),
        262: (3, 1, 1),
        277: (3, 1, 1),
        322: (3, 1, side),
        323: (3, 1, side),
        324: (4, count, lists),
        325: (4, count, lists + 4 * count),
    }
    out = b"II*\0" + struct.pack("<I", directory) + b"".join(tiles)
    out += struct.pack(f"<{count}I", *offsets) + struct.pack(f"<{count}I", *[size] * count)
    out += struct.pack("<H", len(entries))
    for tag, (kind, length, value) in sorted(entries.items()):
        out += struct.pack("<HHII", tag, kind, length, value)
    return out + struct.pack("<I", 0)
