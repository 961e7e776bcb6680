"""How exactly films come out: `python -m tests.support.fidelity` prints the table of docs/files.md.

Every transfer syntax times photometric interpretation times bits: a cell holds the largest
difference from the source in stored steps, 0 for bit-equal.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.encaps import get_frame
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

from cxr_desktop.imaging.decoded import DecodedFilm, look_up
from cxr_desktop.imaging.dicom import read_dicom
from cxr_desktop.imaging.dicom_stream import LUMINANCE
from tests.support.encoded_films import by_gdcm, fragmented, jpeg_2000, rle
from tests.support.film_files import compressed, dataset, encoded, file_bytes, ramp
from tests.support.htj2k_stream import HTJ2K_STREAM

LUT = {name: np.linspace(start, 65535 - start, 256).astype("<u2") for name, start in
       (("Red", 65535), ("Green", 40000), ("Blue", 1000))}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kind:
    """One column: what the pixels are."""

    title: str
    photometric: str
    bits: int
    signed: bool = False

    @property
    def source(self) -> NDArray[Any]:
        """Draw the stored values: a ramp with noise over all of the bits."""
        top = (1 << self.bits) - 1
        noise = np.random.default_rng(self.bits).integers(0, top // 8 + 1, (40, 60))
        film = np.clip(ramp(top=top) + noise - top // 16, 0, top)
        if self.photometric == "RGB":
            return np.asarray(np.dstack([film, film[::-1], film[:, ::-1]]), dtype=np.uint8)
        if self.signed:
            return np.asarray(film - (1 << (self.bits - 1)), dtype=np.int16)
        return np.asarray(film, dtype=np.uint8 if self.bits == 8 else np.uint16)

    @property
    def tags(self) -> dict[str, Any]:
        """Return the tags that say so."""
        tags: dict[str, Any] = {"PhotometricInterpretation": self.photometric}
        tags |= {"BitsStored": self.bits, "HighBit": self.bits - 1}
        if self.photometric == "PALETTE COLOR":
            for name, entries in LUT.items():
                tags[f"{name}PaletteColorLookupTableDescriptor"] = [256, 0, 16]
                tags[f"{name}PaletteColorLookupTableData"] = entries.tobytes()
        return tags


KINDS = (
    Kind("M2 8", "MONOCHROME2", 8),
    Kind("M2 10", "MONOCHROME2", 10),
    Kind("M2 12", "MONOCHROME2", 12),
    Kind("M2 14", "MONOCHROME2", 14),
    Kind("M2 16", "MONOCHROME2", 16),
    Kind("M2 16 signed", "MONOCHROME2", 16, signed=True),
    Kind("M1 8", "MONOCHROME1", 8),
    Kind("M1 12", "MONOCHROME1", 12),
    Kind("PALETTE 8", "PALETTE COLOR", 8),
    Kind("RGB 8", "RGB", 8),
)
Write = Callable[[Kind], bytes]


def _made(kind: Kind) -> Dataset:
    return dataset(kind.source, **kind.tags)


def _native(syntax: UID) -> Write:
    return lambda kind: file_bytes(_made(kind), syntax)


def _gdcm(syntax: UID) -> Write:
    def write(kind: Kind) -> bytes:
        if kind.photometric != "PALETTE COLOR":
            return by_gdcm(_made(kind), syntax)
        # gdcm would write the palette anew, with 8 bits: only its compressed indexes are taken.
        packed = dcmread(BytesIO(by_gdcm(dataset(kind.source), syntax)))
        stream = get_frame(packed.PixelData, 0, number_of_frames=1)
        return compressed(kind.source, stream, syntax, **kind.tags)

    return write


def _rle(kind: Kind) -> bytes:
    return compressed(kind.source, rle(_made(kind)), RLELossless, **kind.tags)


def _jpeg_2000(syntax: UID, ratio: float = 0.0, **how: Any) -> Write:
    def write(kind: Kind) -> bytes:
        stream = jpeg_2000(kind.source, bits=kind.bits, ratio=ratio)
        return fragmented(kind.source, stream, syntax, **how, **kind.tags)

    return write


def _htj2k(syntax: UID) -> Write:
    return lambda kind: compressed(kind.source, HTJ2K_STREAM, syntax, **kind.tags)


def _baseline(syntax: UID) -> Write:
    def write(kind: Kind) -> bytes:
        stream = encoded(".jpg", kind.source, cv2.IMWRITE_JPEG_QUALITY, 100)
        if syntax == JPEGExtended12Bit:
            stream = stream.replace(b"\xff\xc0", b"\xff\xc1", 1)
        return compressed(kind.source, stream, syntax, **kind.tags)

    return write


GREY_8 = frozenset({"M2 8", "M1 8"})
TWELVE = frozenset({"M2 12", "M1 12"})
ALL = frozenset(kind.title for kind in KINDS)
# Name, writer, lossless, and the columns for which there is an encoder here.
SYNTAXES: tuple[tuple[str, Write, bool, frozenset[str]], ...] = (
    ("Implicit VR Little Endian", _native(ImplicitVRLittleEndian), True, ALL),
    ("Explicit VR Little Endian", _native(ExplicitVRLittleEndian), True, ALL),
    ("Explicit VR Big Endian", _native(ExplicitVRBigEndian), True, ALL),
    ("Deflated Explicit VR Little Endian", _native(DeflatedExplicitVRLittleEndian), True, ALL),
    ("RLE Lossless", _rle, True, ALL),
    ("JPEG Lossless, process 14", _gdcm(JPEGLossless), True, ALL),
    ("JPEG Lossless, SV1", _gdcm(JPEGLosslessSV1), True, ALL),
    ("JPEG-LS Lossless", _gdcm(JPEGLSLossless), True, ALL),
    ("JPEG 2000 Lossless", _jpeg_2000(JPEG2000Lossless), True, ALL),
    (
        "the same, 3 fragments, no offset table",
        _jpeg_2000(JPEG2000Lossless, fragments=3, basic_table=False),
        True,
        ALL,
    ),
    (
        "the same, extended offset table",
        _jpeg_2000(JPEG2000Lossless, extended_table=True),
        True,
        ALL,
    ),
    ("HTJ2K Lossless", _htj2k(HTJ2KLossless), True, TWELVE),
    ("HTJ2K Lossless, RPCL", _htj2k(HTJ2KLosslessRPCL), True, TWELVE),
    ("HTJ2K, here without loss", _htj2k(HTJ2K), True, TWELVE),
    (
        "JPEG-LS Near-lossless, error 0",
        _gdcm(JPEGLSNearLossless),
        True,
        ALL - {"PALETTE 8", "RGB 8"},
    ),
    ("JPEG 2000, 3:1", _jpeg_2000(JPEG2000, 3.0), False, ALL - {"PALETTE 8", "RGB 8"}),
    ("JPEG Baseline, quality 100", _baseline(JPEGBaseline8Bit), False, GREY_8),
    ("JPEG Extended of 8 bits", _baseline(JPEGExtended12Bit), False, GREY_8),
)


def largest_difference(film: DecodedFilm, kind: Kind) -> int:
    """Return the largest difference between the film's grey and the source's, in stored steps."""
    source = kind.source.astype(np.float64)
    if kind.photometric == "RGB":
        source = np.rint(source @ LUMINANCE)
    elif kind.photometric == "PALETTE COLOR":
        colours = np.dstack([LUT[name][kind.source] for name in ("Red", "Green", "Blue")])
        source = np.rint(colours.astype(np.float64) @ LUMINANCE)
    grey = look_up(film.stored, film.table).astype(np.float64)
    if kind.photometric == "MONOCHROME1":
        grey = 1.0 - grey
    return int(np.rint(np.abs(grey * np.ptp(source) + source.min() - source).max()))


def table() -> list[str]:
    """Return the table as lines of Markdown."""
    lines = ["| | " + " | ".join(kind.title for kind in KINDS) + " |"]
    lines.append("|---" * (len(KINDS) + 1) + "|")
    for name, write, _, columns in SYNTAXES:
        cells = [
            str(largest_difference(read_dicom(write(kind)), kind)) if kind.title in columns else "–"
            for kind in KINDS
        ]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return lines


if __name__ == "__main__":
    sys.stdout.write("\n".join(table()) + "\n")
