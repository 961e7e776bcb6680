"""The films' own bytes, encrypted, under names that say nothing."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from cxr_desktop.domain.errors import FilmRefused, RefusalCode, StorageUnavailable
from cxr_desktop.domain.staged import StagedFilm
from cxr_desktop.files import durable, make_folder, new_part, replacing, sync_folder
from cxr_desktop.storage.data_keys import DataKeys
from cxr_desktop.storage.faults import file_faults
from cxr_desktop.storage.sealed_file import PIECE, read_sealed, sealed_pieces, write_sealed

ADDRESS = re.compile(r"[0-9a-f]{64}")
FILM, SMALL = "film", "small"
JUST_NOW = 600.0


FilmPieces = Callable[[Path, int], Iterator[bytes]]


class Digest(Protocol):
    """What `hashlib` gives."""

    def update(self, data: bytes, /) -> None:
        """Take more bytes in."""
        ...


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
        self._staged: set[StagedFilm] = set()

    def keep(self, path: Path, sha256: str) -> None:
        """Copy the film in, on the disk before this returns; a copy that went bad is replaced.

        Raises `FilmRefused` (changed) when the file is gone or no longer has that hash, and
        `StorageUnavailable` when it cannot be stored.
        """
        place = self._place(sha256, FILM)
        with file_faults():
            if self._is_kept(place, sha256):
                os.utime(place)  # see `forget`
                sync_folder(place.parent)  # whoever copied it may have died before doing so
                sync_folder(self._folder)
                return
            self._write(place, FILM, _unchanged(self._pieces(path, PIECE), sha256))

    def stage(self, path: Path, thumbnail: bytes) -> StagedFilm:
        """Encrypt both into the folder, under names that a later start removes (`FilmStage`)."""
        key, digest = self._keys().films, hashlib.sha256()
        part, small = new_part(self._folder), new_part(self._folder)
        with file_faults():
            make_folder(self._folder)
            with durable(part) as file:
                write_sealed(file, _hashed(self._pieces(path, PIECE), digest), key, FILM)
                with durable(small) as picture:
                    write_sealed(picture, [thumbnail], key, SMALL)
        staged = StagedFilm(digest.hexdigest(), part, small)
        self._staged.add(staged)
        return staged

    def place(self, staged: StagedFilm) -> bool:
        """Make it a kept film (`FilmStage`); the bytes that were kept before were the same."""
        return self.place_all([staged])[0]

    def place_all(self, staged: Sequence[StagedFilm]) -> list[bool]:
        """Do that for several (`FilmStage`)."""
        with file_faults():
            folders = [self._moved(one) for one in staged]
            for moved_to in {folder for folder in folders if folder is not None}:
                sync_folder(moved_to)
        for one, folder in zip(staged, folders, strict=True):
            if folder is not None:
                self.discard(one)
        return [folder is not None for folder in folders]

    def _moved(self, staged: StagedFilm) -> Path | None:
        """Give a film its name and return the folder, which is not on the disk yet."""
        film, small = self._place(staged.sha256, FILM), self._place(staged.sha256, SMALL)
        make_folder(film.parent)
        try:
            staged.part.replace(film)
            if not small.is_file():  # the first one stays
                staged.small.replace(small)
        except (FileNotFoundError, PermissionError):
            return None  # removed as left over; or, on Windows, the kept film is being read
        return film.parent

    def discard(self, staged: StagedFilm) -> None:
        """Remove it, or what of it was not put in its place (`FilmStage`)."""
        self._staged.discard(staged)
        for part in (staged.part, staged.small):
            with suppress(OSError):
                part.unlink(missing_ok=True)

    def discard_all(self) -> None:
        """Remove everything that was staged and not put in its place; never raises."""
        for staged in list(self._staged):
            self.discard(staged)

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

    def forget(self, sha256: str) -> bool:
        """Unlink a film and its small picture; False, and nothing, if it was just asked for.

        Who keeps a film touches its file first and stores the exam some seconds later: a film that
        was touched within `JUST_NOW` seconds may be in between. Raises `StorageUnavailable`.
        """
        places = [
            *(self._place(sha256, purpose) for purpose in (FILM, SMALL)),
            *(self._plain(sha256, purpose) for purpose in (FILM, SMALL)),
        ]
        with file_faults():
            there = [place for place in places if place.is_file()]
            if any(time.time() - place.stat().st_mtime < JUST_NOW for place in there):
                return False
            for place in there:
                place.unlink()
                sync_folder(place.parent)
        return True

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
    yield from _hashed(pieces, digest)
    if digest.hexdigest() != sha256:
        raise _changed()


def _hashed(pieces: Iterator[bytes], digest: Digest) -> Iterator[bytes]:
    """Give a film's bytes as they are hashed. Raises `FilmRefused` (changed) as `_readable`."""
    try:
        for piece in _readable(pieces):
            digest.update(piece)
            yield piece
    finally:
        if isinstance(pieces, Generator):
            pieces.close()


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
