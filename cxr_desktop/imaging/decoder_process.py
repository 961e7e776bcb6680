"""The child process that decodes: it may die, hang or run out of memory, and only it.

It is started by `child_reader`. Codecs are imported here and nowhere in the program itself.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
import warnings
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from pathlib import Path

from cxr_desktop.domain.errors import FilmRefused
from cxr_desktop.imaging.decoded import DecodedFilm
from cxr_desktop.imaging.memory_cap import keep_freed_memory, limit_memory
from cxr_desktop.imaging.pixel_buffer import PixelBuffer
from cxr_desktop.imaging.refusals import damaged
from cxr_desktop.imaging.wire import (
    send_answer,
    send_film,
    send_names,
    send_refusal,
    send_tags,
)

READY = b"ready"
LIST_DISC = b"\0disc\0"  # before a path that is a DICOMDIR; no path begins with a zero byte
TASK = b"\0task\0"  # before an envelope (`tasks`)
CONTENT = b"\0content\0"  # the bytes of a film follow, as a message of their own
LIST_TAGS = b"\0tags\0"  # before a path whose tags are wanted, or before a message of bytes
GRACE_S = 5

Decode = Callable[[Path], tuple[DecodedFilm, str]]


def serve(
    connection: Connection, buffer: PixelBuffer | None, timeout_s: float, memory_bytes: int
) -> None:
    """Answer requests until the program closes its end or is gone."""
    _quiet()
    _end_with_parent()
    keep_freed_memory()
    # Imported late: `child_reader` imports this module in the parent, which must hold no codec.
    from cxr_desktop.imaging.registry import decode_film  # noqa: PLC0415

    _warm_codecs()
    limit_memory(memory_bytes)
    with suppress(EOFError, OSError):
        connection.send_bytes(READY)
        while True:
            answer(connection, decode_film, connection.recv_bytes(), timeout_s, buffer)


def answer(
    connection: Connection,
    decode: Decode,
    request: bytes,
    timeout_s: float,
    buffer: PixelBuffer | None = None,
) -> None:
    """Decode a film, list a disc or a file's tags, or do a task; send what came of it."""
    # The program kills a child that is late. Should the program be gone by then, the alarm does:
    # it needs no Python to run, so a decoder that never returns cannot stop it.
    _alarm(int(timeout_s) + GRACE_S)
    try:
        send = _worked_out(connection, decode, request, buffer)
    except FilmRefused as refusal:
        send_refusal(connection, refusal)
    except BaseException:  # noqa: BLE001 - a Rust codec's PanicException is no Exception
        send_refusal(connection, damaged())
    else:
        send(connection)
    finally:
        _alarm(0)


def _worked_out(
    connection: Connection, decode: Decode, request: bytes, buffer: PixelBuffer | None
) -> Callable[[Connection], None]:
    """Do what was asked and return what sends it."""
    if request == CONTENT:
        from cxr_desktop.imaging.registry import decode_content  # noqa: PLC0415 - as `serve`

        film, sha256 = decode_content(connection.recv_bytes())
        return lambda connection: send_film(connection, film, sha256, buffer)
    if request.startswith(LIST_DISC):
        from cxr_desktop.imaging.dicomdir_records import read_records  # noqa: PLC0415 - as `serve`

        names = read_records(Path(os.fsdecode(request.removeprefix(LIST_DISC))))
        return lambda connection: send_names(connection, names)
    if request.startswith(LIST_TAGS):
        from cxr_desktop.imaging.packed_film import film_bytes  # noqa: PLC0415 - as `serve`
        from cxr_desktop.imaging.tag_list import read_tags  # noqa: PLC0415 - as `serve`

        path = request.removeprefix(LIST_TAGS)
        tags = read_tags(film_bytes(Path(os.fsdecode(path))) if path else connection.recv_bytes())
        return lambda connection: send_tags(connection, tags)
    if request.startswith(TASK):
        from cxr_desktop.imaging.tasks import work  # noqa: PLC0415 - as `serve`

        done = work(request.removeprefix(TASK))
        return lambda connection: send_answer(connection, done)
    film, sha256 = decode(Path(os.fsdecode(request)))
    return lambda connection: send_film(connection, film, sha256, buffer)


def _quiet() -> None:
    """Send what codecs print nowhere: it may quote the file, and a GUI program has no console."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the program, which ends the child
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (1, 2):
        with suppress(OSError):
            os.dup2(nowhere, descriptor)
    os.close(nowhere)


def _end_with_parent() -> None:
    """End this process when the program is gone, also while something is being decoded."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        wait([parent.sentinel])
        os._exit(0)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()


def _warm_codecs() -> None:
    """Load the decoders now: the first film should not wait, nor pay for them from its memory."""
    import cv2  # noqa: PLC0415 - with the others
    import gdcm  # noqa: F401, PLC0415 - the parent must never load it
    import openjpeg  # noqa: F401, PLC0415 - the same

    # Waiting for threads costs more than they save: of a film of 1 million pixels 14 ms became 7 on
    # a busy machine of two cores. The program itself may be computing at the same time.
    cv2.setNumThreads(1)
    # Whatever OPENCV_LOG_LEVEL: what decoders complain of must be heard (see `native_messages`).
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_WARNING)


def _alarm(seconds: int) -> None:
    if hasattr(signal, "alarm"):
        signal.alarm(seconds)
