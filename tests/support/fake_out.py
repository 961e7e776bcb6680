"""Stand-ins for what writes exams out of the program."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.deidentify import Change, CleanFilm, CleanOrder, Deed
from cxr_desktop.domain.dicom_out import DicomOrder, DicomPart
from cxr_desktop.domain.errors import FilmRefused, RefusalCode
from cxr_desktop.domain.history import ExamRecord
from cxr_desktop.domain.radiograph import Radiograph

PICTURE = np.zeros((4, 6, 3), np.uint8)


class MemoryDicom:
    """A `DicomWriter` whose files are words; `saved` has them by name, `orders` what was asked."""

    def __init__(self) -> None:
        self.orders: list[DicomOrder] = []
        self.saved: dict[str, bytes] = {}
        self._numbers = count(1)

    def __call__(self, film: bytes, order: DicomOrder) -> Mapping[DicomPart, bytes]:
        """Return what a complete writer would."""
        assert film
        self.orders.append(order)
        files = {DicomPart.REPORT: b"a report"} if order.report else {}
        if order.picture is not None:
            files[DicomPart.PICTURE] = b"a picture"
        if order.pdf is not None:
            files[DicomPart.PDF] = order.pdf
        if order.shapes is not None:
            files[DicomPart.STATE] = b"a presentation state"
        return files

    def draw(self, radiograph: Radiograph, exam: ExamRecord, version: str) -> NDArray[np.uint8]:
        """Return a black picture."""
        return PICTURE

    def save(self, path: Path, content: bytes) -> None:
        """Keep the file."""
        self.saved[path.name] = content

    def new_uid(self) -> str:
        """Count."""
        return f"2.25.{next(self._numbers)}"


class FakeCleaner:
    """A `FilmCleaner`; `refuses` holds the films (SHA-256) that it cannot clean."""

    def __init__(self) -> None:
        self.orders: list[CleanOrder] = []
        self.saved: dict[str, bytes] = {}
        self.refuses: set[str] = set()

    def __call__(self, film: bytes, order: CleanOrder) -> CleanFilm:
        """Return the film's bytes turned round."""
        if order.film_sha256 in self.refuses:
            raise FilmRefused(RefusalCode.DAMAGED, "The film is damaged.")
        self.orders.append(order)
        return CleanFilm(
            content=film[::-1],
            ending=".png",
            patient="P-1",
            film=f"F-{order.film_sha256[:6]}",
            changes=(Change("file", "All but the pixels", Deed.REMOVED),),
            facts={"view_position": "PA"},
        )

    def save(self, path: Path, content: bytes) -> None:
        """Keep the file."""
        self.saved[path.name] = content
