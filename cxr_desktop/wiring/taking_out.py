"""Puts together what takes exams out of the program."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable
from datetime import datetime

from cxr_desktop import __version__
from cxr_desktop.domain.measurement import MeasurementSet
from cxr_desktop.domain.ports import AuditLog, FilmArchive
from cxr_desktop.imaging.capture_picture import draw_capture
from cxr_desktop.imaging.child_reader import ChildFilmReader
from cxr_desktop.imaging.map_contour import map_contour
from cxr_desktop.services.access import Access
from cxr_desktop.services.bulk_dicom import WriteAnswers
from cxr_desktop.services.bulk_reports import WriteReports
from cxr_desktop.services.deidentify import CleanTools, DeidentifyFilms
from cxr_desktop.services.dicom_out import DicomTools, ExportDicom
from cxr_desktop.services.history import BrowseHistory
from cxr_desktop.services.report import MakeReport
from cxr_desktop.services.taking_out import TakeOut
from cxr_desktop.storage.out_files import OutFiles

SECRET_BYTES = 32


def make_taking_out(  # noqa: PLR0917 - one place per collaborator
    history: BrowseHistory,
    archive: FilmArchive,
    report: MakeReport,
    reader: ChildFilmReader,
    out: OutFiles,
    measured: Callable[[str], MeasurementSet | None],
    access: Access,
    audit: AuditLog,
    now: Callable[[], datetime],
) -> TakeOut:
    """Return the services, over these."""
    dicom = ExportDicom(
        history,
        archive,
        report,
        DicomTools(draw_capture, reader.write_dicom, out.write_new, new_uid, measured, map_contour),
        access,
        audit,
        now=now,
        program_version=__version__,
    )
    return TakeOut(
        dicom=dicom,
        answers=WriteAnswers(history, dicom, access, audit, now),
        films=DeidentifyFilms(
            history,
            archive,
            CleanTools(reader.deidentify, out.write_new, lambda: secrets.token_bytes(SECRET_BYTES)),
            access,
            audit,
            now,
        ),
        reports=WriteReports(history, report, out.write_new, access, audit, now),
    )


def new_uid() -> str:
    """Return a new DICOM UID (PS3.5 B.2: 2.25 and a UUID as a number)."""
    return f"2.25.{uuid.uuid4().int}"
