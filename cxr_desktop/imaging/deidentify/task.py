"""Cleans one film, as ordered."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from typing import Any

from cxr_desktop.domain.deidentify import DeidOptions, MaskBox
from cxr_desktop.domain.radiograph import StudyInfo
from cxr_desktop.imaging.deidentify.codes import Codes, patient_key
from cxr_desktop.imaging.deidentify.dicom_film import clean_dicom
from cxr_desktop.imaging.deidentify.raster_film import clean_raster, facts_of
from cxr_desktop.imaging.formats import HEAD_BYTES, sniff
from cxr_desktop.imaging.wire import study_from


def clean_film(header: dict[str, Any], parts: list[bytes]) -> tuple[dict[str, Any], list[bytes]]:
    """Return codes, changes and facts, and the new file; the parts are secret and film."""
    secret, data = parts
    codes = Codes(secret)
    options = DeidOptions(**header["options"])
    boxes = tuple(MaskBox(**box) for box in header["boxes"])
    study: StudyInfo = study_from(header["study"])
    patient = patient_key(study, header["film_sha256"])
    if sniff(data[:HEAD_BYTES]) == "DICOM":
        content, changes = clean_dicom(data, codes, patient, options, boxes)
        ending = ".dcm"
    else:
        content, changes = clean_raster(data, boxes)
        ending = ".png"
    answer = {
        "ending": ending,
        "patient": codes.patient(patient),
        "film": codes.film(hashlib.sha256(data).hexdigest()),
        "changes": [asdict(change) for change in changes],
        "facts": facts_of(study, options, codes.days(patient)),
    }
    return answer, [content]
