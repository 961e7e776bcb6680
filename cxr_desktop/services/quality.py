"""Measure the active model on films of known truth; nothing is stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from cxr_desktop.domain.assessment import ModelRef, OperatingPoints
from cxr_desktop.domain.errors import FilmRefused, InvalidRequest
from cxr_desktop.domain.evaluation import Evaluation, ScoredFilm, evaluate
from cxr_desktop.domain.ports import JobContext
from cxr_desktop.services.assess import AssessFilm


class Labelled(Protocol):
    """A film whose truth is known."""

    @property
    def path(self) -> Path:
        """Where it lies."""
        ...

    @property
    def abnormal(self) -> bool:
        """Its truth."""
        ...

    @property
    def source(self) -> str:
        """Hospital or collection."""
        ...


@dataclass(frozen=True, slots=True)
class QualityReport:
    """An evaluation, of which model at which points, and the films refused and so not counted."""

    model: ModelRef
    points: OperatingPoints
    evaluation: Evaluation
    scored: tuple[ScoredFilm, ...]
    refused: tuple[tuple[Path, FilmRefused], ...]


class EvaluateModel:
    """Runs every film down the same road as the main job."""

    def __init__(self, assess: AssessFilm) -> None:
        self._assess = assess

    def __call__(
        self, films: Sequence[Labelled], job: JobContext, *, prevalence: float = 0.1
    ) -> QualityReport:
        """Measure. Raises `ModelUnavailable`, and `InvalidRequest` for a wrong prevalence."""
        if not 0.0 <= prevalence <= 1.0:
            raise InvalidRequest("The prevalence is not between 0 and 1.", hint="Try 0.1.")
        if not films:
            raise InvalidRequest("There is no labelled film.", hint="Choose another folder.")
        scored: list[ScoredFilm] = []
        refused: list[tuple[Path, FilmRefused]] = []
        points = None
        for index, film in enumerate(films):
            step = _OneStep(job, f"Film {index + 1:,} of {len(films):,}", index / len(films))
            step.report()
            try:
                answer = self._assess(film.path, step)
            except FilmRefused as refusal:
                refused.append((film.path, refusal))
                continue
            points = answer.assessment.points
            scored.append(
                ScoredFilm(
                    film.path.name, film.source, film.abnormal, answer.assessment.probability
                )
            )
        if points is None:
            place, why = refused[0]
            raise InvalidRequest(
                f"Every film was refused ({len(refused):,}).",
                hint=f"The first was “{place.name}”: {why}",
            )
        return QualityReport(
            model=self._assess.classifier().model,
            points=points,
            evaluation=evaluate(scored, points, prevalence=prevalence),
            scored=tuple(scored),
            refused=tuple(refused),
        )


class _OneStep:
    """Keeps the cancel checkpoint of a job, and says the same whatever is done inside the step."""

    def __init__(self, job: JobContext, words: str, fraction: float) -> None:
        self._job = job
        self._words = words
        self._fraction = fraction

    def report(self, step: str = "", fraction: float = 0.0) -> None:  # noqa: ARG002 - the port's shape
        """Pass on that work goes on."""
        self._job.report(self._words, self._fraction)
