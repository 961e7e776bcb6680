"""A film as the program holds it: pixels, grey window, spacing and what is known of the study."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

TEXT_LIMIT = 256


@dataclass(frozen=True, slots=True)
class Window:
    """Grey window on `Radiograph.pixels`: `centre` and `width` in its 0..1 units, width above 0."""

    centre: float = 0.5
    width: float = 1.0
    name: str = ""

    def __post_init__(self) -> None:
        """Raise ValueError for a width that is not above 0."""
        if not (np.isfinite(self.centre) and np.isfinite(self.width) and self.width > 0):
            raise ValueError(f"window centre {self.centre}, width {self.width} is unusable")

    @property
    def low(self) -> float:
        """The pixel value shown black."""
        return self.centre - self.width / 2

    @property
    def high(self) -> float:
        """The pixel value shown white."""
        return self.centre + self.width / 2


FULL_WINDOW = Window()


@dataclass(frozen=True, slots=True)
class PixelSpacing:
    """Millimetres per pixel, (row, column) order of DICOM PS3.3 10.7.1.3.

    `at_detector` is true when only Imager Pixel Spacing (0018,1164) is known, which is measured in
    the detector's plane and not corrected for magnification; `by_hand` when a person said how long
    something on the film is.
    """

    row_mm: float
    column_mm: float
    at_detector: bool = False
    by_hand: bool = False

    def __post_init__(self) -> None:
        """Raise ValueError unless both are above 0."""
        if not (self.row_mm > 0 and self.column_mm > 0):
            raise ValueError("pixel spacing must be above 0")


def _is_shown(character: str) -> bool:
    """Whether a character may stand in a text: printable, or a joiner of Persian and Hindi."""
    return character.isprintable() or character in "\u200c\u200d"


@dataclass(frozen=True, slots=True)
class StudyInfo:
    """What is known of patient and study; empty text where nothing is.

    Every text comes from a file or a keyboard: it is data, never markup, at most 256 characters.
    """

    patient_name: str = ""
    patient_id: str = ""
    birth_date: date | None = None
    sex: str = ""
    age: str = ""
    study_date: date | None = None
    study_description: str = ""
    accession_number: str = ""
    study_uid: str = ""
    modality: str = ""
    body_part: str = ""
    view_position: str = ""
    laterality: str = ""
    institution: str = ""
    manufacturer: str = ""
    patient_id_issuer: str = ""

    def __post_init__(self) -> None:
        """Cap every text; blank control characters."""
        for name in self.__slots__:
            value = getattr(self, name)
            if isinstance(value, str):
                clean = "".join(c if _is_shown(c) else " " for c in value[:TEXT_LIMIT]).strip()
                object.__setattr__(self, name, clean)


@dataclass(frozen=True, slots=True)
class Caution:
    """Something the reader of a film should know: a stable `code` and a sentence."""

    code: str
    message: str

    def __str__(self) -> str:
        """Say it where nothing else shows that it is a caution."""
        return f"Caution: {self.message}"


@dataclass(frozen=True, slots=True, eq=False)
class Radiograph:
    """One film.

    `pixels` is float32, (rows, columns), 0..1 over the film's used range at its full depth, bone
    bright (MONOCHROME1 already turned), read-only. `window` is how it is first shown, and what the
    model sees through; `windows` are the film's own named ones. `sha256` is of the file's bytes;
    `file_format` is e.g. "DICOM", "PNG", "JPEG", "TIFF"; `bits` the stored bits per sample.
    """

    pixels: NDArray[np.float32]
    sha256: str
    file_name: str
    file_format: str
    bits: int = 8
    window: Window = FULL_WINDOW
    windows: tuple[Window, ...] = ()
    spacing: PixelSpacing | None = None
    study: StudyInfo = field(default_factory=StudyInfo)
    cautions: tuple[Caution, ...] = ()

    def __post_init__(self) -> None:
        """Raise ValueError for pixels of another kind; makes them read-only."""
        if self.pixels.ndim != 2 or 0 in self.pixels.shape or self.pixels.dtype != np.float32:
            raise ValueError(f"film pixels are {self.pixels.dtype} {self.pixels.shape}")
        if len(self.sha256) != 64:
            raise ValueError("sha256 must be 64 hexadecimal digits")
        self.pixels.flags.writeable = False

    @property
    def rows(self) -> int:
        """Height in pixels."""
        return int(self.pixels.shape[0])

    @property
    def columns(self) -> int:
        """Width in pixels."""
        return int(self.pixels.shape[1])
