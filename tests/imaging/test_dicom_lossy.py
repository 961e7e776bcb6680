"""A film that was compressed with loss says so."""

from __future__ import annotations

import pytest
from pydicom.dataset import Dataset
from pydicom.uid import (
    HTJ2K,
    JPEG2000,
    UID,
    ExplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGLosslessSV1,
    JPEGLSNearLossless,
    RLELossless,
)

from cxr_desktop.imaging.dicom_lossy import LOSSY, lossy_compression


def tags(stated: str = "", ratios: list[float] | None = None) -> Dataset:
    made = Dataset()
    if stated:
        made.LossyImageCompression = stated
    if ratios is not None:
        made.LossyImageCompressionRatio = ratios
    return made


@pytest.mark.parametrize("syntax", [JPEGBaseline8Bit, JPEG2000, JPEGLSNearLossless])
def test_a_lossy_transfer_syntax_is_told_without_any_tag(syntax: UID) -> None:
    (caution,) = lossy_compression(tags(), syntax)
    assert caution.code == LOSSY
    assert "compressed with loss" in caution.message


@pytest.mark.parametrize(
    "syntax", [ExplicitVRLittleEndian, JPEGLosslessSV1, JPEG2000Lossless, RLELossless]
)
def test_lossless_and_plain_films_carry_nothing(syntax: UID) -> None:
    assert lossy_compression(tags("00"), syntax) == ()
    assert lossy_compression(tags(), syntax) == ()


def test_a_film_that_was_once_compressed_with_loss_stays_so_when_unpacked() -> None:
    (caution,) = lossy_compression(tags("01", [8.0, 2.0]), ExplicitVRLittleEndian)
    assert "1/16" in caution.message


@pytest.mark.parametrize("syntax", [JPEG2000, HTJ2K])
def test_jpeg_2000_that_says_it_is_without_loss_is_believed(syntax: UID) -> None:
    assert lossy_compression(tags("00"), syntax) == ()
    assert lossy_compression(tags(), syntax) != ()


@pytest.mark.parametrize("ratio", [[0.0], [-5.0], [1e30]])
def test_a_senseless_factor_is_left_out(ratio: list[float]) -> None:
    odd = Dataset()
    odd.LossyImageCompression = "01"
    odd.add_new("LossyImageCompressionRatio", "DS", [str(value) for value in ratio])
    (caution,) = lossy_compression(odd, ExplicitVRLittleEndian)
    assert "1/" not in caution.message
