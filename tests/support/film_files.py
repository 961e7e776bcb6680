"""Small synthetic film files: each as a device, or a bad copy, would write it."""

from __future__ import annotations

import struct
import zlib
from copy import deepcopy
from io import BytesIO
from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from pydicom import config
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.filewriter import dcmwrite
from pydicom.uid import (
    UID,
    DigitalXRayImageStorageForPresentation,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
)

DX = DigitalXRayImageStorageForPresentation
SECONDARY_CAPTURE = UID("1.2.840.10008.5.1.4.1.1.7")


def ramp(rows: int = 40, columns: int = 60, *, top: int = 4095) -> NDArray[np.uint16]:
    """Draw a ramp that differs at every corner: 0 at the top left, `top` at the bottom right."""
    down = np.arange(rows)[:, None] / (rows - 1)
    along = np.arange(columns)[None, :] / (columns - 1)
    return np.rint(top * (0.7 * down + 0.3 * along)).astype(np.uint16)


def dataset(pixels: NDArray[Any], **tags: Any) -> Dataset:
    """Make a plain DX of a chest; `tags` replace or (None) remove tags."""
    made = Dataset()
    made.SOPClassUID, made.SOPInstanceUID = DX, "2.25.1"
    made.Modality, made.BodyPartExamined, made.ViewPosition = "DX", "CHEST", "PA"
    made.PatientName, made.PatientID = "Drawn^Film", "DRAWN-1"
    made.IssuerOfPatientID = "Drawing room"
    made.SamplesPerPixel = 1 if pixels.ndim == 2 else pixels.shape[2]
    made.PhotometricInterpretation = "MONOCHROME2" if pixels.ndim == 2 else "RGB"
    if pixels.ndim == 3:
        made.PlanarConfiguration = 0
    made.Rows, made.Columns = pixels.shape[:2]
    bits = 8 * pixels.dtype.itemsize
    made.BitsAllocated = bits
    made.BitsStored, made.HighBit = (12, 11) if bits == 16 else (8, 7)
    made.PixelRepresentation = int(pixels.dtype.kind == "i")
    made.PixelData = pixels.tobytes()
    with config.disable_value_validation():  # devices write what the standard forbids
        for name, value in tags.items():
            if name in made:
                delattr(made, name)
            if value is not None:
                setattr(made, name, value)
    made["PixelData"].VR = "OW" if bits == 16 else "OB"
    return made


def file_bytes(made: Dataset, syntax: UID = ExplicitVRLittleEndian) -> bytes:
    """Write a data set, its pixels in little endian, as a DICOM file of that transfer syntax."""
    if syntax == ExplicitVRBigEndian and made.BitsAllocated == 16:
        made = deepcopy(made)
        made.PixelData = np.frombuffer(made.PixelData, "<u2").astype(">u2").tobytes()
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.TransferSyntaxUID = made.SOPClassUID, syntax
    meta.MediaStorageSOPInstanceUID = UID("2.25.1")
    meta.ImplementationClassUID = UID("2.25.2")
    made.file_meta = meta
    buffer = BytesIO()
    with config.disable_value_validation():
        dcmwrite(buffer, made, enforce_file_format=True)
    return buffer.getvalue()


def dicom(pixels: NDArray[Any], **tags: Any) -> bytes:
    """Write an uncompressed DICOM film."""
    return file_bytes(dataset(pixels, **tags))


def compressed(pixels: NDArray[Any], stream: bytes, syntax: UID, **tags: Any) -> bytes:
    """Write a DICOM film whose pixels are an encoded stream."""
    made = dataset(pixels, **tags)
    made.PixelData = encapsulate([stream])
    made["PixelData"].VR = "OB"
    made["PixelData"].is_undefined_length = True
    return file_bytes(made, syntax)


def look_up_table(first: int, entries: NDArray[np.uint16], bits: int = 16) -> Dataset:
    """Make one item of a Modality or VOI LUT sequence."""
    item = Dataset()
    item.add_new(0x00283002, "US", [len(entries) % 65536, first, bits])
    item.add_new(0x00283006, "OW", entries.astype("<u2").tobytes())
    return item


def encoded(suffix: str, pixels: NDArray[Any], *options: int) -> bytes:
    """Encode pixels as PNG, JPEG or TIFF."""
    done, data = cv2.imencode(suffix, pixels, list(options))
    assert done
    return data.tobytes()


def jpeg_with_orientation(pixels: NDArray[np.uint8], orientation: int) -> bytes:
    """Encode a JPEG whose EXIF says how it is to be turned."""
    plain = encoded(".jpg", pixels, cv2.IMWRITE_JPEG_QUALITY, 100)
    entry = struct.pack("<HHIHH", 0x0112, 3, 1, orientation, 0)
    exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0" + entry + b"\0\0\0\0"
    return plain[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + plain[2:]


def tiff(
    pixels: NDArray[Any], *, order: Literal["<", ">"] = "<", next_page: int = 0, **tags: int
) -> bytes:
    """Write an uncompressed TIFF of one strip; tags as t262=0 for tag 262."""
    data = pixels.astype(pixels.dtype.newbyteorder(order)).tobytes()
    short = {256: pixels.shape[1], 257: pixels.shape[0], 258: 8 * pixels.dtype.itemsize, 259: 1}
    short |= {262: 1, 274: 1, 277: 1, 278: pixels.shape[0]}
    short |= {int(name[1:]): value for name, value in tags.items()}
    entries = {tag: (3, value) for tag, value in short.items()}
    entries |= {273: (4, 8), 279: (4, len(data))}
    start = b"II*\0" if order == "<" else b"MM\0*"
    out = start + struct.pack(f"{order}I", 8 + len(data)) + data
    out += struct.pack(f"{order}H", len(entries))
    for tag, (kind, value) in sorted(entries.items()):
        packed = (
            struct.pack(f"{order}HH", value, 0) if kind == 3 else struct.pack(f"{order}I", value)
        )
        out += struct.pack(f"{order}HHI", tag, kind, 1) + packed
    return out + struct.pack(f"{order}I", next_page)


def png_chunk(kind: bytes, content: bytes) -> bytes:
    """Write one chunk of a PNG with its right sum."""
    total = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + total


def png_claiming(rows: int, columns: int) -> bytes:
    """Write a PNG that says it is as large as that and holds next to nothing."""
    header = struct.pack(">IIBBBBB", columns, rows, 8, 0, 0, 0, 0)
    chunks = png_chunk(b"IHDR", header) + png_chunk(b"IDAT", zlib.compress(b"\0" * 64))
    return b"\x89PNG\r\n\x1a\n" + chunks + png_chunk(b"IEND", b"")
