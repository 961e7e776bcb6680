"""What all objects of one answer have in common."""

from __future__ import annotations

from io import BytesIO

from pydicom.dataset import Dataset
from pydicom.filewriter import dcmwrite

from cxr_desktop.imaging.dicom_out.order import AnswerFacts

MAKER = "CXR Desktop"
SERIES = 9900  # far above what modalities number


def stamp(made: Dataset, facts: AnswerFacts) -> None:
    """Say when and by what the object was made; replaces what a library put there."""
    made.InstanceCreationDate = made.ContentDate = made.SeriesDate = facts.made_day
    made.InstanceCreationTime = made.ContentTime = made.SeriesTime = facts.made_time
    made.TimezoneOffsetFromUTC = facts.made_zone
    made.Manufacturer = MAKER
    made.ManufacturerModelName = MAKER
    made.SoftwareVersions = [
        f"CXR Desktop {facts.program_version}"[:64],
        f"{facts.model_id} {facts.model_version}"[:64],
    ]
    made.DeviceSerialNumber = facts.program_version[:64]


def as_file(made: Dataset) -> bytes:
    """Return the bytes of a whole DICOM file (PS3.10)."""
    buffer = BytesIO()
    dcmwrite(buffer, made, enforce_file_format=True)
    return buffer.getvalue()
