"""PNG, JPEG and TIFF, 8 or 16 bits, to stored values and a grey table."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from cxr_desktop.imaging.decoded import DecodedFilm, Stored, count_values, table_size
from cxr_desktop.imaging.jpeg_header import read_jpeg_header
from cxr_desktop.imaging.limits import check_size
from cxr_desktop.imaging.native_messages import native_messages
from cxr_desktop.imaging.png_header import read_png_header
from cxr_desktop.imaging.polarity import polarity_cautions
from cxr_desktop.imaging.refusals import damaged, no_pixels, unsupported_compression
from cxr_desktop.imaging.tiff_deflate import check_deflated
from cxr_desktop.imaging.tiff_header import read_tiff_header

# Not IMREAD_UNCHANGED: that one ignores the EXIF orientation and gives 1, 3 or 4 channels.
GREY_ANY_DEPTH = cv2.IMREAD_GRAYSCALE | cv2.IMREAD_ANYDEPTH
CV2_PROCESSES = frozenset({"JPEG baseline", "JPEG extended", "JPEG progressive"})


def read_png(data: bytes) -> DecodedFilm:
    """Decode a PNG. Raises `FilmRefused`."""
    header = read_png_header(data)
    check_size(header.rows, header.columns)
    stored = _decode(data)
    if header.has_alpha:
        stored = _on_black(stored, data)
    return _film(stored, "PNG")


def read_jpeg(data: bytes) -> DecodedFilm:
    """Decode a JPEG, turned as its EXIF says. Raises `FilmRefused`."""
    header = read_jpeg_header(data)
    check_size(header.rows, header.columns)
    if header.process not in CV2_PROCESSES or header.bits != 8:
        raise unsupported_compression(f"{header.process}, {header.bits} bits")
    return _film(_decode_heard(data), "JPEG")


def read_tiff(data: bytes) -> DecodedFilm:
    """Decode a TIFF of one page. Raises `FilmRefused`."""
    header = read_tiff_header(data)
    check_size(header.rows, header.columns)
    if any(header.tile):
        check_size(*header.tile)
    if header.is_deflated:
        check_deflated(data, header.parts)
    stored = _decode_heard(data)
    if header.min_is_white and stored.dtype == np.uint16:
        # cv2 turns MinIsWhite pictures of 8 bits, and leaves those of 16 bits as they are.
        stored = 65535 - stored
    return _film(stored, "TIFF")


def _decode(data: bytes, flags: int = GREY_ANY_DEPTH) -> NDArray[Any]:
    try:
        stored = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    except cv2.error as error:
        raise damaged() from error
    if stored is None or stored.dtype not in (np.uint8, np.uint16):
        raise damaged()
    return np.asarray(stored)


def _decode_heard(data: bytes) -> Stored:
    """Decode, and refuse what the decoder complained of and made up."""
    with native_messages() as said:
        stored = _decode(data)
    if said.tells_of_damage:
        raise damaged()
    return stored


def _on_black(stored: Stored, data: bytes) -> Stored:
    """Lay a picture with transparent parts on black, as film around a picture is."""
    channels = _decode(data, cv2.IMREAD_UNCHANGED)
    if channels.ndim != 3 or channels.shape[:2] != stored.shape or channels.shape[2] not in (2, 4):
        return stored
    alpha = channels[:, :, -1].astype(np.float32) / np.iinfo(channels.dtype).max
    return np.asarray(np.rint(stored * alpha), dtype=stored.dtype)


def _film(stored: Stored, file_format: str) -> DecodedFilm:
    """Scale 8 bits by 255 and 16 bits by the used range: 12 bits in 16 would come out black."""
    size = table_size(stored)
    used = np.flatnonzero(count_values(stored))
    low, high = int(used[0]), int(used[-1])
    if low == high:
        raise no_pixels("The picture is empty: all its pixels have the same value.")
    if size == 256:
        low, high = 0, 255
    values = np.arange(size, dtype=np.float64)
    table = np.clip((values - low) / (high - low), 0.0, 1.0).astype(np.float32)
    return DecodedFilm(
        stored,
        table,
        file_format,
        bits=8 * stored.dtype.itemsize,
        cautions=polarity_cautions(stored),
    )
