"""The film with verdict, map and words burned in, as a Secondary Capture (PS3.3 A.8.1)."""

from __future__ import annotations

from typing import Any

import numpy as np
from highdicom.sc import SCImage
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.sr.coding import Code

from cxr_desktop.imaging.dicom_out.common import MAKER, SERIES, stamp
from cxr_desktop.imaging.dicom_out.evidence import UTF_8
from cxr_desktop.imaging.dicom_out.order import AnswerFacts


def secondary_capture(
    facts: AnswerFacts,
    subject: Dataset,
    film: Dataset | None,
    picture: NDArray[np.uint8],
    uids: list[str],
) -> Dataset:
    """Return the data set; `picture` is (rows, columns, 3), RGB; `uids` are its series and object.

    `film` is what it was drawn from, None for a film that is no DICOM.
    """
    series, instance = uids
    made = SCImage(
        pixel_array=picture,
        photometric_interpretation="RGB",
        bits_allocated=8,
        coordinate_system="PATIENT",
        patient_orientation=("L", "F"),
        study_instance_uid=subject.StudyInstanceUID,
        series_instance_uid=series,
        series_number=SERIES + 1,
        sop_instance_uid=instance,
        instance_number=1,
        manufacturer=MAKER,
        specific_character_set=UTF_8,
        series_description=f"CXR Desktop picture. {facts.words}"[:64],
        **_of_patient(subject),
    )
    stamp(made, facts)
    made.PatientOrientation = []  # the film may not say how it lies; no place to guess
    made.Laterality = ""  # a chest has none, and the tag is asked for (PS3.3 C.7.3.1)
    made.ConversionType = "WSD"
    made.ImageType = ["DERIVED", "SECONDARY"]
    made.BurnedInAnnotation = "YES"
    said = (
        f"{facts.verdict}, P(abnormal) {facts.probability:.3f}, by {facts.model_id} "
        f"{facts.model_version}. {facts.words}"
    )
    made.DerivationDescription = " ".join((said, *facts.cautions))[:1024]
    if film is not None:
        made.SourceImageSequence = [_source(film)]
    return made


def _of_patient(subject: Dataset) -> dict[str, Any]:
    return {
        "patient_id": subject.PatientID,
        "patient_name": subject.PatientName,
        "patient_birth_date": subject.PatientBirthDate,
        "patient_sex": subject.PatientSex,
        "accession_number": subject.AccessionNumber,
        "study_id": subject.StudyID,
        "study_date": subject.StudyDate or None,
        "study_time": subject.StudyTime or None,
        "referring_physician_name": subject.ReferringPhysicianName,
    }


def _source(film: Dataset) -> Dataset:
    item = Dataset()
    item.ReferencedSOPClassUID = film.SOPClassUID
    item.ReferencedSOPInstanceUID = film.SOPInstanceUID
    purpose = Code("121322", "DCM", "Source image for image processing operation")
    code = Dataset()
    code.CodeValue, code.CodingSchemeDesignator = purpose.value, purpose.scheme_designator
    code.CodeMeaning = purpose.meaning
    item.PurposeOfReferenceCodeSequence = [code]
    return item
