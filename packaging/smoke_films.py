"""Draw the films that the smoke test reads: every codec, and some that must be refused.

``python packaging/smoke_films.py FOLDER`` runs in the build's environment (it needs the encoders).
`FOLDER/good` holds films to classify, `FOLDER/bad` films to refuse, `FOLDER/pack` a tiny model pack
for a checkout whose `models/` is empty.
"""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np
from pydicom.uid import (
    JPEG2000,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
)

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from cxr_desktop.imaging.phantom import draw_chest
from tests.support.encoded_films import by_gdcm, jpeg_2000, rle
from tests.support.film_files import compressed, dataset, encoded, file_bytes
from tests.support.packs import make_pack


def films() -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Return films to classify and films to refuse, by file name."""
    chest = draw_chest(720, 640, seed=7)
    grey = np.round(chest * 255).astype(np.uint8)
    deep = np.round(chest * 4095).astype(np.uint16)
    plain = file_bytes(dataset(deep))
    jpeg = encoded(".jpg", grey, cv2.IMWRITE_JPEG_QUALITY, 95)
    good = {
        "explicit.dcm": plain,
        "implicit.dcm": file_bytes(dataset(deep), ImplicitVRLittleEndian),
        "big-endian.dcm": file_bytes(dataset(deep), ExplicitVRBigEndian),
        "deflated.dcm": file_bytes(dataset(deep), DeflatedExplicitVRLittleEndian),
        "rle.dcm": compressed(deep, rle(dataset(deep)), RLELossless),
        "jpeg-baseline.dcm": compressed(grey, jpeg, JPEGBaseline8Bit),
        "jpeg-lossless.dcm": by_gdcm(dataset(deep), JPEGLosslessSV1),
        "jpeg-ls.dcm": by_gdcm(dataset(deep), JPEGLSLossless),
        "jpeg-2000-lossless.dcm": compressed(deep, jpeg_2000(deep, bits=12), JPEG2000Lossless),
        "jpeg-2000.dcm": compressed(deep, jpeg_2000(deep, bits=12, ratio=8), JPEG2000),
        "grey.png": encoded(".png", grey),
        "deep.png": encoded(".png", (deep << 4).astype(np.uint16)),
        "grey.jpg": jpeg,
        "deep.tif": encoded(".tif", (deep << 4).astype(np.uint16)),
    }
    bad = {
        "cut.jpg": jpeg[: len(jpeg) // 2],
        # Refused only if the decoder's complaints are heard, which each system does its own way.
        "cut-and-filled.jpg": jpeg[: len(jpeg) // 2] + bytes(len(jpeg)) + b"\xff\xd9",
        "cut.dcm": plain[: len(plain) // 2],
        "jpeg-extended-12-bit.dcm": by_gdcm(dataset(deep), JPEGExtended12Bit),
        "no-film.dcm": b"hello",
    }
    return good, bad


def main(folder: Path) -> int:
    """Write all of them."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in zip(("good", "bad"), films(), strict=True):
        (folder / name).mkdir(exist_ok=True)
        for file, data in rows.items():
            (folder / name / file).write_bytes(data)
    if not (folder / "pack").exists():
        make_pack(folder / "pack", "smoke-test")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
