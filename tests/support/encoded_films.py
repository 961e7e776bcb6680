"""Films compressed as a PACS would: gdcm and openjpeg as encoders, fragments and offset tables."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import gdcm
import openjpeg.utils
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate, encapsulate_extended
from pydicom.pixels.encoders.base import get_encoder
from pydicom.uid import (
    UID,
    ExplicitVRLittleEndian,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    JPEGLSNearLossless,
    RLELossless,
)

from tests.support.film_files import dataset, file_bytes

GDCM_SYNTAX = {
    JPEGBaseline8Bit: gdcm.TransferSyntax.JPEGBaselineProcess1,
    JPEGExtended12Bit: gdcm.TransferSyntax.JPEGExtendedProcess2_4,
    JPEGLossless: gdcm.TransferSyntax.JPEGLosslessProcess14,
    JPEGLosslessSV1: gdcm.TransferSyntax.JPEGLosslessProcess14_1,
    JPEGLSLossless: gdcm.TransferSyntax.JPEGLSLossless,
    JPEGLSNearLossless: gdcm.TransferSyntax.JPEGLSNearLossless,
}


def by_gdcm(made: Dataset, syntax: UID) -> bytes:
    """Compress a whole film with gdcm."""
    with tempfile.TemporaryDirectory() as folder:
        plain, packed = Path(folder) / "plain.dcm", Path(folder) / "packed.dcm"
        plain.write_bytes(file_bytes(made))
        source = gdcm.ImageReader()
        source.SetFileName(str(plain))
        assert source.Read()
        change = gdcm.ImageChangeTransferSyntax()
        change.SetTransferSyntax(gdcm.TransferSyntax(GDCM_SYNTAX[syntax]))
        change.SetInput(source.GetImage())
        assert change.Change()
        target = gdcm.ImageWriter()
        target.SetFileName(str(packed))
        target.SetFile(source.GetFile())
        target.SetImage(change.GetOutput())
        assert target.Write()
        return packed.read_bytes()


def jpeg_2000(pixels: NDArray[Any], *, bits: int, ratio: float = 0.0) -> bytes:
    """Encode as JPEG 2000: lossless, or with losses at a compression ratio."""
    colour = 1 if pixels.ndim == 3 else 2
    stream = openjpeg.utils.encode_array(
        pixels,
        bits_stored=bits,
        photometric_interpretation=colour,
        compression_ratios=[ratio] if ratio else None,
    )
    return bytes(stream)


def rle(made: Dataset) -> bytes:
    """Encode a film's pixels as RLE."""
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    return bytes(get_encoder(RLELossless).encode(made, encoding_plugin="pydicom"))


def fragmented(
    pixels: NDArray[Any],
    stream: bytes,
    syntax: UID,
    *,
    fragments: int = 1,
    basic_table: bool = True,
    extended_table: bool = False,
    **tags: Any,
) -> bytes:
    """Write a film whose stream comes in fragments, with or without a table of offsets."""
    made = dataset(pixels, **tags)
    if extended_table:
        data, made.ExtendedOffsetTable, made.ExtendedOffsetTableLengths = encapsulate_extended(
            [stream]
        )
        made.PixelData = data
    else:
        made.PixelData = encapsulate([stream], fragments_per_frame=fragments, has_bot=basic_table)
    made["PixelData"].VR = "OB"
    made["PixelData"].is_undefined_length = True
    return file_bytes(made, syntax)
