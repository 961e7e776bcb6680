"""Draw the films of `resources/codecs`: ``python -m tests.support.draw_codecs``."""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    HTJ2KLossless,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
)

from tests.support.encoded_films import by_gdcm, jpeg_2000, rle
from tests.support.fidelity import KINDS
from tests.support.film_files import compressed, dataset, encoded, file_bytes
from tests.support.htj2k_stream import HTJ2K_STREAM

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "codecs"


def draw_all(folder: Path) -> None:
    """Write one film once for each way it may be compressed, over what is there."""
    deep = KINDS[2].source
    grey = np.round(deep / 4095 * 255).astype(np.uint8)
    best = (cv2.IMWRITE_JPEG_QUALITY, 100)
    films = {
        "plain.dcm": file_bytes(dataset(deep)),
        "deflated.dcm": file_bytes(dataset(deep), DeflatedExplicitVRLittleEndian),
        "rle.dcm": compressed(deep, rle(dataset(deep)), RLELossless),
        "jpeg.dcm": compressed(grey, encoded(".jpg", grey, *best), JPEGBaseline8Bit),
        "jpeg-lossless.dcm": by_gdcm(dataset(deep), JPEGLosslessSV1),
        "jpeg-ls.dcm": by_gdcm(dataset(deep), JPEGLSLossless),
        "jpeg-2000.dcm": compressed(deep, jpeg_2000(deep, bits=12), JPEG2000Lossless),
        "htj2k.dcm": compressed(deep, HTJ2K_STREAM, HTJ2KLossless),
        "16-bit.png": encoded(".png", (deep.astype(np.uint32) * 65535 // 4095).astype(np.uint16)),
        "8-bit.jpg": encoded(".jpg", grey, *best),
        "8-bit.tif": encoded(".tif", grey),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in films.items():
        (folder / name).write_bytes(content)


if __name__ == "__main__":
    draw_all(FOLDER)
    sys.exit(0)
