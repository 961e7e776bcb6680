"""Read a film and ask the model: the main job without accounts and without storing anything."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

from cxr_desktop.domain.assessed import AssessedFilm
from cxr_desktop.domain.assessment import Assessment, Timings
from cxr_desktop.domain.history import FilmRef
from cxr_desktop.domain.model_input import InputSpec, ModelInput
from cxr_desktop.domain.ports import (
    Classifier,
    ClassifierSource,
    FilmCheck,
    FilmReader,
    JobContext,
    Preparer,
    ThumbnailMaker,
)
from cxr_desktop.domain.radiograph import Caution, Radiograph, StudyInfo


@dataclass(frozen=True, slots=True)
class OpenedFilm:
    """A film that was read: where from, what it is, and the milliseconds that took."""

    path: Path
    radiograph: Radiograph
    read_ms: float


@dataclass(frozen=True, slots=True)
class PreparedFilm:
    """A film that passed the simple rules, as the input of a model that wants it like `spec`."""

    spec: InputSpec
    model_input: ModelInput
    cautions: tuple[Caution, ...]
    prepare_ms: float


@dataclass(frozen=True, slots=True)
class Answer:
    """The model's assessment of an opened film, and what to be careful about."""

    film: OpenedFilm
    assessment: Assessment
    cautions: tuple[Caution, ...]


class AssessFilm:
    """Path to answer. `clock` gives seconds, monotonic."""

    def __init__(
        self,
        reader: FilmReader,
        check: FilmCheck,
        prepare: Preparer,
        classifiers: ClassifierSource,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._reader = reader
        self._check = check
        self._prepare = prepare
        self._classifiers = classifiers
        self._clock = clock

    def open(self, path: Path, job: JobContext) -> OpenedFilm:
        """Read the film. Raises `FilmRefused`."""
        job.report("Reading the film", 0.0)
        start = self._clock()
        radiograph = self._reader.read(path)
        return OpenedFilm(path, radiograph, (self._clock() - start) * 1000)

    def prepare(self, film: OpenedFilm, job: JobContext) -> PreparedFilm:
        """Do what comes before the model. Raises `FilmRefused` and `ModelUnavailable`."""
        job.report("Checking the film", 0.2)
        cautions = self._check(film.radiograph)
        job.report("Loading the model", 0.3)
        return self._prepared(film, self.classifier().input_spec, cautions)

    def _prepared(
        self, film: OpenedFilm, spec: InputSpec, cautions: tuple[Caution, ...]
    ) -> PreparedFilm:
        start = self._clock()
        model_input = self._prepare(film.radiograph, spec)
        milliseconds = (self._clock() - start) * 1000
        every = _one_of_each((*film.radiograph.cautions, *cautions))
        return PreparedFilm(spec, model_input, every, milliseconds)

    def assess(
        self, film: OpenedFilm, job: JobContext, prepared: PreparedFilm | None = None
    ) -> Answer:
        """Ask the active model. Raises `FilmRefused` and `ModelUnavailable`.

        A film may be refused before the model ran, by simple rules, or by the model's own gate.
        What was `prepared` before is used, unless another model became active since.
        """
        if prepared is None or prepared.spec != self.classifier().input_spec:
            prepared = self.prepare(film, job)
        assessment = _asked(self.classifier(), prepared, film.read_ms, job)
        return Answer(film, assessment, prepared.cautions)

    def __call__(self, path: Path, job: JobContext) -> Answer:
        """Read and assess."""
        return self.assess(self.open(path, job), job)

    def of_content(self, path: Path, content: bytes, job: JobContext) -> Answer:
        """Assess the film that a file of this path and content would be; raises as calling does."""
        job.report("Reading the film", 0.0)
        start = self._clock()
        radiograph = self._reader.read_content(content, path.name)
        return self.assess(OpenedFilm(path, radiograph, (self._clock() - start) * 1000), job)

    def without_pixels(
        self,
        path: Path,
        thumbnail: ThumbnailMaker,
        room: AbstractContextManager[object],
        job: JobContext,
    ) -> AssessedFilm:
        """Read and assess one film of many; its pixels are held inside `room` only.

        The model is asked outside of it: while many films wait for the model, few are in memory.
        Raises as calling does.
        """
        classifier = self.classifier()
        with room:
            film = self.open(path, job)
            cautions = self._check(film.radiograph)
            prepared = self._prepared(film, classifier.input_spec, cautions)
            known, small = known_of(film.radiograph), thumbnail(film.radiograph)
            read_ms = film.read_ms
            del film
        assessment = _asked(classifier, prepared, read_ms, job)
        return AssessedFilm(*known, assessment, prepared.cautions, small)

    def classifier(self) -> Classifier:
        """Return the active model, loaded and checked. Raises `ModelUnavailable`."""
        return self._classifiers.get()


def _asked(
    classifier: Classifier, prepared: PreparedFilm, read_ms: float, job: JobContext
) -> Assessment:
    """Run the model; the answer tells what all of it took. Raises as the classifier does."""
    job.report("Running the model", 0.5)
    assessment = classifier.assess(prepared.model_input)
    timings = Timings(read_ms, prepared.prepare_ms, assessment.timings.infer)
    return replace(assessment, timings=timings)


def assessed_film(answer: Answer, thumbnail: ThumbnailMaker) -> AssessedFilm:
    """Return an answer without the film's pixels."""
    radiograph = answer.film.radiograph
    film, study = known_of(radiograph)
    return AssessedFilm(film, study, answer.assessment, answer.cautions, thumbnail(radiograph))


def known_of(radiograph: Radiograph) -> tuple[FilmRef, StudyInfo]:
    """Return what is stored of a film beside its answer."""
    film = FilmRef(
        sha256=radiograph.sha256,
        file_name=radiograph.file_name,
        file_format=radiograph.file_format,
        rows=radiograph.rows,
        columns=radiograph.columns,
    )
    return film, radiograph.study


def _one_of_each(cautions: Sequence[Caution]) -> tuple[Caution, ...]:
    """Keep the first caution of each code: reader and check may warn of the same thing."""
    first: dict[str, Caution] = {}
    for caution in cautions:
        first.setdefault(caution.code, caution)
    return tuple(first.values())
