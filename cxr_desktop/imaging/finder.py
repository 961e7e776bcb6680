"""Finds films wherever they come from: files, folders, discs with a DICOMDIR, ZIP archives.

TO ADD A KIND OF COLLECTION: one branch in `FilmFinder._films_of` that yields paths of films.
"""

from __future__ import annotations

import shutil
import stat
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath
from threading import Lock

from cxr_desktop.domain.errors import FilmRefused, StorageUnavailable
from cxr_desktop.imaging.collect import DICOMDIR, find_films, looks_like_film
from cxr_desktop.imaging.dicomdir import files_in_folder
from cxr_desktop.imaging.formats import HEAD_BYTES
from cxr_desktop.imaging.zip_archive import MAGIC, files_of, head_of, open_archive, pieces_of

PREFIX = "cxr-desktop-films-"
LEFT_BEHIND_S = 24 * 3600.0
NAME_LIMIT = 120
References = Sequence[Sequence[str]]


class FilmFinder:
    """Callable as `find_films(paths)`; safe from several threads.

    `list_disc` reads a DICOMDIR and returns the file names it refers to. What comes out of
    archives lies in a private folder until `close`.
    """

    def __init__(self, list_disc: Callable[[Path], References]) -> None:
        self._list_disc = list_disc
        self._lock = Lock()
        self._folder: Path | None = None
        self._labels: dict[Path, str] = {}

    def __call__(self, paths: Iterable[Path]) -> Iterator[Path]:
        """Yield the films to read, each file once, in order.

        A path named by itself that holds no films is yielded as it is: its reader says why.
        """
        for path in find_films(paths):
            yield from self._films_of(path)

    def label(self, path: Path) -> str:
        """Return how to name a film to a person: its path, or archive and member."""
        with self._lock:
            return self._labels.get(path, str(path))

    def close(self) -> None:
        """Remove what was unpacked."""
        with self._lock:
            folder, self._folder = self._folder, None
            self._labels.clear()
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)

    def _films_of(self, path: Path) -> Iterator[Path]:
        found: Iterator[Path] | None = None
        if path.name.upper() == DICOMDIR:
            found = self._of_disc(path)
        elif _is_archive(path):
            found = self._of_archive(path)
        if found is None:
            yield path
            return
        count = 0
        for film in found:
            count += 1
            yield film
        if count == 0:
            yield path

    def _of_disc(self, path: Path) -> Iterator[Path]:
        try:
            references = self._list_disc(path)
        except FilmRefused:
            return
        yield from files_in_folder(path.parent, references)

    def _of_archive(self, path: Path) -> Iterator[Path]:
        try:
            archive = open_archive(path)
        except FilmRefused:
            return
        with archive:
            for index, member in enumerate(files_of(archive)):
                if _wanted(archive, member):
                    yield self._unpacked(path, index, archive, member)

    def _unpacked(
        self, path: Path, index: int, archive: zipfile.ZipFile, member: zipfile.ZipInfo
    ) -> Path:
        """Write a member in a folder of our own naming; only its file name is the archive's."""
        try:
            folder = Path(tempfile.mkdtemp(prefix=f"{index}-", dir=self._private_folder()))
            film = folder / safe_name(member.filename)
            with film.open("xb") as target:
                for piece in pieces_of(archive, member):
                    target.write(piece)
        except OSError as error:
            raise StorageUnavailable(
                "The films of an archive could not be unpacked.",
                hint="Check that the disk is not full, or unpack the archive yourself.",
            ) from error
        with self._lock:
            self._labels[film] = f"{path}/{member.filename}"
        return film

    def _private_folder(self) -> Path:
        with self._lock:
            if self._folder is None:
                remove_left_behind(Path(tempfile.gettempdir()), time.time())
                self._folder = Path(tempfile.mkdtemp(prefix=PREFIX))
            return self._folder


def remove_left_behind(parent: Path, now: float) -> None:
    """Remove folders that a program which ended suddenly left behind more than a day ago."""
    for folder in parent.glob(PREFIX + "*"):
        with suppress(OSError):
            status = folder.lstat()
            if stat.S_ISDIR(status.st_mode) and now - status.st_mtime > LEFT_BEHIND_S:
                shutil.rmtree(folder, ignore_errors=True)


def safe_name(name: str) -> str:
    """Return the last part of a member's name, harmless on every file system."""
    last = PurePosixPath(name.replace("\\", "/")).name
    clean = "".join(c if c.isalnum() or c in "._- ()" else "_" for c in last)
    stem = clean.strip(" .")[-NAME_LIMIT:]
    reserved = stem.split(".")[0].upper() in RESERVED
    return f"_{stem}" if reserved or not stem else stem


RESERVED = frozenset(
    ["CON", "PRN", "AUX", "NUL", *(f"{name}{n}" for name in ("COM", "LPT") for n in range(1, 10))]
)


def _wanted(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    parts = member.filename.replace("\\", "/").split("/")
    if any(part.startswith(".") or part == "__MACOSX" for part in parts):
        return False
    if member.filename.lower().endswith(".zip"):
        return True  # its reader says that archives inside archives are not opened
    return looks_like_film(Path(parts[-1]), lambda: head_of(archive, member, HEAD_BYTES))


def _is_archive(path: Path) -> bool:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return False
        with path.open("rb") as file:
            return file.read(4) in MAGIC
    except (OSError, ValueError):
        return False
