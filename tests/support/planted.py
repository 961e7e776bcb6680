"""A DICOM film with a patient planted in every corner that a file has."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO

import numpy as np
from pydicom import config, dcmread
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.filewriter import dcmwrite
from pydicom.sequence import Sequence
from pydicom.tag import Tag
from pydicom.uid import UID

from tests.support.film_files import dataset, file_bytes, ramp

ARABIC = "مزروع"
JAPANESE = "山田"
GREEK = "Ὀδυσσεύς"


@dataclass
class Planted:
    """The file, and each text (or bytes) that must not be found again, by where it stood."""

    film: Dataset
    marks: dict[str, bytes] = field(default_factory=dict)

    def mark(self, where: str) -> str:
        """Return a new text that stands nowhere else."""
        text = f"ZQXPLANT{len(self.marks):03d}"
        self.marks[where] = text.encode()
        return text


TEXT_TAGS = (
    "PatientName", "PatientID", "OtherPatientNames", "PatientBirthName", "PatientMotherBirthName",
    "PatientAddress", "PatientTelephoneNumbers", "PatientComments", "AdditionalPatientHistory",
    "EthnicGroup", "Occupation", "MilitaryRank", "PatientReligiousPreference", "AccessionNumber",
    "InstitutionName", "InstitutionAddress", "InstitutionalDepartmentName", "StationName",
    "ReferringPhysicianName", "PerformingPhysicianName", "OperatorsName",
    "NameOfPhysiciansReadingStudy", "StudyDescription", "SeriesDescription", "StudyID",
    "RequestingPhysician", "RequestedProcedureDescription", "PerformedProcedureStepDescription",
    "ProtocolName", "DeviceSerialNumber", "DetectorID", "CassetteID", "PlateID", "ImageComments",
    "DerivationDescription", "AdmissionID", "CurrentPatientLocation", "ManufacturerModelName",
    "SoftwareVersions", "WindowCenterWidthExplanation", "TextComments", "ScheduledStationName",
    "IssuerOfPatientID", "MedicalAlerts", "Allergies", "PersonName", "Manufacturer",
)  # fmt: skip
DATE, MOMENT = "19470815", "19470816101112"


def planted() -> Planted:
    """Make the film."""
    made = Planted(dataset(ramp(), SpecificCharacterSet=["", "ISO 2022 IR 87"]))
    with config.disable_value_validation():
        _in_tags(made)
        _in_sequences(made)
        _in_private_tags(made)
        _in_old_corners(made)
    return made


def planted_file() -> tuple[bytes, dict[str, bytes]]:
    """Return the file's bytes with its preamble, header and tail planted too, and all marks."""
    made = planted()
    for keyword in ("SourceApplicationEntityTitle", "ImplementationVersionName"):
        made.marks[f"file meta {keyword}"] = f"ZQXMETA{keyword[:6].upper()}".encode()
    content = file_bytes(made.film)
    content = _with_meta(content, made)
    preamble = b"II*\0ZQXPREAMBLE"
    made.marks["preamble"] = b"ZQXPREAMBLE"
    return preamble.ljust(128, b"\0") + content[128:], made.marks


def _in_tags(made: Planted) -> None:
    for keyword in TEXT_TAGS:
        setattr(made.film, keyword, made.mark(keyword))
    made.film.PatientBirthDate = made.film.AcquisitionDate = DATE
    made.film.StudyDate, made.film.AcquisitionDateTime = DATE, MOMENT
    made.marks["dates"], made.marks["moments"] = DATE.encode(), MOMENT.encode()
    made.film.RegionOfResidence = JAPANESE
    made.marks["Japanese"] = JAPANESE.encode("iso2022_jp")
    made.film.ImageType = ["ORIGINAL", "PRIMARY", made.mark("third value of ImageType")]
    made.film.BodyPartExamined = "CHEST"
    made.film.Grid = made.mark("a coded string that nobody needs")
    made.film.ImageLaterality = made.mark("a coded string that stays")
    number = made.mark("a number that is none").encode() + b"\0"
    made.film[0x00180060] = RawDataElement(
        Tag(0x00180060), "DS", len(number), number, 0, is_implicit_VR=False, is_little_endian=True
    )
    made.film.StudyInstanceUID = "1.2.826.0.1.99.1"
    made.film.SeriesInstanceUID = "1.2.826.0.1.99.1.2"
    made.film.FrameOfReferenceUID = "1.2.826.0.1.99.1.3"
    made.marks["UIDs"] = b"1.2.826.0.1.99"


