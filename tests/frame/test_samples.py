"""The sample films in the repository are the drawn ones, and read as such."""

from pathlib import Path

import cv2
import numpy as np
import pydicom
import pytest
from numpy.typing import NDArray

from tests.support.draw_samples import FOLDER, draw

NAMES = [
    "drawn-1.png",
    "drawn-2-opacity.jpg",
    "drawn-3-16-bit.png",
    "drawn-4-opacity-16-bit.tif",
    "drawn-5.dcm",
    "drawn-6-opacity-cr-monochrome1",
]


def grey(path: Path) -> NDArray[np.float64]:
    """Read a film in the plainest way, 0..1, bone bright."""
    if path.suffix in {".png", ".jpg", ".tif"}:
        pixels = cv2.imdecode(
            np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_GRAYSCALE | cv2.IMREAD_ANYDEPTH
        )
        assert pixels is not None
        return np.asarray(pixels, dtype=np.float64) / (65535 if pixels.dtype == np.uint16 else 255)
    film = pydicom.dcmread(path)
    values = np.asarray(film.pixel_array, dtype=np.float64) / 4095
    return 1.0 - values if film.PhotometricInterpretation == "MONOCHROME1" else values


def test_the_folder_holds_the_samples_and_nothing_else() -> None:
    assert sorted(path.name for path in FOLDER.iterdir()) == NAMES


@pytest.mark.parametrize("number", range(1, 7))
def test_a_sample_shows_the_drawn_film(number: int) -> None:
    name = NAMES[number - 1]
    drawn = draw(number, opacity="opacity" in name)
    assert np.abs(grey(FOLDER / name) - drawn).mean() < 0.02


def test_the_tiff_has_16_bits_and_the_file_without_ending_is_a_cr_whose_white_is_0() -> None:
    tiff = cv2.imdecode(
        np.frombuffer((FOLDER / NAMES[3]).read_bytes(), np.uint8), cv2.IMREAD_UNCHANGED
    )
    assert tiff is not None
    assert tiff.dtype == np.uint16
    film = pydicom.dcmread(FOLDER / NAMES[5])
    assert (film.Modality, film.PhotometricInterpretation) == ("CR", "MONOCHROME1")
