"""Films without their patient: what is asked for, and what was taken out of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from cxr_desktop.domain.radiograph import StudyInfo

MOST_BOXES = 50


class Deed(StrEnum):
    """What was done to an attribute. Written into files: never change a value."""

    REMOVED = "removed"
    EMPTIED = "emptied"
    REPLACED = "replaced"
    SHIFTED = "shifted"
    MASKED = "masked"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that was done: `place` is a tag, or a part of the file; never its old value."""

    place: str
    name: str
    deed: Deed


@dataclass(frozen=True, slots=True)
class MaskBox:
    """A rectangle to make black, in pixels of the film as it is shown: left, top, width, height."""

    x: int
    y: int
    width: int
    height: int

    def __post_init__(self) -> None:
        """Raise ValueError for a box without an area or left of the film."""
        if min(self.x, self.y) < 0 or min(self.width, self.height) < 1:
            raise ValueError(f"box {self.x}, {self.y}, {self.width}, {self.height}")


@dataclass(frozen=True, slots=True)
class DeidOptions:
    """The options of PS3.15 E.3 that are offered, both off in the Basic Profile.

    `shift_dates`: dates stay, moved by a number of days that is the same for all films of a patient
    in one export (E.3.6, modified dates). `keep_characteristics`: sex, age, size and weight stay
    (E.3.5), ages above 89 years as 90.
    """

    shift_dates: bool = False
    keep_characteristics: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class CleanOrder:
    """One film to clean. `secret` is random, 32 bytes, the same for one whole export, then gone:
    codes, UIDs and days follow from it. `study` is what the exam knows of the patient.
    """

    study: StudyInfo
    film_sha256: str
    options: DeidOptions
    secret: bytes
    boxes: tuple[MaskBox, ...] = ()

    def __post_init__(self) -> None:
        """Raise ValueError for a short secret or too many boxes."""
        if len(self.secret) < 32 or len(self.boxes) > MOST_BOXES:
            raise ValueError("a film is cleaned with a secret of 32 bytes and at most 50 boxes")


@dataclass(frozen=True, slots=True, eq=False)
class CleanFilm:
    """The cleaned file: `patient` and `film` are codes; `ending` is “.dcm” or “.png”.

    `facts` are what stays known of a film whose format has no room for it.
    """

    content: bytes
    ending: str
    patient: str
    film: str
    changes: tuple[Change, ...]
    facts: dict[str, str]


class FilmCleaner(Protocol):
    """Takes the patient out of one film."""

    def __call__(self, film: bytes, order: CleanOrder) -> CleanFilm:
        """Return the cleaned file. Raises `FilmRefused`."""
        ...


Boxes = Sequence[MaskBox]