def _in_sequences(made: Planted) -> None:
    inner, outer, deep = Dataset(), Dataset(), Dataset()
    deep.PatientName = made.mark("three sequences deep")
    inner.ScheduledProcedureStepDescription = made.mark("nested description")
    inner.ScheduledPerformingPhysicianName = made.mark("nested name")
    inner.RequestAttributesSequence = Sequence([deep])
    outer.ScheduledProtocolCodeSequence = Sequence([inner])
    made.film.RequestAttributesSequence = Sequence([outer])
    other = Dataset()
    other.PatientID, other.IssuerOfPatientID = made.mark("other id"), made.mark("its issuer")
    made.film.OtherPatientIDsSequence = Sequence([other])
    view = Dataset()
    view.CodeValue, view.CodingSchemeDesignator = "399348003", "SCT"
    view.CodeMeaning = made.mark("the meaning of a code that stays")
    made.film.ViewCodeSequence = Sequence([view])
    region = Dataset()
    region.CodeValue, region.CodingSchemeDesignator = made.mark("an unknown code")[:16], "99X"
    region.CodeMeaning = made.mark("its meaning")
    made.film.AnatomicRegionSequence = Sequence([region])
    table = Dataset()
    entries = np.arange(16, dtype="<u2")
    table.add_new(0x00283002, "US", [16, 0, 16])
    table.LUTExplanation = made.mark("explanation of a table")
    tail = made.mark("behind a table").encode().ljust(16, b"\0")
    table.add_new(0x00283006, "OW", entries.tobytes() + tail)
    made.film.VOILUTSequence = Sequence([table])


def _in_private_tags(made: Planted) -> None:
    block = made.film.private_block(0x0019, made.mark("private creator"), create=True)
    block.add_new(0x01, "LO", made.mark("private text"))
    block.add_new(0x02, "UN", made.mark("private bytes").encode() + b"\0")
    item = Dataset()
    item.PatientName = made.mark("private sequence")
    block.add_new(0x03, "SQ", Sequence([item]))


def _in_old_corners(made: Planted) -> None:
    film = made.film
    film.add_new(0x60000010, "US", 8)
    film.add_new(0x60000011, "US", 8)
    film.add_new(0x60003000, "OW", made.mark("overlay data").encode() + b"\0")
    film.add_new(0x60004000, "LT", made.mark("overlay comments"))
    film.add_new(0x60021500, "LO", made.mark("overlay label"))
    film.add_new(0x50000030, "SH", made.mark("curve"))
    film.add_new(0x50003000, "OW", made.mark("curve data").encode() + b"\0")
    film.add_new(0x00282000, "OB", made.mark("colour profile").encode() + b"\0")
    film.add_new(0x00091001, "UN", made.mark("odd group without creator").encode() + b"\0")
    film.add_new(0x00080399, "UN", made.mark("unknown even tag").encode() + b"\0")
    film.add_new(0x00420011, "OB", made.mark("encapsulated document").encode() + b"\0")
    film.add_new(0xFFFCFFFC, "OB", made.mark("trailing padding").encode() + b"\0")
    film.add_new(0x40000010, "LT", made.mark("retired text group"))
    film.add_new(0x00324000, "LT", made.mark("study comments"))
    film.PixelData = film.PixelData + made.mark("behind the pixels").encode() + b"\0"


def _with_meta(content: bytes, made: Planted) -> bytes:
    """Put texts into the file meta information, which pydicom writes for us again."""
    film = dcmread(BytesIO(content))
    meta = film.file_meta
    for where, text in made.marks.items():
        if where.startswith("file meta "):
            setattr(meta, where.removeprefix("file meta "), text.decode()[:16])
            made.marks[where] = text[:16]
    meta.PrivateInformationCreatorUID = UID("1.2.826.0.1.98")
    meta.PrivateInformation = made.mark("private information").encode() + b"\0"
    buffer = BytesIO()
    with config.disable_value_validation():
        dcmwrite(buffer, film, enforce_file_format=True)
    return buffer.getvalue()
