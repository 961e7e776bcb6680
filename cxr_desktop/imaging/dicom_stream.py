"""The stored values of one DICOM frame: checked against the tags first, then decoded.

Uncompressed frames need no library. JPEG and JPEG-LS go to gdcm, JPEG 2000 and HTJ2K to openjpeg,
RLE to pydicom's own decoder; anything else is refused by its name.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.encaps import get_frame
from pydicom.pixels.decoders.base import get_decoder
from pydicom.pixels.processing import apply_color_lut
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

from cxr_desktop.imaging.decoded import Stored
from cxr_desktop.imaging.dicom_tags import integer, word
from cxr_desktop.imaging.jpeg2000_header import read_jpeg2000_header
from cxr_desktop.imaging.jpeg_header import read_jpeg_header
from cxr_desktop.imaging.limits import check_size
from cxr_desktop.imaging.native_messages import native_messages
from cxr_desktop.imaging.refusals import damaged, no_pixels, unsupported_compression

NATIVE = {
    ImplicitVRLittleEndian: "<",
    ExplicitVRLittleEndian: "<",
    DeflatedExplicitVRLittleEndian: "<",
    ExplicitVRBigEndian: ">",
}
JPEG_FAMILY = {
    JPEGBaseline8Bit, JPEGExtended12Bit, JPEGLossless, JPEGLosslessSV1, JPEGLSLossless,
    JPEGLSNearLossless,
}  # fmt: skip
JPEG_2000_FAMILY = {JPEG2000, JPEG2000Lossless, HTJ2K, HTJ2KLossless, HTJ2KLosslessRPCL}
PLUGINS = {
    **dict.fromkeys(JPEG_FAMILY, "gdcm"),
    **dict.fromkeys(JPEG_2000_FAMILY, "pylibjpeg"),
    RLELossless: "pydicom",
}
GREY = frozenset({"MONOCHROME1", "MONOCHROME2"})
COLOUR = frozenset({
    "RGB", "YBR_FULL", "YBR_FULL_422", "YBR_ICT", "YBR_RCT", "PALETTE COLOR",
})  # fmt: skip
LUMINANCE = np.array([0.299, 0.587, 0.114])  # ITU-R BT.601, as cv2 has it
RLE_SURPLUS = re.compile(r"RLE segment contains non-conformant padding - (\d+) vs\. (\d+) bytes")
RLE_PADDING = 16  # bytes; what odd encoders add to an even length is far below
LOSSY_JPEG = frozenset({"JPEG baseline", "JPEG extended", "JPEG progressive"})


@dataclass(frozen=True, slots=True)
class FrameTags:
    """The image pixel module, checked for what this program decodes (PS3.3 C.7.6.3)."""

    rows: int
    columns: int
    samples: int
    photometric: str
    bits_allocated: int
    bits_stored: int
    high_bit: int
    signed: bool

    @property
    def frame_bytes(self) -> int:
        """How many bytes an uncompressed frame has."""
        samples = 2 if self.photometric == "YBR_FULL_422" and self.samples == 3 else self.samples
        return self.rows * self.columns * samples * self.bits_allocated // 8


def read_frame_tags(dataset: Dataset) -> FrameTags:
    """Read the mandatory tags. Raises `FilmRefused` when one is missing, absurd or too large."""
    if "PixelData" not in dataset:
        if "FloatPixelData" in dataset or "DoubleFloatPixelData" in dataset:
            raise no_pixels("The file holds a map of measured values, not a film.")
        raise no_pixels()
    found = [
        integer(dataset, keyword)
        for keyword in ("Rows", "Columns", "SamplesPerPixel", "BitsAllocated", "BitsStored")
    ]
    photometric = word(dataset, "PhotometricInterpretation")
    if any(value is None for value in found) or not photometric:
        raise damaged("The file lacks tags without which its picture cannot be read.")
    rows, columns, samples, allocated, stored = (int(value or 0) for value in found)
    high_bit = integer(dataset, "HighBit")
    tags = FrameTags(
        rows=rows,
        columns=columns,
        samples=samples,
        photometric=photometric,
        bits_allocated=allocated,
        bits_stored=stored,
        high_bit=stored - 1 if high_bit is None else high_bit,
        signed=integer(dataset, "PixelRepresentation") == 1,
    )
    check_size(rows, columns)
    _refuse_odd_tags(tags)
    return tags


def _refuse_odd_tags(tags: FrameTags) -> None:
    if tags.photometric not in GREY | COLOUR:
        raise damaged(f"The file's pixels are of an unknown kind: {tags.photometric[:20]}.")
    if tags.samples != (3 if tags.photometric in COLOUR - {"PALETTE COLOR"} else 1):
        raise damaged("The file's tags contradict each other on colour.")
    if tags.bits_allocated not in (8, 16) or not 1 < tags.bits_stored <= tags.bits_allocated:
        raise damaged("The file's pixels are not of 8 or 16 bits.")
    if not tags.bits_stored - 1 <= tags.high_bit < tags.bits_allocated:
        raise damaged("The file's tags contradict each other on bits.")


def decode_frame(dataset: Dataset, syntax: UID, tags: FrameTags) -> Stored:
    """Return the stored values, uint8 or uint16, (rows, columns); colour becomes luminance.

    Raises `FilmRefused`.
    """
    if syntax in NATIVE:
        data = dataset.PixelData
        if len(data) < tags.frame_bytes:
            raise damaged("The file stops before the end of its picture.")
        if tags.samples == 1 and tags.photometric in GREY:
            return _native_grey(data, NATIVE[syntax], dataset, tags)
        pixels = get_decoder(syntax).as_array(dataset)[0]
    else:
        pixels = _decompress(dataset, syntax, tags)
    return _one_channel(pixels, dataset, tags)


def _native_grey(data: bytes, order: str, dataset: Dataset, tags: FrameTags) -> Stored:
    count = tags.rows * tags.columns
    if tags.bits_allocated == 16:
        wide = np.frombuffer(data, dtype=f"{order}u2", count=count)
        return wide.astype(np.uint16, copy=False).reshape(tags.rows, tags.columns)
    flat = np.frombuffer(data, dtype=np.uint8, count=count + count % 2 if order == ">" else count)
    if order == ">" and dataset["PixelData"].VR == "OW":
        # Bytes in 16-bit words of the other order (PS3.5 annex A.3).
        flat = flat.reshape(-1, 2)[:, ::-1].reshape(-1)
    return np.ascontiguousarray(flat[:count].reshape(tags.rows, tags.columns))


def _decompress(dataset: Dataset, syntax: UID, tags: FrameTags) -> NDArray[Any]:
    plugin = PLUGINS.get(syntax)
    if plugin is None:
        raise unsupported_compression(
            syntax.name if syntax.name != str(syntax) else "an unknown way"
        )
    _check_stream(dataset, syntax, tags)
    try:
        with native_messages() as said, warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            pixels, _ = get_decoder(syntax).as_array(dataset, decoding_plugin=plugin)
    except RuntimeError as error:  # what pydicom raises when its plugin could not decode
        # Damage or a flavour of the compression that the decoder does not know: it does not say.
        what = f"The picture, compressed as {syntax.name}, could not be decoded."
        raise damaged(what) from error
    if said.tells_of_damage or any(_is_surplus(str(warning.message)) for warning in warned):
        raise damaged()
    return np.asarray(pixels)


def _is_surplus(warning: str) -> bool:
    """Whether pydicom's RLE decoder unpacked more bytes than the picture has, beyond padding.

    So it ends when a stream was cut and filled up with zeros.
    """
    found = RLE_SURPLUS.search(warning)
    return found is not None and int(found[1]) - int(found[2]) > RLE_PADDING


def _check_stream(dataset: Dataset, syntax: UID, tags: FrameTags) -> None:
    """Refuse a stream that ends early or contradicts the tags: one of 16 KB may ask for 6 GiB."""
    if syntax == RLELossless:
        return
    stream = get_frame(dataset.PixelData, 0, number_of_frames=1)
    read = read_jpeg_header if syntax in JPEG_FAMILY else read_jpeg2000_header
    header = read(stream)
    check_size(header.rows, header.columns)
    if header.process in LOSSY_JPEG and header.bits > 8:
        raise unsupported_compression(
            f"{header.process} with {tags.bits_stored} bits"
        )  # nor can gdcm
    same_size = (header.rows, header.columns) == (tags.rows, tags.columns)
    if not same_size or header.components != tags.samples or header.bits > tags.bits_allocated:
        raise damaged("The compressed picture is not the one that the file's tags describe.")


def _one_channel(pixels: NDArray[Any], dataset: Dataset, tags: FrameTags) -> Stored:
    if tags.photometric == "PALETTE COLOR":
        pixels = apply_color_lut(pixels, dataset)  # indexes are not grey
    if pixels.shape[:2] != (tags.rows, tags.columns) or pixels.dtype.itemsize > 2:
        raise damaged()
    if pixels.ndim == 3:
        pixels = np.rint(pixels.astype(np.float64) @ LUMINANCE).astype(pixels.dtype)
    unsigned = np.uint8 if pixels.dtype.itemsize == 1 else np.uint16
    return np.ascontiguousarray(pixels).view(unsigned)
