"""Is this DICOM file one frontal chest radiograph? Asked of its tags, before any pixel."""

from __future__ import annotations

import re

from pydicom.dataset import Dataset

from cxr_desktop.domain.errors import FilmRefused, RefusalCode
from cxr_desktop.domain.radiograph import Caution, StudyInfo
from cxr_desktop.imaging.dicom_tags import day, integer, items, number, text, values, word
from cxr_desktop.imaging.refusals import multi_frame, no_pixels

RADIOGRAPHY = frozenset({"CR", "DX", "RG"})
SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"  # its multi-frame kinds begin with the same
SECONDARY_CAPTURE_MODALITIES = frozenset({"CR", "DX"})
DICOMDIR = "1.2.840.10008.1.3.10"
MODALITY_OF_CLASS = {
    "1.2.840.10008.5.1.4.1.1.1": "CR",
    "1.2.840.10008.5.1.4.1.1.1.1": "DX",
    "1.2.840.10008.5.1.4.1.1.1.1.1": "DX",
}
FOR_PROCESSING_CLASS = "1.2.840.10008.5.1.4.1.1.1.1.1"
MODALITY_NAMES = {
    "CT": "a CT image",
    "MR": "an MR image",
    "US": "an ultrasound image",
    "MG": "a mammogram",
    "PT": "a PET image",
    "NM": "a nuclear medicine image",
    "XA": "an angiogram",
    "RF": "a fluoroscopy image",
    "IO": "a dental film",
    "PX": "a dental panoramic film",
    "SR": "a written report",
    "DOC": "a document",
    "PR": "a presentation state",
    "OT": "of the kind “other”",
}
CHEST = re.compile(r"CHEST|THORA|TORAX|LUNG|PULMO|TORSO")
UNSTATED = frozenset({"", "UNKNOWN", "OTHER", "NONE", "UNDEFINED", "DEFAULT", "UNSPECIFIED"})
FRONTAL_VIEWS = frozenset({"AP", "PA"})
OTHER_VIEWS = frozenset({
    "LL", "RL", "LLD", "RLD", "LLO", "RLO", "LLAT", "RLAT", "LAT", "LPO", "RPO", "LAO", "RAO", "OBL"
})  # fmt: skip
LATERAL_WORD = re.compile(r"\b(L?R?LAT|LATERAL|PROFIL\w*|LL|DECUB\w*|OBLIQUE)\b")
FRONTAL_WORD = re.compile(r"\b(PA|AP|FRONTAL)\b")
ADULT_YEARS = 18


def refuse_other_kinds(dataset: Dataset, sop_class: str) -> None:
    """Raise `FilmRefused` unless the tags allow a single frontal chest radiograph."""
    if sop_class == DICOMDIR:
        raise no_pixels("This is the index of a disc (DICOMDIR), not a film.")
    _refuse_modality(dataset, sop_class)
    frames = integer(dataset, "NumberOfFrames")
    if frames is not None and frames > 1:
        raise multi_frame(f"The file holds {frames} frames, not one film.")
    _refuse_body_part(dataset)
    _refuse_view(dataset)


def _refuse_modality(dataset: Dataset, sop_class: str) -> None:
    modality = word(dataset, "Modality") or MODALITY_OF_CLASS.get(sop_class, "")
    allowed = RADIOGRAPHY
    if sop_class == SECONDARY_CAPTURE or sop_class.startswith(SECONDARY_CAPTURE + "."):
        allowed = SECONDARY_CAPTURE_MODALITIES
    if modality in allowed:
        return
    what = MODALITY_NAMES.get(modality)
    if what is None:
        what = f"of modality {_tag(modality)}" if modality else "of no stated modality"
    raise FilmRefused(
        RefusalCode.NOT_A_RADIOGRAPH,
        f"The file is {what}, not a radiograph.",
        hint="Choose a plain frontal chest film (modality CR, DX or RG).",
    )


def _refuse_body_part(dataset: Dataset) -> None:
    part = body_part(dataset)
    if part.upper() in UNSTATED or CHEST.search(part.upper()):
        return
    raise FilmRefused(
        RefusalCode.NOT_A_CHEST,
        f"The file says that it shows another body part: {_tag(part)}.",
        hint="Choose a frontal chest film; if the tag is wrong, have it corrected at the source.",
    )


