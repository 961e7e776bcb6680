"""The films' own bytes, encrypted, under names that say nothing."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

from cxr_desktop.domain.errors import FilmRefused, RefusalCode, StorageUnavailable
from cxr_desktop.storage.data_keys import DataKeys
from cxr_desktop.storage.faults import file_faults
from cxr_desktop.storage.files import make_folder, replacing, sync_folder
from cxr_desktop.storage.sealed_file import PIECE, read_sealed, sealed_pieces, write_sealed

ADDRESS = re.compile(r"[0-9a-f]{64}")
FILM, SMALL = "film", "small"


FilmPieces = Callable[[Path, int], Iterator[bytes]]


def file_pieces(path: Path, size: int) -> Iterator[bytes]:
    """Give a file's bytes in pieces of `size`, the last shorter. Raises OSError."""
    with path.open("rb") as file:
        yield from iter(lambda: file.read(size), b"")


class FilmFolder:
    """The `FilmArchive` in a folder: `ab/ab12….film` is a film, `ab/ab12….small` its small picture.

    The names are keyed hashes of the film's SHA-256: without the key nobody can tell whether a film
    they have is among these. `keys` gives the keys, and raises `StorageUnavailable` while the
    folder is locked. What a folder holds from before it was encrypted is read as it is, until
    `encrypt_rest` has been through. `pieces` reads a film that is to be kept.
    """

    def __init__(
        self, folder: Path, keys: Callable[[], DataKeys], pieces: FilmPieces = file_pieces
    ) -> None:
        self._folder = folder
        self._keys = keys
        self._pieces = pieces

    def keep(self, path: Path, sha256: str) -> None:
        """Copy the film in, on the disk before this returns; a copy that went bad is replaced.

        Raises `FilmRefused` (changed) when the file is gone or no longer has that hash, and
        `StorageUnavailable` when it cannot be stored.
        """
        place = self._place(sha256, FILM)
        with file_faults():
            if self._is_kept(place, sha256):
                sync_folder(place.parent)  # whoever copied it may have died before doing so
                sync_folder(self._folder)
                return
            self._write(place, FILM, _unchanged(self._pieces(path, PIECE), sha256))

    def content(self, sha256: str) -> bytes:
        """Return the film's bytes. Raises `StorageUnavailable` when they are gone or damaged."""
        place, plain = self._place(sha256, FILM), self._plain(sha256, FILM)
        with file_faults():
            if place.is_file():
                return read_sealed(place, self._keys().films, FILM)
            if plain.is_file():
                return plain.read_bytes()
        raise StorageUnavailable(
            "The stored film is no longer in the data folder.",
            hint="Its answer is still in the History; open the original film to keep it again.",
        )

    def keep_thumbnail(self, sha256: str, png: bytes) -> None:
        """Store the small picture; the first one stays. Raises `StorageUnavailable`."""
        place = self._place(sha256, SMALL)
        with file_faults():
            if not place.is_file() and not self._plain(sha256, SMALL).is_file():
                self._write(place, SMALL, iter([png]))

    def thumbnail(self, sha256: str) -> bytes | None:
        """Return the PNG, or None where there is none to be read."""
        place = self._place(sha256, SMALL)
        try:
            if place.is_file():
                return read_sealed(place, self._keys().films, SMALL)
            return self._plain(sha256, SMALL).read_bytes()
        except (OSError, StorageUnavailable):
            return None

    def plain_films(self) -> list[Path]:
        """Return what still lies here from before the folder was encrypted."""
        with file_faults():
            found = sorted(path for path in self._folder.rglob("*") if path.is_file())
        return [path for path in found if _address(path) is not None]

    def encrypt_film(self, plain: Path) -> None:
        """Put an encrypted file in the place of a plain one; cut off, one of them is whole.

        Raises `StorageUnavailable`.
        """
        address = _address(plain)
        if address is None:
            raise ValueError("no film from before the folder was encrypted")
        sha256, purpose = address
        place = self._place(sha256, purpose)
        with file_faults():
            if not plain.is_file():
                return  # another process was quicker
            if not self._is_whole(place, purpose):
                self._write(place, purpose, file_pieces(plain, PIECE))
            plain.unlink()
            sync_folder(plain.parent)

    def _is_kept(self, place: Path, sha256: str) -> bool:
        if not place.is_file():
            return False
        digest = hashlib.sha256()
        try:
            for piece in sealed_pieces(place, self._keys().films, FILM):
                digest.update(piece)
        except StorageUnavailable:
            return False
        return digest.hexdigest() == sha256

    def _is_whole(self, place: Path, purpose: str) -> bool:
        try:
            return place.is_file() and all(
                True for _ in sealed_pieces(place, self._keys().films, purpose)
            )
        except StorageUnavailable:
            return False

    def _write(self, place: Path, purpose: str, pieces: Iterator[bytes]) -> None:
        key = self._keys().films
        make_folder(self._folder)
        make_folder(place.parent)
        with replacing(place, self._folder) as file:
            write_sealed(file, pieces, key, purpose)

    def _place(self, sha256: str, purpose: str) -> Path:
        _check(sha256)
        name = hmac.digest(self._keys().film_names, sha256.encode(), "sha256").hex()
        return self._folder / name[:2] / f"{name}.{purpose}"

    def _plain(self, sha256: str, purpose: str) -> Path:
        ending = ".png" if purpose == SMALL else ""
        return self._folder / sha256[:2] / f"{sha256}{ending}"


def _unchanged(pieces: Iterator[bytes], sha256: str) -> Iterator[bytes]:
    """Give a film's bytes. Raises `FilmRefused` at the end when they do not have that hash."""
    digest = hashlib.sha256()
    try:
        for piece in _readable(pieces):
            digest.update(piece)
            yield piece
    finally:
        if isinstance(pieces, Generator):
            pieces.close()
    if digest.hexdigest() != sha256:
        raise _changed()


def _readable(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Give the pieces. Raises `FilmRefused` (changed) where they can no longer be read."""
    while True:
        try:
            piece = next(pieces, b"")
        except (OSError, FilmRefused) as error:
            raise _changed() from error
        if not piece:
            return
        yield piece


def _address(path: Path) -> tuple[str, str] | None:
    """Return (SHA-256, purpose) of a file from before the folder was encrypted; None for others."""
    purpose = {"": FILM, ".png": SMALL}.get(path.suffix)
    return (path.stem, purpose) if purpose and ADDRESS.fullmatch(path.stem) else None


def _check(sha256: str) -> None:
    if not ADDRESS.fullmatch(sha256):
        raise ValueError("a film's address is 64 lower-case hexadecimal digits")


def _changed() -> FilmRefused:
    return FilmRefused(
        RefusalCode.CHANGED,
        "The film was changed or removed while it was being read.",
        hint="Open it again; if it lies on a CD or stick, copy it to this computer first.",
    )
