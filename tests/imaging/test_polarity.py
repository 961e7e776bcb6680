"""A picture with black and white swapped is told of; an upright film is not."""

from __future__ import annotations

import numpy as np
import pytest

from cxr_desktop.imaging.dicom import read_dicom
from cxr_desktop.imaging.phantom import draw_chest
from cxr_desktop.imaging.polarity import looks_inverted
from cxr_desktop.imaging.raster import read_png
from tests.support.film_files import dicom, encoded, ramp


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("top", [255, 65535])
def test_a_swapped_chest_is_told_of_and_an_upright_one_is_not(seed: int, top: int) -> None:
    kind = np.uint8 if top == 255 else np.uint16
    stored = np.rint(draw_chest(640, 560, seed=seed) * top).astype(kind)
    assert not looks_inverted(stored)
    assert looks_inverted(top - stored)


def test_the_caution_reaches_the_reader_of_a_picture() -> None:
    stored = np.rint(draw_chest(320, 280, seed=1) * 255).astype(np.uint8)
    assert read_png(encoded(".png", stored)).cautions == ()
    swapped = read_png(encoded(".png", 255 - stored))
    assert [caution.code for caution in swapped.cautions] == ["polarity_doubtful"]


def test_a_dicom_film_says_its_polarity_and_is_believed() -> None:
    stored = 4095 - np.rint(draw_chest(320, 280, seed=1) * 4095).astype(np.uint16)
    assert read_dicom(dicom(stored)).cautions == ()


@pytest.mark.parametrize("shape", [(1, 1), (31, 500), (40, 40), (2000, 33)])
def test_odd_shapes_and_flat_pictures_do_no_harm(shape: tuple[int, int]) -> None:
    assert not looks_inverted(np.zeros(shape, np.uint8))
    looks_inverted(np.arange(np.prod(shape), dtype=np.uint16).reshape(shape))


def test_text_that_is_part_of_the_film_is_told_of() -> None:
    told = [c.code for c in read_dicom(dicom(ramp(), BurnedInAnnotation="YES")).cautions]
    assert told == ["burned_in_text"]
    assert read_dicom(dicom(ramp(), BurnedInAnnotation="NO")).cautions == ()
