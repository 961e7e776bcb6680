"""What takes exams out of the program, besides lists and paper: one value for all front ends."""

from __future__ import annotations

from dataclasses import dataclass

from cxr_desktop.services.bulk_dicom import WriteAnswers
from cxr_desktop.services.bulk_reports import WriteReports
from cxr_desktop.services.deidentify import DeidentifyFilms
from cxr_desktop.services.dicom_out import ExportDicom


@dataclass(frozen=True, slots=True)
class TakeOut:
    """The services; each checks the permission `export` and notes what it did."""

    dicom: ExportDicom
    answers: WriteAnswers
    films: DeidentifyFilms
    reports: WriteReports
