"""Draw the sample films of `resources/samples`: ``python -m tests.support.draw_samples``."""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import (
    ComputedRadiographyImageStorage,
    DigitalXRayImageStorageForPresentation,
    ExplicitVRLittleEndian,
)

from cxr_desktop.imaging.phantom import draw_chest

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "samples"
SIDE = 640
UID_ROOT = "2.25.3141592653589793238462643383279502884"


def draw(seed: int, *, opacity: bool = False) -> NDArray[np.float32]:
    """Draw one film, (720, 640), 0..1."""
    return draw_chest(SIDE + 80, SIDE, seed=seed, opacity=opacity)


def write_picture(path: Path, film: NDArray[np.float32], bits: int) -> None:
    """Write a PNG, JPEG or TIFF with 8 or 16 bits."""
    kind = np.uint8 if bits == 8 else np.uint16
    pixels = np.round(film * (2**bits - 1)).astype(kind)
    done, encoded = cv2.imencode(path.suffix, pixels)
    assert done
    path.write_bytes(encoded.tobytes())


def write_dicom(path: Path, film: NDArray[np.float32], number: int, *, inverse: bool) -> None:
    """Write a 12-bit film: a DX, or with `inverse` a CR stored as MONOCHROME1."""
    stored = np.round((1.0 - film if inverse else film) * 4095).astype("<u2")
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = (
        ComputedRadiographyImageStorage if inverse else DigitalXRayImageStorageForPresentation
    )
    meta.MediaStorageSOPInstanceUID = pydicom.uid.UID(f"{UID_ROOT}.{number}")
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.ImplementationClassUID = pydicom.uid.UID(UID_ROOT)
    row = FileDataset(str(path), {}, file_meta=meta, preamble=b"\0" * 128)
    row.SOPClassUID = meta.MediaStorageSOPClassUID
    row.SOPInstanceUID = meta.MediaStorageSOPInstanceUID
    row.StudyInstanceUID = f"{UID_ROOT}.{number}.1"
    row.SeriesInstanceUID = f"{UID_ROOT}.{number}.2"
    row.SpecificCharacterSet = "ISO_IR 192"
    row.PatientName = "Drawn^Film"
    row.PatientID = f"DRAWN-{number}"
    row.PatientAge = "045Y"
    row.PatientSex = "O"
    row.StudyDate = "20260101"
    row.AccessionNumber = f"D{number:04d}"
    row.Modality = "CR" if inverse else "DX"
    row.BodyPartExamined = "CHEST"
    row.ViewPosition = "PA"
    row.PatientOrientation = ["L", "F"]
    row.ImagerPixelSpacing = [0.5, 0.5]
    row.Rows, row.Columns = stored.shape
    row.SamplesPerPixel = 1
    row.PhotometricInterpretation = "MONOCHROME1" if inverse else "MONOCHROME2"
    if not inverse:  # a CR has none
        row.PresentationLUTShape = "IDENTITY"
    row.BitsAllocated, row.BitsStored, row.HighBit = 16, 12, 11
    row.PixelRepresentation = 0
    row.NumberOfFrames = 1
    row.PixelData = stored.tobytes()
    row.save_as(path, enforce_file_format=True)


def draw_all(folder: Path) -> None:
    """Write every sample into `folder`, over what is there."""
    folder.mkdir(parents=True, exist_ok=True)
    write_picture(folder / "drawn-1.png", draw(1), 8)
    write_picture(folder / "drawn-2-opacity.jpg", draw(2, opacity=True), 8)
    write_picture(folder / "drawn-3-16-bit.png", draw(3), 16)
    write_picture(folder / "drawn-4-opacity-16-bit.tif", draw(4, opacity=True), 16)
    write_dicom(folder / "drawn-5.dcm", draw(5), 5, inverse=False)
    write_dicom(folder / "drawn-6-opacity-cr-monochrome1", draw(6, opacity=True), 6, inverse=True)


if __name__ == "__main__":
    draw_all(FOLDER)
    sys.exit(0)
