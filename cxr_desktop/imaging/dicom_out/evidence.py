"""The film that an answer is about, as a DICOM data set that others refer to."""

from __future__ import annotations

from pydicom.dataset import Dataset

from cxr_desktop.imaging.dicom import parse
from cxr_desktop.imaging.dicom_out.order import AnswerFacts
from cxr_desktop.imaging.dicom_tags import text

SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
LONG, SHORT, NAME = 64, 16, 64  # characters of VR LO, SH and PN (PS3.5 6.2)
SEXES = frozenset({"M", "F", "O"})
UTF_8 = "ISO_IR 192"


def film_of(facts: AnswerFacts, content: bytes) -> Dataset | None:
    """Return the film's references with the exam's patient; None for a film that is no DICOM.

    Raises pydicom's errors, or `FilmRefused`.
    """
    if not facts.is_dicom:
        return None
    tags, _syntax, sop_class = parse(content)
    made = subject_of(facts, text(tags, "StudyInstanceUID"))
    made.StudyTime = text(tags, "StudyTime")[:14]
    made.StudyID = _exact(text(tags, "StudyID"), SHORT)
    made.ReferringPhysicianName = _name(text(tags, "ReferringPhysicianName"))
    made.SeriesInstanceUID = text(tags, "SeriesInstanceUID") or uid_of(facts, "series")
    made.SOPClassUID = sop_class
    made.SOPInstanceUID = text(tags, "SOPInstanceUID") or uid_of(facts, "film")
    made.Modality = text(tags, "Modality")
    made.Rows, made.Columns = tags.get("Rows"), tags.get("Columns")
    return made


def subject_of(facts: AnswerFacts, study_uid: str) -> Dataset:
    """Return patient and study; a study that has no UID gets one that follows from the film."""
    made = Dataset()
    made.SpecificCharacterSet = UTF_8
    made.PatientName = _name(facts.patient_name)
    made.PatientID = _exact(facts.patient_id, LONG)
    made.PatientBirthDate = facts.birth_date
    made.PatientSex = facts.sex.upper() if facts.sex.upper() in SEXES else ""
    made.StudyInstanceUID = study_uid or uid_of(facts, "study")
    made.StudyDate = facts.study_date
    made.StudyTime = ""
    made.StudyID = ""
    made.AccessionNumber = _exact(facts.accession_number, SHORT)
    made.ReferringPhysicianName = ""
    return made


def uid_of(facts: AnswerFacts, what: str) -> str:
    """Return a UID that is always the same for this film (PS3.5 B.2: 2.25 and a number)."""
    digits = facts.film_sha256[:30] + f"{sum(what.encode()) % 256:02x}"
    return f"2.25.{int(digits, 16)}"


def _exact(value: str, most: int) -> str:
    """Return an identifier, or nothing where DICOM has no room: a cut one may be another's."""
    return value if len(value) <= most and "\\" not in value else ""


def _name(value: str) -> str:
    groups = value.replace("\\", " ").split("=")[:3]
    return "=".join(group[:NAME] for group in groups)
