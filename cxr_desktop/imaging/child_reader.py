"""Reads films through a child process, so that no file can take the program down.

40,000 damaged files killed the process of a decoder 63 times and once held it for 11 s and 1.7 GiB.
Here that costs one refusal: the child is ended, and the next film gets a new one.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from multiprocessing.context import SpawnProcess
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any, TypeVar

from cxr_desktop.domain.deidentify import Change, CleanFilm, CleanOrder, Deed
from cxr_desktop.domain.dicom_out import DicomOrder, DicomPart
from cxr_desktop.domain.errors import FilmRefused, RefusalCode
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.domain.tags import TagList
from cxr_desktop.imaging import decoder_process
from cxr_desktop.imaging.dicom_out.order import message_of
from cxr_desktop.imaging.envelope import pack
from cxr_desktop.imaging.pixel_buffer import new_pixel_buffer
from cxr_desktop.imaging.refusals import damaged
from cxr_desktop.imaging.wire import (
    Answer,
    receive,
    receive_answer,
    receive_names,
    receive_tags,
    study_as_json,
)

MEMORY_BYTES = 1536 * 1024 * 1024
START_S = 60.0  # a cold disk may take long to load the codecs
END_S = 5.0
TICK_S = 0.5
GAVE_UP = "The file could not be read: its decoder gave up."

Answered = TypeVar("Answered")
Header = dict[str, Any]


class ChildFilmReader:
    """A `FilmReader` whose decoding happens elsewhere; safe to call from any thread.

    One film at a time: others wait. The child starts with the first film or `warm_up`.
    """

    def __init__(self, timeout_s: float = 20.0, *, memory_bytes: int = MEMORY_BYTES) -> None:
        self._timeout_s = timeout_s
        self._memory_bytes = memory_bytes
        self._lock = Lock()
        self._child: _Child | None = None

    def warm_up(self) -> None:
        """Start the child and wait until it can decode. Raises `FilmRefused` when it cannot."""
        with self._lock:
            self._running()

    def read(self, path: Path) -> Radiograph:
        """Return the film, or raise the one `FilmRefused` that says why not.

        A child that dies means `damaged`, one that is late `time_out`; either way it is replaced.
        """
        return self._ask(lambda child: _film(child, path, self._timeout_s))

    def read_content(self, content: bytes, name: str) -> Radiograph:
        """Return the film that a file of that name and content would be; raises as `read` does."""
        return self._ask(lambda child: child.of_content(content, name, self._timeout_s))

    def list_disc(self, path: Path) -> list[list[str]]:
        """Return the files that a DICOMDIR names, as parts of paths. Raises `FilmRefused`."""
        return self._ask(lambda child: child.list_disc(path.absolute(), self._timeout_s))

    def write_dicom(self, film: bytes, order: DicomOrder) -> dict[DicomPart, bytes]:
        """Write an exam as DICOM (a `DicomWriter`). Raises `FilmRefused`."""
        header, parts = message_of(order)
        answer, files = self._do("dicom_out", header, [film, *parts])
        return {DicomPart(name): file for name, file in zip(answer["names"], files, strict=True)}

    def deidentify(self, film: bytes, order: CleanOrder) -> CleanFilm:
        """Take the patient out of a film (a `FilmCleaner`). Raises `FilmRefused`."""
        header = {
            "film_sha256": order.film_sha256,
            "study": study_as_json(order.study),
            "options": asdict(order.options),
            "boxes": [asdict(box) for box in order.boxes],
        }
        answer, (content,) = self._do("deidentify", header, [order.secret, film])
        return CleanFilm(
            content=content,
            ending=str(answer["ending"]),
            patient=str(answer["patient"]),
            film=str(answer["film"]),
            changes=tuple(
                Change(change["place"], change["name"], Deed(change["deed"]))
                for change in answer["changes"]
            ),
            facts={str(name): str(value) for name, value in answer["facts"].items()},
        )

    def _do(self, task: str, header: Header, parts: list[bytes]) -> tuple[Header, list[bytes]]:
        request = decoder_process.TASK + pack({"task": task, **header}, parts)
        return self._ask(lambda child: child.do(request, self._timeout_s))

    def list_tags(self, path: Path) -> TagList:
        """Return the tags of a DICOM file as text. Raises `FilmRefused`."""
        return self._ask(lambda child: child.list_tags(path.absolute(), self._timeout_s))

    def list_tags_of(self, content: bytes) -> TagList:
        """Return the tags of a DICOM file of that content. Raises `FilmRefused`."""
        return self._ask(lambda child: child.list_tags_of(content, self._timeout_s))

    def _ask(self, question: Callable[[_Child], Answered]) -> Answered:
        with self._lock:
            child = self._running()
            try:
                return question(child)
            except (EOFError, OSError, ValueError, TypeError, KeyError) as error:
                self._child = None
                child.end()
                if child.was_late:
                    raise _time_out(self._timeout_s) from error
                raise damaged(GAVE_UP) from error

    def close(self) -> None:
        """End the child; a later `read` starts another."""
        with self._lock:
            child, self._child = self._child, None
            if child is not None:
                child.end()

    def _running(self) -> _Child:
        if self._child is None or not self._child.is_alive():
            self._child = None
            self._child = _Child(self._timeout_s, self._memory_bytes)
        return self._child


class _Child:
    """One started decoder process and our end of the pipe to it."""

    def __init__(self, timeout_s: float, memory_bytes: int) -> None:
        # Spawn everywhere: a fork would copy locks that Qt's and ONNX Runtime's threads hold.
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._buffer = new_pixel_buffer()
        self._process: SpawnProcess = context.Process(
            target=decoder_process.serve,
            args=(theirs, self._buffer, timeout_s, memory_bytes),
            name="film-decoder",
            daemon=True,
        )
        self._late = Event()
        try:
            self._process.start()
        finally:
            # While a copy of its end is open here, a dead child would never look dead.
            theirs.close()
        try:
            with self._deadline(START_S):
                self._pipe.recv_bytes(len(decoder_process.READY))
        except (EOFError, OSError) as error:
            self.end()
            raise FilmRefused(
                RefusalCode.DAMAGED,
                "The program's film decoder could not be started.",
                hint="Start the program again; if this stays, install it again.",
            ) from error

    @property
    def was_late(self) -> bool:
        """Whether it was killed for being late."""
        return self._late.is_set()

    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self._process.is_alive()

    def ask(self, path: Path, timeout_s: float) -> Answer:
        """Send a path and wait for the answer. Raises as `wire.receive` does."""
        with self._deadline(timeout_s):
            self._pipe.send_bytes(os.fsencode(path))
            return receive(self._pipe, self._buffer)

    def of_content(self, content: bytes, name: str, timeout_s: float) -> Radiograph:
        """Send a file's bytes and wait for the film. Raises as `wire.receive` does."""
        with self._deadline(timeout_s):
            self._pipe.send_bytes(decoder_process.CONTENT)
            self._pipe.send_bytes(content)
            answer = receive(self._pipe, self._buffer)
        return answer.film.radiograph(answer.sha256, name)

    def list_disc(self, path: Path, timeout_s: float) -> list[list[str]]:
        """Send the path of a DICOMDIR and wait. Raises as `wire.receive_names` does."""
        with self._deadline(timeout_s):
            self._pipe.send_bytes(decoder_process.LIST_DISC + os.fsencode(path))
            return receive_names(self._pipe)

    def do(self, request: bytes, timeout_s: float) -> tuple[Header, list[bytes]]:
        """Send a task and wait. Raises as `wire.receive_answer` does."""
        with self._deadline(timeout_s):
            self._pipe.send_bytes(request)
            return receive_answer(self._pipe)

    def list_tags(self, path: Path, timeout_s: float) -> TagList:
        """Send the path of a DICOM file and wait. Raises as `wire.receive_tags` does."""
        with self._deadline(timeout_s):
            self._pipe.send_bytes(decoder_process.LIST_TAGS + os.fsencode(path))
            return receive_tags(self._pipe)

    def list_tags_of(self, content: bytes, timeout_s: float) -> TagList:
        """Send the bytes of a DICOM file and wait. Raises as `wire.receive_tags` does."""
        with self._deadline(timeout_s):
            self._pipe.send_bytes(decoder_process.LIST_TAGS)
            self._pipe.send_bytes(content)
            return receive_tags(self._pipe)

    def end(self) -> None:
        """Kill the process and free what it held; there is nothing in it worth saving."""
        self._pipe.close()
        if self._buffer is not None:
            self._buffer.close()
        with suppress(OSError):
            self._process.kill()
        self._process.join(END_S)
        if not self._process.is_alive():
            self._process.close()

    def _deadline(self, seconds: float) -> _Deadline:
        return _Deadline(self._process, self._late, seconds)


