"""Reads one film in this process: size, magic, dispatch. The decoder process calls it.

TO ADD A FILE FORMAT: one row in `formats.FORMATS` and its function here, under the same name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.imaging.decoded import DecodedFilm
from cxr_desktop.imaging.dicom import read_dicom
from cxr_desktop.imaging.formats import HEAD_BYTES, sniff
from cxr_desktop.imaging.packed_film import film_bytes, is_packed
from cxr_desktop.imaging.raster import read_jpeg, read_png, read_tiff
from cxr_desktop.imaging.refusals import unsupported_format
from cxr_desktop.imaging.zip_archive import MAGIC, refuse_archive, refuse_nested

READERS: tuple[tuple[str, Callable[[bytes], DecodedFilm]], ...] = (
    ("DICOM", read_dicom),
    ("PNG", read_png),
    ("JPEG", read_jpeg),
    ("TIFF", read_tiff),
)


def decode_film(path: Path) -> tuple[DecodedFilm, str]:
    """Return the film and the SHA-256 of exactly the bytes it was decoded from.

    Raises `FilmRefused`.
    """
    data = film_bytes(path)
    if data.startswith(MAGIC):
        raise refuse_nested() if is_packed(path) else refuse_archive(path)
    return decode_content(data)


def decode_content(data: bytes) -> tuple[DecodedFilm, str]:
    """Return the film that these bytes of a file are, and their SHA-256. Raises `FilmRefused`."""
    kind = sniff(data[:HEAD_BYTES])
    reader = dict(READERS).get(kind or "")
    if reader is None:
        raise unsupported_format()
    film = reader(data)
    return film, hashlib.sha256(data).hexdigest()


def read_image(path: Path) -> Radiograph:
    """Read a film in this process, trusted files only: a bad one may end the process.

    Raises `FilmRefused`. The program reads through `child_reader.ChildFilmReader`.
    """
    film, sha256 = decode_film(path)
    return film.radiograph(sha256, path.name)
