import pytest

from cxr_desktop.domain.dicom_out import Shape
from cxr_desktop.domain.measured_shapes import measured_shapes
from cxr_desktop.domain.measurement import Measurement, MeasurementKind
from cxr_desktop.domain.radiograph import PixelSpacing

LINE = Measurement(MeasurementKind.LENGTH, ((0, 0), (3, 4)))


@pytest.mark.parametrize(
    ("spacing", "words"),
    [
        (None, "Length 5 pixels"),
        (PixelSpacing(2, 2), "Length 10.0 mm"),
        (PixelSpacing(2, 2, at_detector=True), "Length 10.0 mm at the detector plane"),
    ],
)
def test_a_length_says_what_it_is_worth(spacing: PixelSpacing | None, words: str) -> None:
    assert measured_shapes([LINE], spacing) == (Shape(words, (LINE.points,)),)


def test_an_angle_is_one_line_and_a_ratio_two() -> None:
    corner = Measurement(MeasurementKind.ANGLE, ((1, 0), (0, 0), (0, 1)))
    ratio = Measurement(MeasurementKind.RATIO, ((0, 0), (6, 0), (0, 9), (10, 9)))
    angle, heart = measured_shapes([corner, ratio], None)
    assert angle == Shape("Angle 90.0 degrees", (corner.points,))
    assert heart == Shape("CTR 0.60", (((0, 0), (6, 0)), ((0, 9), (10, 9))))


def test_without_a_width_or_an_arm_there_is_a_name_and_no_figure() -> None:
    corner = Measurement(MeasurementKind.ANGLE, ((0, 0), (0, 0), (0, 1)))
    ratio = Measurement(MeasurementKind.RATIO, ((0, 0), (6, 0), (9, 9), (9, 9)))
    assert [one.words for one in measured_shapes([corner, ratio], None)] == ["Angle", "CTR"]
