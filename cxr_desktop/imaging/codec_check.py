"""Whether every compression that the program reads can be read on this computer, and rightly.

The same drawn film lies in `resources/codecs` once for each of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from cxr_desktop.domain.errors import FilmRefused, UserError
from cxr_desktop.domain.ports import FilmReader

PLAIN = "plain.dcm"
# The largest difference from the plain film, of 0..1: none without losses, else what 8 bits bring.
FILMS: Mapping[str, tuple[str, float]] = {
    "deflated.dcm": ("deflated DICOM", 0.0),
    "rle.dcm": ("RLE", 0.0),
    "jpeg.dcm": ("JPEG", 0.01),
    "jpeg-lossless.dcm": ("JPEG lossless", 0.0),
    "jpeg-ls.dcm": ("JPEG-LS", 0.0),
    "jpeg-2000.dcm": ("JPEG 2000", 0.0),
    "htj2k.dcm": ("HTJ2K", 0.0),
    "16-bit.png": ("PNG", 0.001),
    "8-bit.jpg": ("JPEG file", 0.01),
    "8-bit.tif": ("TIFF", 0.01),
}


def check_codecs(reader: FilmReader, folder: Path) -> str:
    """Read all of them and say so in words. Raises `UserError` naming those that were wrong."""
    try:
        plain = reader.read(folder / PLAIN).pixels
    except FilmRefused as error:
        raise _wrong(["plain DICOM"]) from error
    wrong = []
    for file, (name, tolerance) in FILMS.items():
        try:
            film = reader.read(folder / file).pixels
        except FilmRefused:
            wrong.append(name)
        else:
            if film.shape != plain.shape or np.abs(film - plain).max() > tolerance:
                wrong.append(name)
    if wrong:
        raise _wrong(wrong)
    return f"{len(FILMS) + 1} kinds of films are read, each as it was drawn."


def _wrong(names: list[str]) -> UserError:
    return UserError(
        f"These films are not read as they should be on this computer: {', '.join(names)}.",
        hint="Install the program again; if it stays, give a support bundle to whoever helps you.",
        code="codec",
    )