class _Deadline:
    """Kills the process when a block takes too long; what waits on its pipe then gets EOFError.

    The kill also ends an answer that was begun and never finished, which polling would not. Only
    time in which this program ran counts: stopped (Ctrl+Z) or asleep, it has no late child.
    """

    def __init__(self, process: SpawnProcess, late: Event, seconds: float) -> None:
        self._process = process
        self._late = late
        self._seconds = seconds
        self._ended = Event()
        self._watch = Thread(target=self._wait, name="film-deadline", daemon=True)

    def __enter__(self) -> None:
        self._watch.start()

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._watch.join()

    def _wait(self) -> None:
        left = self._seconds
        while left > 0:
            if self._ended.wait(min(left, TICK_S)):
                return
            left -= TICK_S
        self._late.set()
        with suppress(OSError, ValueError):
            self._process.kill()


def _film(child: _Child, path: Path, timeout_s: float) -> Radiograph:
    answer = child.ask(path.absolute(), timeout_s)
    return answer.film.radiograph(answer.sha256, path.name)


def _time_out(seconds: float) -> FilmRefused:
    return FilmRefused(
        RefusalCode.TIME_OUT,
        f"The file could not be read within {seconds:g} seconds.",
        hint="It is probably damaged: ask for another copy.",
    )
