"""Lengths, angles and the cardiothoracic ratio, worked out from points."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxr_desktop.domain.measurement import (
    Measurement,
    MeasurementKind,
    angle,
    calibrated_spacing,
    cardiothoracic_ratio,
    distance,
    is_enlarged,
)
from cxr_desktop.domain.radiograph import PixelSpacing

SQUARE = PixelSpacing(0.2, 0.2)
OBLONG = PixelSpacing(row_mm=0.5, column_mm=0.25)


def ratio(heart: float, thorax: float) -> Measurement:
    points = ((10.0, 5.0), (10.0 + heart, 5.0), (0.0, 9.0), (thorax, 9.0))
    return Measurement(MeasurementKind.RATIO, points)


def corner(x: float, y: float) -> Measurement:
    return Measurement(MeasurementKind.ANGLE, ((100.0, 0.0), (0.0, 0.0), (x, y)))


def test_a_length_is_in_millimetres_of_rows_and_columns_or_in_pixels() -> None:
    assert distance((0, 0), (30, 40), None) == 50
    assert distance((0, 0), (30, 40), SQUARE) == pytest.approx(10)
    assert distance((0, 0), (40, 0), OBLONG) == pytest.approx(10)
    assert distance((0, 0), (0, 40), OBLONG) == pytest.approx(20)


def test_angles_are_those_of_the_body_not_of_oblong_pixels() -> None:
    assert angle(corner(0, 50), None) == pytest.approx(90)
    assert angle(corner(-50, 0), None) == pytest.approx(180)
    assert angle(corner(50, 50), None) == pytest.approx(45)
    assert angle(corner(50, 50), OBLONG) == pytest.approx(math.degrees(math.atan2(2, 1)))


@given(st.floats(0, 360), st.floats(1, 1e4))
def test_an_angle_does_not_depend_on_the_length_of_its_arms(turn: float, reach: float) -> None:
    x, y = math.cos(math.radians(turn)) * reach, math.sin(math.radians(turn)) * reach
    assert angle(corner(x, y), None) == pytest.approx(min(turn, 360 - turn), abs=1e-5)


def test_an_arm_without_length_has_no_angle_and_a_thorax_without_width_no_ratio() -> None:
    assert angle(corner(0, 0), None) is None
    assert cardiothoracic_ratio(ratio(50, 0), None) is None


def test_the_ratio_needs_no_spacing_and_is_marked_only_above_one_half_as_shown() -> None:
    assert cardiothoracic_ratio(ratio(45, 100), None) == pytest.approx(0.45)
    assert cardiothoracic_ratio(ratio(45, 100), SQUARE) == pytest.approx(0.45)
    assert not is_enlarged(0.50)
    assert not is_enlarged(0.5049)  # is shown as 0.50
    assert is_enlarged(0.506)


def test_points_must_be_as_many_as_the_kind_takes_and_finite() -> None:
    with pytest.raises(ValueError, match="2 points"):
        Measurement(MeasurementKind.LENGTH, ((0.0, 0.0),))
    with pytest.raises(ValueError, match="finite"):
        Measurement(MeasurementKind.LENGTH, ((0.0, 0.0), (math.nan, 1.0)))
    with pytest.raises(ValueError, match="finite"):
        Measurement(MeasurementKind.LENGTH, ((0.0, 0.0), (1e9, 1.0)))


def calibration(end: float, millimetres: float) -> Measurement:
    return Measurement(MeasurementKind.CALIBRATION, ((0.0, 0.0), (0.0, end)), millimetres)


def test_the_last_calibration_gives_the_size_of_a_pixel() -> None:
    assert calibrated_spacing([]) is None
    assert calibrated_spacing([corner(1, 1)]) is None
    found = calibrated_spacing([calibration(100, 50), corner(1, 1), calibration(200, 50)])
    assert found == PixelSpacing(0.25, 0.25, by_hand=True)


def test_a_calibration_of_no_length_gives_none() -> None:
    assert calibrated_spacing([calibration(0, 50)]) is None
    assert calibrated_spacing([calibration(9, 50)]) is None


@pytest.mark.parametrize("millimetres", [0.0, -1.0, 1000.1, math.nan, math.inf])
def test_a_calibration_needs_a_usable_length(millimetres: float) -> None:
    with pytest.raises(ValueError, match="unusable"):
        calibration(100, millimetres)


def test_only_a_calibration_has_a_given_length() -> None:
    points = ((0.0, 0.0), (0.0, 10.0))
    with pytest.raises(ValueError, match="given length"):
        Measurement(MeasurementKind.CALIBRATION, points)
    with pytest.raises(ValueError, match="given length"):
        Measurement(MeasurementKind.LENGTH, points, 10.0)


def test_a_moved_calibration_keeps_its_length() -> None:
    assert calibration(100, 50).moved(1, (0.0, 200.0)) == calibration(200, 50)
