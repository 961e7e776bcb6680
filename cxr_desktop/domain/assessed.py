"""A film that was assessed somewhere, without its pixels: what there is to store, and by whom."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from cxr_desktop.domain.assessment import Assessment
from cxr_desktop.domain.history import FilmRef
from cxr_desktop.domain.radiograph import Caution, StudyInfo


@dataclass(frozen=True, slots=True)
class AssessedFilm:
    """The answer to one film; `thumbnail` is a small PNG of it."""

    film: FilmRef
    study: StudyInfo
    assessment: Assessment
    cautions: tuple[Caution, ...]
    thumbnail: bytes


class Mapper(Protocol):
    """Assesses several films at once: in threads here, or on other machines. It stores nothing."""

    @property
    def ahead(self) -> int:
        """How many films may be under way at once; a caller submits no more."""
        ...

    def submit(self, path: Path) -> Future[AssessedFilm]:
        """Begin a film; the future raises what reading or the model raised."""
        ...
