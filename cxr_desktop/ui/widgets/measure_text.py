"""Measurements in words: with their unit and, where it matters, the plane they hold in."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from cxr_desktop.domain.measurement import (
    Measurement,
    MeasurementKind,
    Point,
    angle,
    cardiothoracic_ratio,
    distance,
    is_enlarged,
)
from cxr_desktop.domain.radiograph import PixelSpacing

translate = QCoreApplication.translate


def text_of(measurement: Measurement, spacing: PixelSpacing | None) -> str:
    """Return what is written beside a measurement."""
    match measurement.kind:
        case MeasurementKind.LENGTH:
            return length_text(measurement.points[0], measurement.points[1], spacing)
        case MeasurementKind.ANGLE:
            degrees = angle(measurement, spacing)
            return f"{degrees:.1f}°" if degrees is not None else "–"
        case MeasurementKind.RATIO:
            return ratio_text(measurement, spacing)
        case MeasurementKind.CALIBRATION:
            given = translate("Measure", "{length} mm, calibrated by hand")
            return given.format(length=f"{measurement.millimetres:.1f}")


def length_text(one: Point, other: Point, spacing: PixelSpacing | None) -> str:
    """Write a length in millimetres and what they are worth, or in pixels without a spacing."""
    value = distance(one, other, spacing)
    if spacing is None:
        return translate("Measure", "{length} pixels").format(length=f"{value:.0f}")
    if spacing.at_detector:
        return translate("Measure", "{length} mm at the detector plane").format(
            length=f"{value:.1f}"
        )
    if spacing.by_hand:
        return translate("Measure", "{length} mm, calibrated by hand").format(length=f"{value:.1f}")
    return translate("Measure", "{length} mm").format(length=f"{value:.1f}")


def scale_unit(spacing: PixelSpacing) -> str:
    """Return what stands beside the scale bar, with a place for its length."""
    if spacing.at_detector:
        return translate("Measure", "{length} mm, detector")
    if spacing.by_hand:
        return translate("Measure", "{length} mm, by hand")
    return translate("Measure", "{length} mm")


def ratio_text(measurement: Measurement, spacing: PixelSpacing | None) -> str:
    """Write the ratio with two decimals; above 0.50 it says so in words."""
    ratio = cardiothoracic_ratio(measurement, spacing)
    if ratio is None:
        return "–"
    text = translate("Measure", "CTR {ratio}").format(ratio=f"{ratio:.2f}")
    if is_enlarged(ratio):
        return translate("Measure", "{text} – above 0.50").format(text=text)
    return text


def is_marked(measurement: Measurement, spacing: PixelSpacing | None) -> bool:
    """Whether a measurement is drawn in the colour of warning."""
    if measurement.kind is not MeasurementKind.RATIO:
        return False
    ratio = cardiothoracic_ratio(measurement, spacing)
    return ratio is not None and is_enlarged(ratio)


def name_of(kind: MeasurementKind) -> str:
    """Return the kind in words."""
    names = {
        MeasurementKind.LENGTH: translate("Measure", "Length"),
        MeasurementKind.ANGLE: translate("Measure", "Angle"),
        MeasurementKind.RATIO: translate("Measure", "Ratio"),
        MeasurementKind.CALIBRATION: translate("Measure", "Calibration"),
    }
    return names[kind]


def next_step(kind: MeasurementKind, drawn: int) -> str:
    """Say what the next point is, while something is drawn."""
    steps = {
        MeasurementKind.LENGTH: (
            translate("Measure", "Length: one end"),
            translate("Measure", "Length: the other end"),
        ),
        MeasurementKind.ANGLE: (
            translate("Measure", "Angle: end of one arm"),
            translate("Measure", "Angle: the corner"),
            translate("Measure", "Angle: end of the other arm"),
        ),
        MeasurementKind.RATIO: (
            translate("Measure", "Heart at its widest: one edge"),
            translate("Measure", "Heart at its widest: the other edge"),
            translate("Measure", "Thorax at its widest, inside the ribs: one edge"),
            translate("Measure", "Thorax at its widest, inside the ribs: the other edge"),
        ),
        MeasurementKind.CALIBRATION: (
            translate("Measure", "Something of known length: one end"),
            translate("Measure", "Something of known length: the other end"),
        ),
    }
    return steps[kind][min(drawn, len(steps[kind]) - 1)]


def nothing_to_calibrate() -> str:
    """Say why a film is not calibrated by hand."""
    return translate("Measure", "The film's file tells its scale: measure a length instead.")
