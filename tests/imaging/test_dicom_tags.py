"""Tags are data of strangers: a bad one is an empty one."""

from __future__ import annotations

import pytest
from pydicom.dataset import Dataset

from cxr_desktop.imaging.dicom_tags import numbers, text, values, word


class Broken:
    """A value that cannot be written down."""

    def __init__(self, error: type[Exception]) -> None:
        self._error = error

    def __str__(self) -> str:
        raise self._error

    def __float__(self) -> float:
        raise self._error


def with_value(value: object) -> Dataset:
    made = Dataset()
    made.add_new("PatientComments", "LT", "")
    made["PatientComments"]._value = value
    return made


@pytest.mark.parametrize("error", [ValueError, TypeError, UnicodeDecodeError, RecursionError])
def test_a_tag_whose_text_cannot_be_made_is_an_empty_one(error: type[Exception]) -> None:
    made = with_value(Broken(error))
    assert text(made, "PatientComments") == ""
    assert word(made, "PatientComments") == ""
    assert str(numbers(made, "PatientComments")) == "[nan]"


def test_of_a_million_values_the_first_are_read() -> None:
    made = with_value(["x"] * 1_000_000)
    assert len(values(made, "PatientComments")) == 64
    assert len(text(made, "PatientComments")) <= 256
