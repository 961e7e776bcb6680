"""The one-page report as an Encapsulated PDF (PS3.3 A.45.1)."""

from __future__ import annotations

from copy import deepcopy

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import EncapsulatedPDFStorage, ExplicitVRLittleEndian

from cxr_desktop.imaging.dicom_out.common import SERIES, as_file, stamp
from cxr_desktop.imaging.dicom_out.order import AnswerFacts

TITLE = "Chest film: the model's answer and the reader's review"


def encapsulated_pdf(
    facts: AnswerFacts, subject: Dataset, film: Dataset | None, pdf: bytes, uids: list[str]
) -> bytes:
    """Return the file; `uids` are its series and object."""
    series, instance = uids
    made = deepcopy(subject)  # an update would share its elements, and change the film's
    made.SOPClassUID, made.SOPInstanceUID = EncapsulatedPDFStorage, instance
    made.SeriesInstanceUID, made.SeriesNumber, made.InstanceNumber = series, SERIES + 2, 1
    made.Modality, made.ConversionType = "DOC", "WSD"
    made.SeriesDescription = f"CXR Desktop report. {facts.words}"[:64]
    made.AcquisitionDateTime = ""
    stamp(made, facts)
    made.BurnedInAnnotation = "YES"
    made.DocumentTitle = TITLE
    made.ConceptNameCodeSequence = [_title()]
    made.MIMETypeOfEncapsulatedDocument = "application/pdf"
    made.EncapsulatedDocumentLength = len(pdf)
    made.EncapsulatedDocument = pdf + b"\0" * (len(pdf) % 2)
    if film is not None:
        made.SourceInstanceSequence = [_reference(film)]
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    return as_file(made)


def _title() -> Dataset:
    code = Dataset()
    code.CodeValue, code.CodingSchemeDesignator = "18748-4", "LN"
    code.CodeMeaning = "Diagnostic imaging report"
    return code


def _reference(film: Dataset) -> Dataset:
    item = Dataset()
    item.ReferencedSOPClassUID = film.SOPClassUID
    item.ReferencedSOPInstanceUID = film.SOPInstanceUID
    return item
