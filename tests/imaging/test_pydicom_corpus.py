"""pydicom's own test files, and what pydicom makes of them: the right pixels or a stated refusal.

None of them is a chest film. So each is also read with tags that say it is one: then its pixels
come out as pydicom has them, or the reason is one of the file.
"""

from __future__ import annotations

import warnings
from io import BytesIO
from pathlib import Path

import numpy as np
import pydicom
import pytest
from numpy.typing import NDArray
from pydicom import config, dcmread
from pydicom.dataset import FileDataset
from pydicom.errors import InvalidDicomError
from pydicom.uid import (
    UID,
    ComputedRadiographyImageStorage,
    JPEG2000Lossless,
    RLELossless,
)

from cxr_desktop.domain.errors import FilmRefused, RefusalCode
from cxr_desktop.imaging.child_reader import GAVE_UP, ChildFilmReader
from cxr_desktop.imaging.dicom import read_dicom

FOLDER = Path(pydicom.__file__).parent / "data"
FILES = sorted(path for path in FOLDER.rglob("*") if path.is_file() and path.suffix != ".pyc")
DICOM_FILES = [path for path in FILES if path.read_bytes()[128:132] == b"DICM"]
FRONTAL = {"Modality": "CR", "BodyPartExamined": "CHEST", "ViewPosition": "PA"}
NOT_FRONTAL = ("SeriesDescription", "ProtocolName", "PatientOrientation", "ViewCodeSequence")
# What stays refused when the tags are those of a chest film, besides files without a picture or
# with several.
REFUSED = {
    "JPEG-lossy.dcm": RefusalCode.UNSUPPORTED_COMPRESSION,  # 12 bits
    "JPGExtended.dcm": RefusalCode.UNSUPPORTED_COMPRESSION,
    "JPEG2000-embedded-sequence-delimiter.dcm": RefusalCode.TOO_LARGE,  # its width is a forgery
    "MR_truncated.dcm": RefusalCode.DAMAGED,
    "SC_rgb_rle_32bit.dcm": RefusalCode.DAMAGED,  # 32 bits
    "badVR.dcm": RefusalCode.DAMAGED,
    "rtdose_1frame.dcm": RefusalCode.DAMAGED,
    "rtdose_expb_1frame.dcm": RefusalCode.DAMAGED,
    "rtdose_rle_1frame.dcm": RefusalCode.DAMAGED,
    "liver_1frame.dcm": RefusalCode.DAMAGED,  # 1 bit
    "liver_expb_1frame.dcm": RefusalCode.DAMAGED,
    "nested_priv_SQ.dcm": RefusalCode.DAMAGED,  # no rows, no columns
    "meta_missing_tsyntax.dcm": RefusalCode.DAMAGED,
}
NOT_WRITABLE = "SC_rgb_jpeg.dcm"  # pydicom reads it and cannot write it again
EMPTY = (RefusalCode.NO_PIXELS, RefusalCode.MULTI_FRAME)


def as_chest(path: Path) -> FileDataset | None:
    """Read a file and give it the tags of a frontal chest film; None where pydicom cannot."""
    if path.name == NOT_WRITABLE:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            made = dcmread(path)
        except (InvalidDicomError, ValueError):
            return None
        for keyword in NOT_FRONTAL:
            if keyword in made:
                delattr(made, keyword)
        for keyword, value in FRONTAL.items():
            setattr(made, keyword, value)
        made.SOPClassUID = ComputedRadiographyImageStorage
        return made


def written(made: FileDataset) -> bytes:
    buffer = BytesIO()
    with config.disable_value_validation(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made.save_as(buffer)
    return buffer.getvalue()


def pixels_of(made: FileDataset) -> NDArray[np.generic]:
    """Return pydicom's own pixels, unsigned and in this machine's order of bytes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pixels = made.pixel_array
    return pixels.astype(f"=u{pixels.dtype.itemsize}")


def test_the_corpus_is_there() -> None:
    assert len(FILES) > 150
    assert len(DICOM_FILES) > 100
    assert {path.name for path in FILES} >= set(REFUSED)


def test_no_file_of_the_corpus_is_taken_for_a_chest_film(reader: ChildFilmReader) -> None:
    for path in FILES:
        with pytest.raises(FilmRefused) as refused:
            reader.read(path)
        assert refused.value.message != GAVE_UP, path
        assert refused.value.hint, path


@pytest.mark.parametrize("path", DICOM_FILES, ids=lambda path: path.name)
def test_with_the_tags_of_a_chest_film_a_picture_comes_out_as_pydicom_has_it(path: Path) -> None:
    made = as_chest(path)
    if made is None:
        return
    if path.name in REFUSED or "PixelData" not in made or made.get("NumberOfFrames", 1) > 1:
        with pytest.raises(FilmRefused) as refused:
            read_dicom(written(made))
        assert refused.value.refusal in (*EMPTY, REFUSED.get(path.name))
        return
    film, stored = read_dicom(written(made)), pixels_of(made)
    assert film.stored.shape == stored.shape[:2]
    if made.PhotometricInterpretation in ("MONOCHROME1", "MONOCHROME2"):
        assert np.array_equal(film.stored, stored)


@pytest.mark.parametrize("name", ["CT_small.dcm", "MR_small.dcm"])
@pytest.mark.parametrize(
    ("syntax", "plugin"),
    [
        (RLELossless, "pydicom"),
        (JPEG2000Lossless, "pylibjpeg"),
    ],
    ids=["RLE", "JPEG 2000"],
)
def test_what_pydicom_compresses_is_bit_equal(name: str, syntax: UID, plugin: str) -> None:
    made = as_chest(FOLDER / "test_files" / name)
    assert made is not None
    before = pixels_of(made)
    made.compress(syntax, encoding_plugin=plugin, generate_instance_uid=False)
    film = read_dicom(written(made))
    assert np.array_equal(film.stored, before)
