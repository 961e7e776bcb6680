"""Operating points that a hospital chose for itself: for one model, by whom, when, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from cxr_desktop.domain.assessment import Assessment, ModelRef, OperatingPoints, Verdict
from cxr_desktop.domain.audit import AuditEvent


@dataclass(frozen=True, slots=True)
class SitePoints:
    """One choice, kept for ever; the latest counts, and only for the model it was made with.

    `points` is None where the model's own were chosen again. The rest says what was promised (miss
    at most 1 in `miss_one_in`, call at most 1 in `alarm_one_in` normal films abnormal) and on how
    many films.
    """

    time: datetime
    user: str
    model: ModelRef
    points: OperatingPoints | None
    miss_one_in: int = 0
    alarm_one_in: int = 0
    abnormal_films: int = 0
    normal_films: int = 0
    missed: int = 0

    def __post_init__(self) -> None:
        """Raise ValueError for a time without a zone."""
        if self.time.tzinfo is None:
            raise ValueError("a choice needs an aware time")

    def is_for(self, model: ModelRef) -> bool:
        """Whether it was made with exactly this network; any other voids it."""
        return self.model.sha256 == model.sha256


class SitePointsStore(Protocol):
    """Choices of operating points; append only."""

    def add(self, choice: SitePoints, event: AuditEvent) -> None:
        """Store both in ONE transaction."""
        ...

    def all(self) -> Sequence[SitePoints]:
        """Return every choice, the latest (which counts) first."""
        ...


def with_points(assessment: Assessment, points: OperatingPoints | None) -> Assessment:
    """Return the answer as these points put it; the same for None, and for a refused film."""
    if points is None or assessment.verdict is Verdict.REFUSED:
        return assessment
    verdict = points.verdict(assessment.probability)
    return replace(assessment, points=points, verdict=verdict)
