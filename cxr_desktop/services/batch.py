"""Work through many files, one after the other; a refused file never stops the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from cxr_desktop.domain.errors import FilmRefused, InvalidRequest
from cxr_desktop.domain.history import ExamView
from cxr_desktop.domain.outcome import FilmOutcome
from cxr_desktop.domain.ports import JobContext

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class FileOutcome(Generic[Result]):
    """What became of one file: a result, a refusal, or the exam that was stored before."""

    path: Path
    result: Result | None = None
    refusal: FilmRefused | None = None
    stored_before: str = ""


def outcome_of(outcome: FileOutcome[ExamView], file: str) -> FilmOutcome:
    """Tell what became of a film of a run; `file` is how a person knows it."""
    if outcome.stored_before:
        return FilmOutcome(file, "stored_before", exam_id=outcome.stored_before)
    if outcome.result is not None:
        return FilmOutcome.of_exam(file, outcome.result)
    assert outcome.refusal is not None
    return FilmOutcome.of_error(file, outcome.refusal)


class PartOfBatch:
    """Progress of file `index` (from 0) as a slice of `total` files."""

    def __init__(self, job: JobContext, index: int, total: int) -> None:
        self._job = job
        self._index = index
        self._total = total

    def report(self, step: str, fraction: float) -> None:
        """Pass on as a fraction of all files."""
        overall = (self._index + fraction) / self._total
        self._job.report(f"{step} ({self._index + 1} of {self._total})", overall)


def require_films(films: Sequence[Path]) -> None:
    """Raise `InvalidRequest` for no film at all."""
    if not films:
        raise InvalidRequest(
            "There is no film here.",
            hint="Choose a folder that holds PNG, JPEG, TIFF or DICOM files.",
        )


def each_film(
    films: Sequence[Path], work: Callable[[Path, JobContext], Result], job: JobContext
) -> Iterator[FileOutcome[Result]]:
    """Yield one outcome per file, in order.

    Raises `InvalidRequest` for no file at all; what concerns every file (no model, a full disk, a
    permission) is raised as it is and ends the batch; what was yielded before stays done.
    """
    require_films(films)
    for index, path in enumerate(films):
        part = PartOfBatch(job, index, len(films))
        part.report("Film", 0.0)
        try:
            yield FileOutcome(path, result=work(path, part))
        except FilmRefused as refusal:
            yield FileOutcome(path, refusal=refusal)
