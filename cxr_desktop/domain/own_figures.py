"""How the model did on a hospital's own films, with its readers as the reference."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.history import ExamRow
from cxr_desktop.domain.performance import Estimate, wilson
from cxr_desktop.domain.review import Agreement


@dataclass(frozen=True, slots=True)
class ModelFigures:
    """What readers said of one model's answers, by each exam's latest review.

    `agreement` is the share of reviewed exams where reader and model say the same. Where the reader
    decided (normal or abnormal): `sensitivity` is the share of the reader's abnormal films that the
    model did not call normal, `specificity` the share of the reader's normal films that it did not
    call abnormal; both at the operating points that were stored with each answer.
    """

    model: str
    exams: int
    reviewed: int
    agreement: Estimate
    sensitivity: Estimate
    specificity: Estimate
    abnormal_films: int
    normal_films: int
    missed: int
    overcalled: int


@dataclass(frozen=True, slots=True)
class WeekFigures:
    """Exams of the week that begins on this Monday: per answer, and how many were reviewed."""

    monday: date
    normal: int
    uncertain: int
    abnormal: int
    reviewed: int

    @property
    def exams(self) -> int:
        """All of them."""
        return self.normal + self.uncertain + self.abnormal


@dataclass(frozen=True, slots=True)
class OwnFigures:
    """Each model by itself, the weeks oldest first, and refused films by reason."""

    models: tuple[ModelFigures, ...]
    weeks: tuple[WeekFigures, ...]
    refusals: Mapping[str, int]


class Tally:
    """Counts rows as they come; holds numbers only, however many exams there are."""

    def __init__(self) -> None:
        self._pairs: dict[str, Counter[tuple[Verdict, Verdict | None]]] = {}
        self._agreed: Counter[str] = Counter()
        self._weeks: dict[date, Counter[Verdict]] = {}
        self._reviewed: Counter[date] = Counter()

    def add(self, row: ExamRow, day: date) -> None:
        """Count one exam, made on that day of the hospital's clock."""
        if row.verdict is None:
            return
        model = f"{row.model_id} {row.model_version}".strip()
        self._pairs.setdefault(model, Counter())[row.verdict, row.reader] += 1
        self._agreed[model] += row.agreement is Agreement.AGREE
        monday = day - timedelta(days=day.weekday())
        self._weeks.setdefault(monday, Counter())[row.verdict] += 1
        self._reviewed[monday] += row.reader is not None

    def figures(self, refusals: Mapping[str, int]) -> OwnFigures:
        """Return what was counted."""
        return OwnFigures(
            models=tuple(self._of_model(model) for model in sorted(self._pairs)),
            weeks=tuple(
                WeekFigures(
                    monday,
                    counts[Verdict.NORMAL],
                    counts[Verdict.UNCERTAIN],
                    counts[Verdict.ABNORMAL],
                    self._reviewed[monday],
                )
                for monday, counts in sorted(self._weeks.items())
            ),
            refusals=dict(sorted(refusals.items())),
        )

    def _of_model(self, model: str) -> ModelFigures:
        pairs = self._pairs[model]
        abnormal = sum(pairs[said, Verdict.ABNORMAL] for said in Verdict)
        normal = sum(pairs[said, Verdict.NORMAL] for said in Verdict)
        missed = pairs[Verdict.NORMAL, Verdict.ABNORMAL]
        overcalled = pairs[Verdict.ABNORMAL, Verdict.NORMAL]
        reviewed = sum(count for (_, reader), count in pairs.items() if reader is not None)
        return ModelFigures(
            model=model,
            exams=pairs.total(),
            reviewed=reviewed,
            agreement=wilson(self._agreed[model], reviewed),
            sensitivity=wilson(abnormal - missed, abnormal),
            specificity=wilson(normal - overcalled, normal),
            abnormal_films=abnormal,
            normal_films=normal,
            missed=missed,
            overcalled=overcalled,
        )
