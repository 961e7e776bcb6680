"""What becomes of each attribute: the Basic Application Confidentiality Profile, and stricter.

The table `resources/deidentification.csv` is Table E.1-1 of DICOM PS3.15 (edition 2026c), column
“Basic Prof.”. It says what to take away and keeps the rest. Here an attribute that the table does
not name stays only if it is needed to show a film: numbers of the groups below, and names below.
"""

from __future__ import annotations

import csv
from functools import cache
from itertools import permutations

from pydicom.datadict import dictionary_VR
from pydicom.tag import BaseTag

from cxr_desktop import locations

KEEP, REMOVE, EMPTY, DUMMY, NEW_UID, SHIFT = "keep", "remove", "empty", "dummy", "uid", "shift"

CURVES, OVERLAYS = 0x5000, 0x6000  # and the groups up to the next 256
NUMBERS = frozenset({"DS", "IS", "US", "SS", "UL", "SL", "FL", "FD"})
NUMBER_GROUPS = frozenset({0x0018, 0x0020, 0x0028})
DATES = frozenset({"DA", "DT", "TM"})
BIRTH = frozenset({"PatientBirthDate", "PatientBirthTime"})  # no option keeps these
CHARACTERISTICS = frozenset({"PatientSex", "PatientAge", "PatientSize", "PatientWeight"})

# Coded strings that say how the film was taken and is to be shown, with the values that the
# standard names: any other value could be anybody's name.
KEPT_CODES: dict[str, frozenset[str]] = {
    "AnodeTargetMaterial": frozenset({"TUNGSTEN", "MOLYBDENUM", "RHODIUM"}),
    "BodyPartExamined": frozenset({"CHEST", "THORAX", "LUNG", "RIB"}),
    "BurnedInAnnotation": frozenset({"YES", "NO"}),
    "ConversionType": frozenset({"DV", "DI", "DF", "WSD", "SD", "SI", "DRW", "SYN"}),
    "DetectorType": frozenset({"DIRECT", "SCINTILLATOR", "STORAGE", "FILM"}),
    "ExposureControlMode": frozenset({"MANUAL", "AUTOMATIC"}),
    "ImageLaterality": frozenset({"L", "R", "U", "B"}),
    "ImageType": frozenset({"ORIGINAL", "DERIVED", "PRIMARY", "SECONDARY"}),
    "Laterality": frozenset({"L", "R"}),
    "LossyImageCompression": frozenset({"00", "01"}),
    "Modality": frozenset({"CR", "DX", "RG"}),
    "PatientOrientation": frozenset({
        "".join(way) for most in (1, 2, 3) for way in permutations("APRLHF", most)
    }),
    "PatientSex": frozenset({"F", "M", "O"}),
    "PixelIntensityRelationship": frozenset({"LIN", "LOG", "DISP"}),
    "PositionerType": frozenset({"NONE", "CARM", "COLUMN"}),
    "PresentationIntentType": frozenset({"FOR PRESENTATION", "FOR PROCESSING"}),
    "PresentationLUTShape": frozenset({"IDENTITY", "INVERSE"}),
    "QualityControlImage": frozenset({"YES", "NO", "BOTH"}),
    "RescaleType": frozenset({"US", "OD", "HU"}),
    "VOILUTFunction": frozenset({"LINEAR", "LINEAR_EXACT", "SIGMOID"}),
    "ViewPosition": frozenset({"AP", "PA", "LL", "RL", "RLD", "LLD", "RLO", "LLO"}),
}  # fmt: skip
# Sequences that are built anew from their numbers or codes (`sequences`).
KEPT_SEQUENCES = frozenset({
    "AnatomicRegionSequence", "ModalityLUTSequence", "VOILUTSequence", "ViewCodeSequence",
})  # fmt: skip
CODED = frozenset({"PatientName", "PatientID"})  # become the patient's code
# Written by this program from what it knows, whatever the file said.
OWN = frozenset({
    "PixelData", "SpecificCharacterSet", "PatientIdentityRemoved", "DeidentificationMethod",
    "DeidentificationMethodCodeSequence", "LongitudinalTemporalInformationModified",
})  # fmt: skip


@cache
def table() -> dict[int, str]:
    """Return the column of the profile by tag."""
    path = locations.resources() / "deidentification.csv"
    with path.open(encoding="ascii", newline="") as file:
        return {int(row["tag"], 16): row["action"] for row in csv.DictReader(file)}


def action(tag: BaseTag, keyword: str, *, shift_dates: bool, keep_characteristics: bool) -> str:
    """Say what becomes of an attribute, wherever in the data set it stands."""
    if tag.is_private or CURVES <= tag.group < CURVES + 256 or OVERLAYS <= tag.group < 0x6100:
        return REMOVE
    if keep_characteristics and keyword in CHARACTERISTICS:
        return KEEP
    stated = table().get(int(tag))
    if stated is not None:
        if shift_dates and _vr(tag) in DATES and keyword not in BIRTH:
            return SHIFT
        return _of_table(stated)
    if keyword == "Manufacturer":  # free text, and must be there (type 2)
        return EMPTY
    return KEEP if _is_harmless(tag, keyword) else REMOVE


def _of_table(stated: str) -> str:
    """Choose one of several allowed ways: an empty value before a made-up one before removal.

    X/Z/U* is for sequences of references, which nothing here needs.
    """
    ways = stated.split("/")
    if "U*" in ways:
        return REMOVE
    if "U" in ways:
        return NEW_UID
    if "Z" in ways:
        return EMPTY
    return DUMMY if "D" in ways else REMOVE


def _is_harmless(tag: BaseTag, keyword: str) -> bool:
    if keyword == "SOPClassUID" or keyword in KEPT_CODES or keyword in KEPT_SEQUENCES:
        return True
    return tag.group in NUMBER_GROUPS and _vr(tag) in NUMBERS


def _vr(tag: BaseTag) -> str:
    try:
        return dictionary_VR(tag)[:2]
    except KeyError:
        return ""
