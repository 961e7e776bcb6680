"""Headers of JPEG and JPEG-LS streams, read without a decoder.

Sources: ITU-T T.81 B.1-B.2 (JPEG), T.87 C.1 (JPEG-LS).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cxr_desktop.imaging.refusals import damaged

SOI, EOI, SOS = 0xD8, 0xD9, 0xDA
ALONE = frozenset({0x01, *range(0xD0, 0xD9)})  # markers without a length
FRAMES = {
    0xC0: "JPEG baseline",
    0xC1: "JPEG extended",
    0xC2: "JPEG progressive",
    0xC3: "JPEG lossless",
    0xC5: "JPEG hierarchical",
    0xC6: "JPEG hierarchical progressive",
    0xC7: "JPEG hierarchical lossless",
    0xC9: "JPEG with arithmetic coding",
    0xCA: "JPEG progressive with arithmetic coding",
    0xCB: "JPEG lossless with arithmetic coding",
    0xF7: "JPEG-LS",
}
# A marker inside entropy-coded data: neither a stuffed byte (JPEG: 00, JPEG-LS: below 80) nor RSTn.
NEXT_MARKER = re.compile(rb"\xff[\xc0-\xcf\xd8-\xfe]")


@dataclass(frozen=True, slots=True)
class StreamHeader:
    """What a compressed stream says of its picture; `process` names the compression."""

    rows: int
    columns: int
    components: int
    bits: int
    process: str


def read_jpeg_header(data: bytes) -> StreamHeader:
    """Walk all segments of a JPEG or JPEG-LS stream from its start to its end marker.

    Raises `FilmRefused` (damaged) when it has no frame header, no picture data or no end marker:
    a decoder fills what is missing with grey and calls it a success.
    """
    if data[:2] != b"\xff\xd8":
        raise damaged()
    header: StreamHeader | None = None
    scanned = False
    position = 2
    while True:
        marker, position = _next_segment(data, position)
        if marker == EOI:
            break
        if marker in ALONE:
            continue
        segment = _segment(data, position)
        position += 2 + len(segment)
        if marker in FRAMES:
            if header is not None:
                raise damaged("The JPEG stream has more than one frame header.")
            header = _frame(segment, FRAMES[marker])
        elif marker == SOS:
            scanned = True
            position = _end_of_scan(data, position)
    if header is None or not scanned:
        raise damaged()
    return header


def _end_of_scan(data: bytes, position: int) -> int:
    found = NEXT_MARKER.search(data, position)
    if found is None:
        raise damaged()
    return found.start()


def _next_segment(data: bytes, position: int) -> tuple[int, int]:
    """Return the marker at `position`, fill bytes skipped, and where its content begins."""
    if data[position : position + 1] != b"\xff":
        raise damaged()
    while data[position : position + 1] == b"\xff":
        position += 1
    if position >= len(data):
        raise damaged()
    return data[position], position + 1


def _segment(data: bytes, position: int) -> bytes:
    length = int.from_bytes(data[position : position + 2], "big")
    segment = data[position + 2 : position + length]
    if length < 2 or len(segment) != length - 2:
        raise damaged()
    return segment


def _frame(segment: bytes, process: str) -> StreamHeader:
    if len(segment) < 6:
        raise damaged()
    return StreamHeader(
        rows=int.from_bytes(segment[1:3], "big"),
        columns=int.from_bytes(segment[3:5], "big"),
        components=segment[5],
        bits=segment[0],
        process=process,
    )
