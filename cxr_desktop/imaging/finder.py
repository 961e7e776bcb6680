"""Finds films wherever they come from: files, folders, discs with a DICOMDIR, ZIP archives.

TO ADD A KIND OF COLLECTION: one branch in `FilmFinder._films_of` that yields paths of films.
"""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from threading import Lock

from cxr_desktop.domain.errors import FilmRefused
from cxr_desktop.imaging.collect import DICOMDIR, find_films, is_kept, looks_like_film
from cxr_desktop.imaging.dicomdir import files_in_folder
from cxr_desktop.imaging.formats import HEAD_BYTES
from cxr_desktop.imaging.packed_film import packed_path
from cxr_desktop.imaging.zip_archive import MAGIC, files_of, head_of, open_archive

NAME_LIMIT = 120
References = Sequence[Sequence[str]]


class FilmFinder:
    """Callable as `find_films(paths)`; safe from several threads.

    `list_disc` reads a DICOMDIR and returns the file names it refers to. Films in archives stay
    where they are (`packed_film`).
    """

    def __init__(self, list_disc: Callable[[Path], References]) -> None:
        self._list_disc = list_disc
        self._lock = Lock()
        self._labels: dict[Path, str] = {}

    def __call__(self, paths: Iterable[Path]) -> Iterator[Path]:
        """Yield the films to read, each file once, in order.

        A path named by itself that holds no films is yielded as it is: its reader says why.
        """
        for path in find_films(paths):
            yield from self._films_of(path)

    def is_film(self, path: Path) -> bool:
        """Whether a file of a folder would be looked at when the folder is named."""
        return is_kept(path)

    def label(self, path: Path) -> str:
        """Return how to name a film to a person: its path, or archive and member."""
        with self._lock:
            return self._labels.get(path, str(path))

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
                    yield self._packed(path, index, member.filename)

    def _packed(self, archive: Path, number: int, name: str) -> Path:
        film = packed_path(archive, number, safe_name(name))
        with self._lock:
            self._labels[film] = f"{archive}/{name}"
        return film


def safe_name(name: str) -> str:
    """Return the last part of a member's name, harmless to show and to store."""
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
