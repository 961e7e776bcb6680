"""Sound films of every kind that is read (and one that is refused), made on the fly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from pydicom.uid import (
    HTJ2K,
    JPEG2000,
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    HTJ2KLossless,
    HTJ2KLosslessRPCL,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    JPEGLSNearLossless,
    RLELossless,
)

from tests.support.encoded_films import by_gdcm, fragmented, jpeg_2000, rle
from tests.support.film_files import (
    compressed,
    dataset,
    dicom,
    encoded,
    file_bytes,
    jpeg_with_orientation,
    look_up_table,
    ramp,
    tiff,
)
from tests.support.htj2k_stream import HTJ2K_STREAM
from tests.support.picture_files import png, tiled_tiff

ROWS, COLUMNS = 40, 60
Make = Callable[[], bytes]


def textured(top: int = 4095) -> NDArray[np.uint16]:
    """Draw a ramp with noise, so that a compressed stream has something to hold."""
    noise = np.random.default_rng(3).integers(-top // 20, top // 20, (ROWS, COLUMNS))
    film: NDArray[np.int64] = np.clip(ramp(ROWS, COLUMNS, top=top) + noise, 0, top)
    return film.astype(np.uint16)


WIDE = textured()
NARROW = textured(255).astype(np.uint8)
COLOUR = np.dstack([NARROW, NARROW[::-1], NARROW])
PALETTE_16 = np.linspace(65535, 0, 256).astype("<u2").tobytes()
PALETTE: dict[str, Any] = {
    f"{name}PaletteColorLookupTable{part}": value
    for name in ("Red", "Green", "Blue")
    for part, value in (("Descriptor", [256, 0, 16]), ("Data", PALETTE_16))
}


def _plain(syntax: UID) -> bytes:
    made = dataset(WIDE, WindowCenter=2000, WindowWidth=3000, PatientOrientation=["L", "F"])
    return file_bytes(made, syntax)


def _jpeg(*options: int) -> bytes:
    return encoded(".jpg", NARROW, *options)


def _extended() -> bytes:
    return _jpeg().replace(b"\xff\xc0", b"\xff\xc1", 1)


SEEDS: dict[str, Make] = {
    "dicom implicit": lambda: _plain(ImplicitVRLittleEndian),
    "dicom explicit": lambda: _plain(ExplicitVRLittleEndian),
    "dicom big endian": lambda: _plain(ExplicitVRBigEndian),
    "dicom deflated": lambda: _plain(DeflatedExplicitVRLittleEndian),
    "dicom 8 bits": lambda: dicom(NARROW),
    "dicom tables": lambda: dicom(
        WIDE,
        PhotometricInterpretation="MONOCHROME1",
        PixelPaddingValue=4000,
        ModalityLUTSequence=[look_up_table(0, np.arange(4096).astype(np.uint16))],
        VOILUTSequence=[look_up_table(0, np.arange(4095, -1, -1).astype(np.uint16))],
    ),
    "dicom palette": lambda: dicom(NARROW, PhotometricInterpretation="PALETTE COLOR", **PALETTE),
    "dicom rgb": lambda: dicom(COLOUR),
    "dicom rle": lambda: compressed(WIDE, rle(dataset(WIDE)), RLELossless),
    "dicom rle rgb": lambda: compressed(COLOUR, rle(dataset(COLOUR)), RLELossless),
    "dicom jpeg baseline": lambda: compressed(NARROW, _jpeg(), JPEGBaseline8Bit),
    "dicom jpeg colour": lambda: compressed(
        COLOUR,
        encoded(".jpg", COLOUR),
        JPEGBaseline8Bit,
        PhotometricInterpretation="YBR_FULL_422",
    ),
    "dicom jpeg extended": lambda: compressed(NARROW, _extended(), JPEGExtended12Bit),
    "dicom jpeg extended 12": lambda: by_gdcm(dataset(WIDE), JPEGExtended12Bit),
    "dicom jpeg lossless": lambda: by_gdcm(dataset(WIDE), JPEGLossless),
    "dicom jpeg lossless sv1": lambda: by_gdcm(dataset(WIDE), JPEGLosslessSV1),
    "dicom jpeg-ls": lambda: by_gdcm(dataset(WIDE), JPEGLSLossless),
    "dicom jpeg-ls near": lambda: by_gdcm(dataset(WIDE), JPEGLSNearLossless),
    "dicom jpeg 2000": lambda: compressed(WIDE, jpeg_2000(WIDE, bits=12), JPEG2000Lossless),
    "dicom jpeg 2000 lossy": lambda: compressed(WIDE, jpeg_2000(WIDE, bits=12, ratio=5), JPEG2000),
    "dicom htj2k": lambda: compressed(WIDE, HTJ2K_STREAM, HTJ2KLossless),
    "dicom htj2k rpcl": lambda: compressed(WIDE, HTJ2K_STREAM, HTJ2KLosslessRPCL),
    "dicom htj2k lossy": lambda: compressed(WIDE, HTJ2K_STREAM, HTJ2K),
    "dicom fragments": lambda: fragmented(
        WIDE, jpeg_2000(WIDE, bits=12), JPEG2000Lossless, fragments=3, basic_table=False
    ),
    "dicom offset table": lambda: fragmented(
        NARROW, _jpeg(), JPEGBaseline8Bit, fragments=2, basic_table=True
    ),
    "dicom extended offset table": lambda: fragmented(
        NARROW, _jpeg(), JPEGBaseline8Bit, extended_table=True
    ),
    "png 8": lambda: encoded(".png", NARROW),
    "png 16": lambda: encoded(".png", WIDE),
    "png palette": lambda: png(NARROW, palette=bytes(range(256)) * 3),
    "png alpha": lambda: encoded(".png", np.dstack([COLOUR, NARROW])),
    "png interlaced": lambda: png(WIDE, interlaced=True),
    "jpeg": _jpeg,
    "jpeg progressive": lambda: _jpeg(cv2.IMWRITE_JPEG_PROGRESSIVE, 1),
    "jpeg restarts": lambda: _jpeg(cv2.IMWRITE_JPEG_RST_INTERVAL, 3),
    "jpeg colour": lambda: encoded(".jpg", COLOUR),
    "jpeg exif": lambda: jpeg_with_orientation(NARROW, 6),
    "tiff 8": lambda: tiff(NARROW),
    "tiff 16 big endian": lambda: tiff(WIDE, order=">"),
    "tiff strips lzw": lambda: encoded(
        ".tif", WIDE, cv2.IMWRITE_TIFF_COMPRESSION, 5, cv2.IMWRITE_TIFF_ROWSPERSTRIP, 7
    ),
    "tiff deflate": lambda: encoded(".tif", NARROW, cv2.IMWRITE_TIFF_COMPRESSION, 8),
    "tiff packbits": lambda: encoded(".tif", NARROW, cv2.IMWRITE_TIFF_COMPRESSION, 32773),
    "tiff jpeg": lambda: encoded(".tif", NARROW, cv2.IMWRITE_TIFF_COMPRESSION, 7),
    "tiff tiles": lambda: tiled_tiff(WIDE),
    "tiff colour": lambda: encoded(".tif", COLOUR),
}
REFUSED = frozenset({"dicom jpeg extended 12"})  # no decoder at all: its mutants still come


def make_seeds() -> dict[str, bytes]:
    """Make all of them."""
    return {name: make() for name, make in SEEDS.items()}
