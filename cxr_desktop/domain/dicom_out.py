"""A stored answer as DICOM objects, for a hospital's picture archive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.history import ExamView
from cxr_desktop.domain.measurement import Point
from cxr_desktop.domain.signing import ReaderReport


class DicomPart(StrEnum):
    """What an answer can be written as; the value is part of the file's name."""

    REPORT = "sr"
    PICTURE = "picture"
    PDF = "pdf"
    STATE = "measurements"


@dataclass(frozen=True, slots=True)
class Shape:
    """Lines over a film and what is written beside them; (x, y) in pixels of the film as shown."""

    words: str
    lines: tuple[tuple[Point, ...], ...]


@dataclass(frozen=True, slots=True, eq=False)
class DicomOrder:
    """What is to be written of one exam.

    `exam` has its assessment; `said` is the reader's part of its report, `organization` the
    hospital. `picture` is uint8, (rows, columns, 3), RGB, and `pdf` a whole file; a part whose
    content is None is not written. `report` asks for the structured report, `shapes` for a
    presentation state with them (it may be without any). `now` is aware. `uids` are new DICOM UIDs,
    at least `UIDS_NEEDED` of them.
    """

    exam: ExamView
    now: datetime
    program_version: str
    uids: tuple[str, ...]
    report: bool = True
    picture: NDArray[np.uint8] | None = None
    pdf: bytes | None = None
    said: ReaderReport | None = None
    organization: str = ""
    shapes: tuple[Shape, ...] | None = None

    def __post_init__(self) -> None:
        """Raise ValueError for too few UIDs, a time without a zone or an exam without answer."""
        if len(self.uids) < UIDS_NEEDED or self.now.tzinfo is None:
            raise ValueError("a DICOM order needs new UIDs and an aware time")
        if self.exam.assessment is None:
            raise ValueError("an exam without its answer cannot be written")


UIDS_NEEDED = 11


class DicomWriter(Protocol):
    """Writes an exam as DICOM objects that refer to its film."""

    def __call__(self, film: bytes, order: DicomOrder) -> Mapping[DicomPart, bytes]:
        """Return whole files by part. Raises `FilmRefused` when that cannot be done."""
        ...
