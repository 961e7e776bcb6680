"""Measurements as lines with words, for whoever draws them outside the window."""

from __future__ import annotations

from collections.abc import Sequence

from cxr_desktop.domain.dicom_out import Shape
from cxr_desktop.domain.measurement import (
    Measurement,
    MeasurementKind,
    angle,
    calibrated_spacing,
    cardiothoracic_ratio,
    distance,
)
from cxr_desktop.domain.radiograph import PixelSpacing

CONTOUR_LEVEL = 0.5
CONTOUR_WORDS = f"Heat map at {CONTOUR_LEVEL:.0%}: not the outline of a lesion"


def measured_shapes(
    measurements: Sequence[Measurement], spacing: PixelSpacing | None
) -> tuple[Shape, ...]:
    """Return a shape for each; `spacing` is the film's own, else the last calibration counts."""
    used = spacing or calibrated_spacing(measurements)
    return tuple(_shape(one, used) for one in measurements)


def _shape(one: Measurement, spacing: PixelSpacing | None) -> Shape:
    match one.kind:
        case MeasurementKind.LENGTH:
            return Shape(f"Length {_length(one, spacing)}", (one.points,))
        case MeasurementKind.CALIBRATION:
            return Shape(f"Calibrated by hand: {one.millimetres:.1f} mm", (one.points,))
        case MeasurementKind.ANGLE:
            degrees = angle(one, spacing)
            words = "Angle" if degrees is None else f"Angle {degrees:.1f} degrees"
            return Shape(words, (one.points,))
        case MeasurementKind.RATIO:
            ratio = cardiothoracic_ratio(one, spacing)
            words = "CTR" if ratio is None else f"CTR {ratio:.2f}"
            return Shape(words, (one.points[:2], one.points[2:]))


def _length(one: Measurement, spacing: PixelSpacing | None) -> str:
    value = distance(one.points[0], one.points[1], spacing)
    if spacing is None:
        return f"{value:.0f} pixels"
    plane = " at the detector plane" if spacing.at_detector else ""
    return f"{value:.1f} mm{plane}{', calibrated by hand' if spacing.by_hand else ''}"
