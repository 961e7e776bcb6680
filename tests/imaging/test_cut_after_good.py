"""Film A is read, then a cut film B: nothing of A may come back, whatever the compression.

One decoder of pictures filled what was missing with the film read before it: another patient's.
"""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from pydicom import dcmread
from pydicom.encaps import get_frame
from pydicom.uid import (
    JPEG2000,
    UID,
    ExplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
)

from cxr_desktop.domain.errors import FilmRefused, RefusalCode
from cxr_desktop.imaging.child_reader import ChildFilmReader
from tests.support.encoded_films import by_gdcm, jpeg_2000, rle
from tests.support.film_files import compressed, dataset, encoded, file_bytes, ramp

NOISE = np.random.default_rng(0).integers(-200, 200, (200, 160))
A = np.clip(ramp(200, 160) + NOISE, 0, 4095).astype(np.uint16)
B = (4095 - A).astype(np.uint16)
END = b"\xff\xd9"


def narrow(film: NDArray[np.uint16]) -> NDArray[np.uint8]:
    return (film // 16).astype(np.uint8)


def by_gdcm_alone(film: NDArray[Any], syntax: UID) -> bytes:
    packed = dcmread(BytesIO(by_gdcm(dataset(film), syntax)))
    return get_frame(packed.PixelData, 0, number_of_frames=1).rstrip(b"\0")


# What to cut, and how to put it into a file.
Kind = tuple[Callable[[NDArray[np.uint16]], bytes], Callable[[NDArray[np.uint16], bytes], bytes]]
KINDS: dict[str, Kind] = {
    "png": (lambda film: encoded(".png", film), lambda _, data: data),
    "jpeg": (lambda film: encoded(".jpg", narrow(film)), lambda _, data: data),
    "jpeg progressive": (
        lambda film: encoded(".jpg", narrow(film), cv2.IMWRITE_JPEG_PROGRESSIVE, 1),
        lambda _, data: data,
    ),
    "jpeg restarts": (
        lambda film: encoded(".jpg", narrow(film), cv2.IMWRITE_JPEG_RST_INTERVAL, 3),
        lambda _, data: data,
    ),
    "tiff": (lambda film: encoded(".tif", film), lambda _, data: data),
    "dicom": (lambda film: file_bytes(dataset(film), ExplicitVRLittleEndian), lambda _, data: data),
    "dicom jpeg baseline": (
        lambda film: encoded(".jpg", narrow(film)),
        lambda film, data: compressed(narrow(film), data, JPEGBaseline8Bit),
    ),
    "dicom jpeg lossless": (
        lambda film: by_gdcm_alone(film, JPEGLosslessSV1),
        lambda film, data: compressed(film, data, JPEGLosslessSV1),
    ),
    "dicom jpeg-ls": (
        lambda film: by_gdcm_alone(film, JPEGLSLossless),
        lambda film, data: compressed(film, data, JPEGLSLossless),
    ),
    "dicom jpeg 2000": (
        lambda film: jpeg_2000(film, bits=12),
        lambda film, data: compressed(film, data, JPEG2000Lossless),
    ),
    "dicom jpeg 2000 lossy": (
        lambda film: jpeg_2000(film, bits=12, ratio=6),
        lambda film, data: compressed(film, data, JPEG2000),
    ),
    "dicom rle": (
        lambda film: rle(dataset(film)),
        lambda film, data: compressed(film, data, RLELossless),
    ),
}


# What stands where the rest of the film was, given how many bytes of it are missing.
ENDINGS: dict[str, Callable[[int], bytes]] = {
    "cut": lambda missing: b"",
    "cut, with an end marker": lambda missing: END,
    "cut, zeros to its length": bytes,
    "cut, zeros to its length, with an end marker": lambda missing: bytes(missing - 2) + END,
    "cut, more zeros, with an end marker": lambda missing: bytes(3 * missing) + END,
}
UNCOMPRESSED = "dicom"  # its zeros are black pixels: no decoder can tell them from a black film


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_cut_film_after_a_good_one_is_refused(
    kind: str, ending: str, reader: ChildFilmReader, tmp_path: Path
) -> None:
    if kind == UNCOMPRESSED and "zeros" in ending:
        return
    encode, wrap = KINDS[kind]
    good, cut = tmp_path / "a", tmp_path / "b"
    good.write_bytes(wrap(A, encode(A)))
    whole = encode(B)
    for share in (0.2, 0.5, 0.8, 0.97):
        seen = reader.read(good)
        assert seen.pixels[-20:].mean() > 0.7
        kept = whole[: int(len(whole) * share)]
        cut.write_bytes(wrap(B, kept + ENDINGS[ending](len(whole) - len(kept))))
        with pytest.raises(FilmRefused) as refused:
            reader.read(cut)
        assert refused.value.refusal is RefusalCode.DAMAGED


@pytest.mark.parametrize("kind", KINDS)
def test_the_whole_film_after_another_one_is_itself(
    kind: str, reader: ChildFilmReader, tmp_path: Path
) -> None:
    encode, wrap = KINDS[kind]
    for name, film in (("a", A), ("b", B), ("a", A)):
        (tmp_path / name).write_bytes(wrap(film, encode(film)))
        expected = (film.astype(np.float64) - film.min()) / np.ptp(film)
        assert np.abs(reader.read(tmp_path / name).pixels - expected).mean() < 0.03
