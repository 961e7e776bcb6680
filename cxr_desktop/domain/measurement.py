"""What a reader measures on a film: lengths, angles and the cardiothoracic ratio.

Points are kept in film pixels from the upper left corner, so that turning, zooming and flipping
the picture change nothing. Figures are worked out from the points each time.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from cxr_desktop.domain.audit import AuditEvent
from cxr_desktop.domain.radiograph import PixelSpacing

Point = tuple[float, float]
RATIO_LIMIT = 0.5
LARGEST = 1e6
MOST_MILLIMETRES = 1000.0
SHORTEST = 10.0  # pixels of a line that can calibrate
MOST = 200  # measurements of one exam


class MeasurementKind(StrEnum):
    """What is measured. Stored: never change a value."""

    LENGTH = "length"  # two ends
    ANGLE = "angle"  # end of one arm, vertex, end of the other
    RATIO = "cardiothoracic_ratio"  # two ends of the heart's width, two of the thorax's
    CALIBRATION = "calibration"  # two ends of something whose length is known


POINTS: dict[MeasurementKind, int] = {
    MeasurementKind.LENGTH: 2,
    MeasurementKind.ANGLE: 3,
    MeasurementKind.RATIO: 4,
    MeasurementKind.CALIBRATION: 2,
}


@dataclass(frozen=True, slots=True)
class Measurement:
    """One measurement: its kind and (x, y) points, as many as `POINTS` says.

    `millimetres` is the length that a person gave to a CALIBRATION, and of nothing else.
    """

    kind: MeasurementKind
    points: tuple[Point, ...]
    millimetres: float | None = None

    def __post_init__(self) -> None:
        """Raise ValueError for another number of points, or points that are none."""
        if len(self.points) != POINTS[self.kind]:
            raise ValueError(f"{self.kind} takes {POINTS[self.kind]} points")
        if not all(math.isfinite(v) and abs(v) <= LARGEST for point in self.points for v in point):
            raise ValueError("a measurement's points must be finite")
        if (self.kind is MeasurementKind.CALIBRATION) != (self.millimetres is not None):
            raise ValueError("a calibration, and nothing else, has a given length")
        if self.millimetres is not None and not 0 < self.millimetres <= MOST_MILLIMETRES:
            raise ValueError(f"a length of {self.millimetres} mm is unusable")

    def moved(self, index: int, point: Point) -> Measurement:
        """Return it with one point somewhere else."""
        points = list(self.points)
        points[index] = point
        return replace(self, points=tuple(points))


def distance(one: Point, other: Point, spacing: PixelSpacing | None) -> float:
    """Return the distance in millimetres, or in pixels without a spacing."""
    across, down = _scale(spacing)
    return math.hypot((other[0] - one[0]) * across, (other[1] - one[1]) * down)


def angle(measurement: Measurement, spacing: PixelSpacing | None) -> float | None:
    """Return the angle at the vertex in degrees, 0..180; None for an arm without a length."""
    across, down = _scale(spacing)
    first, vertex, last = measurement.points
    a = ((first[0] - vertex[0]) * across, (first[1] - vertex[1]) * down)
    b = ((last[0] - vertex[0]) * across, (last[1] - vertex[1]) * down)
    if math.hypot(*a) == 0 or math.hypot(*b) == 0:
        return None
    turned = abs(math.atan2(a[0] * b[1] - a[1] * b[0], a[0] * b[0] + a[1] * b[1]))
    return math.degrees(turned)


def cardiothoracic_ratio(measurement: Measurement, spacing: PixelSpacing | None) -> float | None:
    """Return the heart's width by the thorax's; None for a thorax without a width."""
    heart = distance(measurement.points[0], measurement.points[1], spacing)
    thorax = distance(measurement.points[2], measurement.points[3], spacing)
    return heart / thorax if thorax > 0 else None


def is_enlarged(ratio: float) -> bool:
    """Whether a ratio, as it is shown with two decimals, is above 0.50."""
    return round(ratio, 2) > RATIO_LIMIT


def calibrated_spacing(measurements: Sequence[Measurement]) -> PixelSpacing | None:
    """Return the size of a pixel by the last calibration; None without one of a usable length."""
    for one in reversed(measurements):
        if one.millimetres is not None:
            length = distance(one.points[0], one.points[1], None)
            if length < SHORTEST:
                return None
            size = one.millimetres / length
            return PixelSpacing(size, size, by_hand=True)
    return None


def _scale(spacing: PixelSpacing | None) -> tuple[float, float]:
    return (spacing.column_mm, spacing.row_mm) if spacing is not None else (1.0, 1.0)


@dataclass(frozen=True, slots=True)
class MeasurementSet:
    """All that was measured on an exam's film, as one person left it; the latest set counts.

    `time` is aware. An empty set says that everything was taken away again.
    """

    exam_id: str
    user: str
    time: datetime
    measurements: tuple[Measurement, ...]

    def __post_init__(self) -> None:
        """Raise ValueError for no exam, a time without a zone, or too many measurements."""
        if self.time.tzinfo is None or not self.exam_id:
            raise ValueError("measurements need an exam and an aware time")
        if len(self.measurements) > MOST:
            raise ValueError(f"an exam holds at most {MOST} measurements")


class MeasurementStore(Protocol):
    """What was measured on exams; append only."""

    def add(self, measured: MeasurementSet, event: AuditEvent) -> None:
        """Store both in ONE transaction. Raises `InvalidRequest` for an unknown exam."""
        ...

    def latest(self, exam_id: str) -> MeasurementSet | None:
        """Return the set that counts, or None."""
        ...
