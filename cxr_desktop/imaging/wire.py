"""What the decoder process and the program say to each other: bytes and JSON, never pickles.

A request is a path, or an envelope for a task. An answer is a JSON header: a refusal, the names in
a disc's index, a file's tags, that an envelope follows, or a film's description, and then the grey
table and the stored values as raw bytes, in shared memory or behind the header. Whatever happened
to the child, its answer is data that is checked here.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date
from multiprocessing.connection import Connection
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.errors import FilmRefused, RefusalCode
from cxr_desktop.domain.radiograph import Caution, PixelSpacing, StudyInfo, Window
from cxr_desktop.domain.tags import TagList, TagRow
from cxr_desktop.imaging.decoded import DecodedFilm, Stored
from cxr_desktop.imaging.envelope import unpack
from cxr_desktop.imaging.limits import MAX_PIXELS
from cxr_desktop.imaging.pixel_buffer import TABLE_BYTES, PixelBuffer

MAX_HEADER = 1024 * 1024
MAX_NAMES = 4 * 1024 * 1024
MAX_ENVELOPE = 512 * 1024 * 1024
TYPES: dict[int, type[Any]] = {1: np.uint8, 2: np.uint16}
DATES = ("birth_date", "study_date")


@dataclass(frozen=True, slots=True)
class Answer:
    """A film with the SHA-256 of the bytes it was decoded from."""

    film: DecodedFilm
    sha256: str


def send_film(
    channel: Connection, film: DecodedFilm, sha256: str, buffer: PixelBuffer | None = None
) -> None:
    """Send header, table and stored values, the latter two through the buffer if there is one."""
    header = {
        "sha256": sha256,
        "rows": film.stored.shape[0],
        "columns": film.stored.shape[1],
        "bytes": film.stored.dtype.itemsize,
        "file_format": film.file_format,
        "bits": film.bits,
        "window": asdict(film.window),
        "windows": [asdict(window) for window in film.windows],
        "spacing": None if film.spacing is None else asdict(film.spacing),
        "study": study_as_json(film.study),
        "cautions": [asdict(caution) for caution in film.cautions],
    }
    if buffer is not None:
        buffer.array(0, film.table.shape, np.float32)[:] = film.table
        kind = TYPES[film.stored.dtype.itemsize]
        buffer.array(TABLE_BYTES, film.stored.shape, kind)[:] = film.stored
    channel.send_bytes(json.dumps(header).encode())
    if buffer is None:
        channel.send_bytes(film.table.data.cast("B"))
        channel.send_bytes(np.ascontiguousarray(film.stored).data.cast("B"))


def study_as_json(study: StudyInfo) -> dict[str, Any]:
    """Return a study as plain values."""
    values = asdict(study)
    for name in DATES:
        values[name] = values[name].isoformat() if values[name] else None
    return values


def study_from(values: dict[str, Any]) -> StudyInfo:
    """Return what `study_as_json` was given. Raises ValueError or TypeError for anything else."""
    days = {name: date.fromisoformat(values[name]) if values[name] else None for name in DATES}
    return StudyInfo(**{**values, **days})


def send_refusal(channel: Connection, refusal: FilmRefused) -> None:
    """Send a refusal instead of a film."""
    header = {"refusal": refusal.refusal, "message": refusal.message, "hint": refusal.hint}
    channel.send_bytes(json.dumps(header).encode())


def send_names(channel: Connection, names: list[list[str]]) -> None:
    """Send the file names that a disc's index refers to, each as the parts of a path."""
    channel.send_bytes(json.dumps({"names": names}).encode())


def receive_names(channel: Connection) -> list[list[str]]:
    """Return what `send_names` sent; raises as `receive` does."""
    header = json.loads(channel.recv_bytes(MAX_NAMES))
    _raise_refusal(header)
    return [[str(part) for part in parts] for parts in header["names"]]


def send_answer(channel: Connection, envelope: bytes) -> None:
    """Send what a task gave."""
    channel.send_bytes(json.dumps({"envelope": True}).encode())
    channel.send_bytes(envelope)


def receive_answer(channel: Connection) -> tuple[dict[str, Any], list[bytes]]:
    """Return what `send_answer` sent; raises as `receive` does."""
    header = json.loads(channel.recv_bytes(MAX_HEADER))
    _raise_refusal(header)
    if header["envelope"] is not True:
        raise ValueError("no envelope follows")
    return unpack(channel.recv_bytes(MAX_ENVELOPE))


def send_tags(channel: Connection, tags: TagList) -> None:
    """Send the tags of a file, each as its texts and its depth."""
    channel.send_bytes(json.dumps(asdict(tags)).encode())


def receive_tags(channel: Connection) -> TagList:
    """Return what `send_tags` sent; raises as `receive` does."""
    header = json.loads(channel.recv_bytes(MAX_NAMES))
    _raise_refusal(header)
    rows = tuple(TagRow(**{**row, "depth": int(row["depth"])}) for row in header["rows"])
    return TagList(str(header["sha256"]), rows, is_cut=bool(header["is_cut"]))


def receive(channel: Connection, buffer: PixelBuffer | None = None) -> Answer:
    """Return the film, or raise the refusal that came instead of it.

    With a buffer, the film's stored values are still the buffer's: use them before asking again.

    Raises EOFError or OSError when the other side is gone, and ValueError, TypeError or KeyError
    when what it said makes no sense.
    """
    header = json.loads(channel.recv_bytes(MAX_HEADER))
    _raise_refusal(header)
    rows, columns = int(header["rows"]), int(header["columns"])
    if rows < 1 or columns < 1 or rows * columns > MAX_PIXELS:
        raise ValueError(f"the decoder sent {rows} x {columns} pixels")
    kind = TYPES[int(header["bytes"])]
    stored, table = _arrays(channel, buffer, (rows, columns), kind)
    return Answer(_film(header, stored, table), str(header["sha256"]))


def _raise_refusal(header: dict[str, Any]) -> None:
    if "refusal" in header:
        code = RefusalCode(header["refusal"])
        raise FilmRefused(code, str(header["message"]), hint=str(header["hint"]))


def _arrays(
    channel: Connection, buffer: PixelBuffer | None, shape: tuple[int, int], kind: type[Any]
) -> tuple[Stored, NDArray[np.float32]]:
    entries = 1 << (8 * np.dtype(kind).itemsize)
    if buffer is not None:
        # The table is copied before it is checked: the child could still write to the buffer. The
        # stored values need no copy, for whatever they are, the table has a grey for them.
        table = buffer.array(0, (entries,), np.float32).copy()
        return buffer.array(TABLE_BYTES, shape, kind), table
    stored = np.empty(shape, dtype=kind)
    table = np.empty(entries, dtype=np.float32)
    for array in (table, stored):
        if channel.recv_bytes_into(array.data.cast("B")) != array.nbytes:
            raise ValueError("the decoder sent too few bytes")
    return stored, table


def _film(header: dict[str, Any], stored: Stored, table: NDArray[np.float32]) -> DecodedFilm:
    return DecodedFilm(
        stored=stored,
        table=table,
        file_format=str(header["file_format"]),
        bits=int(header["bits"]),
        window=Window(**header["window"]),
        windows=tuple(Window(**window) for window in header["windows"]),
        spacing=None if header["spacing"] is None else PixelSpacing(**header["spacing"]),
        study=study_from(header["study"]),
        cautions=tuple(Caution(**caution) for caution in header["cautions"]),
    )
