"""Reads the records of a DICOMDIR; runs in the decoder process only."""

from __future__ import annotations

import warnings
from io import BytesIO
from pathlib import Path

from pydicom import dcmread

from cxr_desktop.domain.errors import FilmRefused
from cxr_desktop.imaging.dicom_tags import items, text, values, word
from cxr_desktop.imaging.dicomdir import MAX_DEPTH, MAX_RECORDS
from cxr_desktop.imaging.limits import read_bytes
from cxr_desktop.imaging.refusals import damaged

IMAGE = "IMAGE"


def read_records(path: Path) -> list[list[str]]:
    """Return the file name of every image record, as the parts of a path; at most 5,000.

    Raises `FilmRefused` for what is no DICOMDIR.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # pydicom warns of each odd value, and quotes it
            dataset = dcmread(BytesIO(read_bytes(path)), force=False)
            return [
                [str(part)[:64] for part in values(record, "ReferencedFileID")[: MAX_DEPTH + 1]]
                for record in items(dataset, "DirectoryRecordSequence", MAX_RECORDS)
                if word(record, "DirectoryRecordType") == IMAGE and text(record, "ReferencedFileID")
            ]
    except FilmRefused:
        raise
    except Exception as error:  # pydicom raises many kinds for a broken file
        raise damaged() from error