def _refuse_view(dataset: Dataset) -> None:
    view = view_position(dataset)
    words = " ".join(
        text(dataset, keyword).upper() for keyword in ("SeriesDescription", "ProtocolName")
    )
    codes = " ".join(
        text(item, "CodeMeaning").upper() for item in items(dataset, "ViewCodeSequence")
    )
    if view in FRONTAL_VIEWS:
        other = ""
    elif view in OTHER_VIEWS or LATERAL_WORD.search(view):
        other = view
    elif LATERAL_WORD.search(codes):
        other = codes
    elif LATERAL_WORD.search(words) and not FRONTAL_WORD.search(words):
        other = words
    else:
        other = ""
    axis = [str(value)[:1].upper() for value in values(dataset, "PatientOrientation")[:1]]
    if not other and axis and axis[0] in {"A", "P"} and view not in FRONTAL_VIEWS:
        other = "Patient Orientation " + axis[0]
    if other:
        raise FilmRefused(
            RefusalCode.NOT_FRONTAL,
            f"The file says that it is no frontal view: {_tag(other)}.",
            hint="Choose the frontal (PA or AP) film of the study.",
        )


def body_part(dataset: Dataset) -> str:
    """Return the examined body part, from its tag or from the anatomic region's code."""
    stated = text(dataset, "BodyPartExamined")
    if stated.upper() not in UNSTATED:
        return stated
    return next(
        (text(item, "CodeMeaning") for item in items(dataset, "AnatomicRegionSequence")), ""
    )


def view_position(dataset: Dataset) -> str:
    """Return the view; some exports keep it in Patient Position, so that is asked too."""
    stated = word(dataset, "ViewPosition")
    if stated:
        return stated
    position = word(dataset, "PatientPosition")
    return position if position in FRONTAL_VIEWS | OTHER_VIEWS else ""


def study_info(dataset: Dataset) -> StudyInfo:
    """Collect patient and study; what is missing or broken stays empty."""
    return StudyInfo(
        patient_name=text(dataset, "PatientName"),
        patient_id=text(dataset, "PatientID"),
        patient_id_issuer=text(dataset, "IssuerOfPatientID"),
        birth_date=day(dataset, "PatientBirthDate"),
        sex=text(dataset, "PatientSex"),
        age=text(dataset, "PatientAge"),
        study_date=day(dataset, "StudyDate"),
        study_description=text(dataset, "StudyDescription"),
        accession_number=text(dataset, "AccessionNumber"),
        study_uid=text(dataset, "StudyInstanceUID"),
        modality=word(dataset, "Modality"),
        body_part=body_part(dataset),
        view_position=view_position(dataset),
        laterality=text(dataset, "ImageLaterality"),
        institution=text(dataset, "InstitutionName"),
        manufacturer=text(dataset, "Manufacturer"),
    )


def cautions(dataset: Dataset, sop_class: str) -> tuple[Caution, ...]:
    """Say what a reader should know of how the film was taken."""
    found = []
    if body_part(dataset).upper() in UNSTATED:
        found.append(
            Caution("body_part_unknown", "The file does not say which body part it shows.")
        )
    if view_position(dataset) == "AP":
        found.append(
            Caution("ap_view", "AP view: the heart looks larger, and the film may be portable.")
        )
    if word(dataset, "BurnedInAnnotation") == "YES":
        found.append(
            Caution(
                "burned_in_text",
                "Text is part of this picture: check whose name it shows, and who may see it.",
            )
        )
    years = age_in_years(dataset)
    if years is not None and years < ADULT_YEARS:
        found.append(
            Caution("child", f"The patient is a child ({years} years); see what the model is for.")
        )
    if (
        sop_class == FOR_PROCESSING_CLASS
        or word(dataset, "PresentationIntentType") == "FOR PROCESSING"
    ):
        found.append(
            Caution(
                "for_processing", "These are raw detector values, not the film made for reading."
            )
        )
    return tuple(found)


def age_in_years(dataset: Dataset) -> int | None:
    """Return the age in whole years, from Patient's Age (AS) or the dates; None when unknown."""
    stated = re.fullmatch(r"(\d{1,3})([DWMY]?)", word(dataset, "PatientAge"))
    if stated is not None:
        per_year = {"D": 365, "W": 52, "M": 12}.get(stated[2], 1)
        return int(stated[1]) // per_year
    born, taken = day(dataset, "PatientBirthDate"), day(dataset, "StudyDate")
    if born is None or taken is None or taken < born:
        return None
    return taken.year - born.year - ((taken.month, taken.day) < (born.month, born.day))


def pixel_spacing(dataset: Dataset) -> tuple[float, float, bool] | None:
    """Return (row mm, column mm, at the detector), or None."""
    for keyword, at_detector in (("PixelSpacing", False), ("ImagerPixelSpacing", True)):
        if number(dataset, keyword):
            found = [float(v) for v in values(dataset, keyword)[:2]]
            if len(found) == 2 and all(0 < value < 100 for value in found):
                return found[0], found[1], at_detector
    return None


def _tag(value: str) -> str:
    """Make text from a tag fit for a sentence: short, one line, printable."""
    return "".join(c if c.isprintable() else " " for c in value[:40]).strip()
