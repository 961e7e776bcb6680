"""The films' own bytes, kept under the name of their SHA-256."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from cxr_desktop.domain.errors import FilmRefused, RefusalCode, StorageUnavailable
from cxr_desktop.storage.faults import file_faults
from cxr_desktop.storage.files import make_folder, replacing, sync_folder

PIECE = 1 << 20
ADDRESS = re.compile(r"[0-9a-f]{64}")


class FilmFolder:
    """The `FilmArchive` in a folder: `ab/ab12…` is a film, `ab/ab12….png` its small picture."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, path: Path, sha256: str) -> None:
        """Copy the film in, on the disk before this returns; a copy that went bad is replaced.

        Raises `FilmRefused` (changed) when the file is gone or no longer has that hash, and
        `StorageUnavailable` when it cannot be stored.
        """
        place = self._place(sha256)
        with file_faults():
            if place.is_file() and _sha256(place) == sha256:
                sync_folder(place.parent)  # whoever copied it may have died before doing so
                sync_folder(self._folder)
                return
            make_folder(self._folder)
            make_folder(place.parent)
            self._copy(path, place, sha256)

    def path(self, sha256: str) -> Path:
        """Where the film lies. Raises `StorageUnavailable` when it is gone."""
        place = self._place(sha256)
        with file_faults():
            if place.is_file():
                return place
        raise StorageUnavailable(
            "The stored film is no longer in the data folder.",
            hint="Its answer is still in the History; open the original film to keep it again.",
        )

    def keep_thumbnail(self, sha256: str, png: bytes) -> None:
        """Store the small picture; the first one stays. Raises `StorageUnavailable`."""
        place = self._place(sha256).with_suffix(".png")
        with file_faults():
            if place.is_file():
                return
            make_folder(self._folder)
            make_folder(place.parent)
            with replacing(place, self._folder) as file:
                file.write(png)

    def thumbnail(self, sha256: str) -> bytes | None:
        """Return the PNG, or None where there is none to be read."""
        try:
            return self._place(sha256).with_suffix(".png").read_bytes()
        except OSError:
            return None

    def _copy(self, source: Path, place: Path, sha256: str) -> None:
        try:
            reading = source.open("rb")
        except OSError as error:
            raise _changed() from error
        digest = hashlib.sha256()
        with reading, replacing(place, self._folder) as writing:
            while True:
                try:
                    piece = reading.read(PIECE)
                except OSError as error:
                    raise _changed() from error
                if not piece:
                    break
                digest.update(piece)
                writing.write(piece)
            if digest.hexdigest() != sha256:
                raise _changed()

    def _place(self, sha256: str) -> Path:
        if not ADDRESS.fullmatch(sha256):
            raise ValueError("a film's address is 64 lower-case hexadecimal digits")
        return self._folder / sha256[:2] / sha256


def _changed() -> FilmRefused:
    return FilmRefused(
        RefusalCode.CHANGED,
        "The film was changed or removed while it was being read.",
        hint="Open it again; if it lies on a CD or stick, copy it to this computer first.",
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
