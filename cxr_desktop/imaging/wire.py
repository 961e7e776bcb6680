"""What the decoder process and the program say to each other: bytes and JSON, never pickles.

A request is a path. An answer is a JSON header, then, for a film, the grey table and the stored
values as raw bytes. Whatever happened to the child, its answer is data that is checked here.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from datetime import date
from multiprocessing.connection import Connection
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.errors import FilmRefused, RefusalCode
from cxr_desktop.domain.radiograph import Caution, PixelSpacing, StudyInfo, Window
from cxr_desktop.imaging.decoded import DecodedFilm, Stored, table_size
from cxr_desktop.imaging.limits import MAX_PIXELS

MAX_HEADER = 1024 * 1024
DIRECT = hasattr(os, "readv")  # not on Windows, whose pipes keep messages apart
TYPES = {1: np.uint8, 2: np.uint16}
DATES = ("birth_date", "study_date")


@dataclass(frozen=True, slots=True)
class Answer:
    """A film with the SHA-256 of the bytes it was decoded from."""

    film: DecodedFilm
    sha256: str


def send_film(channel: Connection, film: DecodedFilm, sha256: str) -> None:
    """Send header, table and stored values."""
    study = asdict(film.study)
    for name in DATES:
        study[name] = study[name].isoformat() if study[name] else None
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
        "study": study,
        "cautions": [asdict(caution) for caution in film.cautions],
    }
    channel.send_bytes(json.dumps(header).encode())
    _send_array(channel, film.table)
    _send_array(channel, np.ascontiguousarray(film.stored))


def send_refusal(channel: Connection, refusal: FilmRefused) -> None:
    """Send a refusal instead of a film."""
    header = {"refusal": refusal.refusal, "message": refusal.message, "hint": refusal.hint}
    channel.send_bytes(json.dumps(header).encode())


def receive(channel: Connection) -> Answer:
    """Return the film, or raise the refusal that came instead of it.

    Raises EOFError or OSError when the other side is gone, and ValueError, TypeError or KeyError
    when what it said makes no sense.
    """
    header = json.loads(channel.recv_bytes(MAX_HEADER))
    if "refusal" in header:
        code = RefusalCode(header["refusal"])
        raise FilmRefused(code, str(header["message"]), hint=str(header["hint"]))
    rows, columns = int(header["rows"]), int(header["columns"])
    if rows < 1 or columns < 1 or rows * columns > MAX_PIXELS:
        raise ValueError(f"the decoder sent {rows} x {columns} pixels")
    stored: Stored = np.empty((rows, columns), dtype=TYPES[int(header["bytes"])])
    table = np.empty(table_size(stored), dtype=np.float32)
    _fill(channel, table)
    _fill(channel, stored)
    return Answer(_film(header, stored, table), str(header["sha256"]))


def _film(header: dict[str, Any], stored: Stored, table: NDArray[np.float32]) -> DecodedFilm:
    study = dict(header["study"])
    for name in DATES:
        study[name] = date.fromisoformat(study[name]) if study[name] else None
    return DecodedFilm(
        stored=stored,
        table=table,
        file_format=str(header["file_format"]),
        bits=int(header["bits"]),
        window=Window(**header["window"]),
        windows=tuple(Window(**window) for window in header["windows"]),
        spacing=None if header["spacing"] is None else PixelSpacing(**header["spacing"]),
        study=StudyInfo(**study),
        cautions=tuple(Caution(**caution) for caution in header["cautions"]),
    )


def _send_array(channel: Connection, array: NDArray[Any]) -> None:
    """Send an array's bytes; straight into the pipe where that is a socket or a pipe of POSIX."""
    view = array.data.cast("B")
    if not DIRECT:
        channel.send_bytes(view)
        return
    while view:
        view = view[os.write(channel.fileno(), view) :]


def _fill(channel: Connection, array: NDArray[Any]) -> None:
    """Receive an array's bytes. `Connection.recv_bytes_into` copies them twice on its way."""
    view = array.data.cast("B")
    if not DIRECT:
        if channel.recv_bytes_into(view) != array.nbytes:
            raise ValueError("the decoder sent too few bytes")
        return
    while view:
        count = os.readv(channel.fileno(), [view])
        if count == 0:
            raise EOFError
        view = view[count:]
