"""Files that leave the program, written where a person said: whole under their names, or not there.

::

    out/.….part    what is being put together, encrypted
    out/….note     where one file is being written right now, encrypted

What a person takes out must lie there readable in the end. Until it is complete it lies in memory,
or encrypted in the data folder; the last step, the copy, is noted before it begins. Cut off in it,
the half copy is removed at the next sign-in.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from cxr_desktop.domain.errors import InvalidRequest, StorageUnavailable
from cxr_desktop.files import completing, new_part, open_private, replacing, sync_folder
from cxr_desktop.storage.data_keys import DataKeys
from cxr_desktop.storage.sealed_file import PIECE, read_sealed, sealed_pieces, write_sealed

NOTE, WAITING = "note", "waiting"


class OutFiles:
    """The door through which what tells of patients leaves; `folder` is in the data folder."""

    def __init__(self, folder: Path, keys: Callable[[], DataKeys]) -> None:
        self._folder = folder
        self._keys = keys

    def write_new(self, path: Path, content: bytes) -> None:
        """Write a new file. Raises `InvalidRequest` for one that is there, `StorageUnavailable`."""
        with _writable(path):
            _refuse_existing(path)
            self._copy(path, [content])

    def write_over(self, path: Path, content: bytes) -> None:
        """Write a file, in the place of one that is there. Raises `StorageUnavailable`."""
        with _writable(path):
            self._copy(path, [content])

    def write_pieces(self, path: Path, pieces: Iterable[bytes], *, over: bool) -> None:
        """Write a file of any size; it appears when the last piece has come.

        Raises as `write_new` does, and what raises inside `pieces`; then there is no file, or the
        old one.
        """
        with _writable(path):
            if not over:
                _refuse_existing(path)
            with closing(self._when_complete(pieces)) as complete:
                self._copy(path, complete)

    def remove_cut_off(self) -> int:
        """Remove what a sudden end left of files that were being copied; return how many.

        One whose disk is not connected is removed another time. Never raises OSError.
        """
        removed = 0
        for note in self._folder.glob(f"*.{NOTE}"):
            with suppress(OSError), note.open("rb+") as file:
                if not _hold(file):
                    continue  # it is being written right now, by another window or command
                part = self._noted(note)
                removed += part is not None and part.exists()
                if part is not None and not _is_gone(part):
                    continue
            with suppress(OSError):
                note.unlink(missing_ok=True)
        return removed

    def _when_complete(self, pieces: Iterable[bytes]) -> Generator[bytes]:
        """Give the pieces when all have come; until then they lie encrypted in the data folder."""
        waiting, key = new_part(self._folder), self._keys().out
        try:
            with open_private(waiting) as file:
                write_sealed(file, _even(pieces), key, WAITING)
            yield from sealed_pieces(waiting, key, WAITING)
        finally:
            waiting.unlink(missing_ok=True)

    def _copy(self, path: Path, pieces: Iterable[bytes]) -> None:
        part = new_part(path.parent)
        with self._note(part), completing(path, part) as file:
            file.writelines(pieces)

    @contextmanager
    def _note(self, part: Path) -> Iterator[None]:
        """Note on the disk that a file is being written, and hold the note until it is."""
        note = self._folder / f"{uuid.uuid4().hex}.{NOTE}"
        try:
            with open_private(note) as file:
                _hold(file)
                write_sealed(file, [os.fsencode(part)], self._keys().out, NOTE)
                file.flush()
                os.fsync(file.fileno())
                sync_folder(self._folder)
                yield
        finally:
            if _is_gone(part):
                with suppress(OSError):  # the next sign-in removes it
                    note.unlink(missing_ok=True)

    def _noted(self, note: Path) -> Path | None:
        """Return what a note is about; None for one that was cut off itself: nothing had begun."""
        try:
            return Path(os.fsdecode(read_sealed(note, self._keys().out, NOTE)))
        except StorageUnavailable:
            return None


def write_plain(path: Path, content: bytes) -> None:
    """Write a new file that tells nothing of patients, whole or not at all.

    Raises `InvalidRequest` for one that is there already, and `StorageUnavailable`.
    """
    with _writable(path):
        _refuse_existing(path)
        with replacing(path, path.parent) as file:
            file.write(content)


def _refuse_existing(path: Path) -> None:
    if path.exists():
        raise InvalidRequest(
            f"There is a file “{path.name}” already.", hint="Choose another name or folder."
        )


def _even(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Give the same bytes in pieces of `PIECE`."""
    held = bytearray()
    for piece in pieces:
        held += piece
        while len(held) >= PIECE:
            yield bytes(held[:PIECE])
            del held[:PIECE]
    yield bytes(held)


def _is_gone(part: Path) -> bool:
    """Remove it; whether it is known to be gone: not while its disk cannot be reached."""
    try:
        part.unlink(missing_ok=True)
        return part.parent.is_dir()
    except OSError:
        return False


def _hold(file: BinaryIO) -> bool:
    """Hold a file until it is closed, or the process is gone; False where another one does.

    Windows needs nothing: what is being copied is open there, and cannot be removed.
    """
    if os.name == "nt":
        return True
    import fcntl  # noqa: PLC0415 - not on Windows

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _writable(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageUnavailable(
            f"“{path.name}” cannot be written.",
            hint="Check that its folder exists, may be written to, and that the disk is not full.",
        ) from error
