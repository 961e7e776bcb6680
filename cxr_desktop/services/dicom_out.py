"""A stored answer as DICOM files in a folder, for whoever carries them to a picture archive."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.assessment import HeatMap
from cxr_desktop.domain.audit import AuditAction, AuditEvent
from cxr_desktop.domain.dicom_out import UIDS_NEEDED, DicomOrder, DicomPart, DicomWriter, Shape
from cxr_desktop.domain.errors import InvalidRequest
from cxr_desktop.domain.history import ExamRecord, ExamView
from cxr_desktop.domain.measured_shapes import CONTOUR_LEVEL, CONTOUR_WORDS, measured_shapes
from cxr_desktop.domain.measurement import MeasurementSet, Point
from cxr_desktop.domain.ports import AuditLog, FilmArchive, JobContext
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.domain.report import ReportPage
from cxr_desktop.domain.roles import Actor, Permission
from cxr_desktop.services.access import Access
from cxr_desktop.services.history import BrowseHistory
from cxr_desktop.services.report import MakeReport

DrawCapture = Callable[[Radiograph, ExamRecord, str], NDArray[np.uint8]]
MakePdf = Callable[[ReportPage], bytes]


@dataclass(frozen=True, slots=True)
class DicomTools:
    """What draws, writes and saves: see `imaging.capture_picture`, `DicomWriter`, `OutFiles`.

    `measured` gives what was measured last on an exam, `contour` the lines around a map's level.
    """

    draw: DrawCapture
    write: DicomWriter
    save: Callable[[Path, bytes], None]
    new_uid: Callable[[], str]
    measured: Callable[[str], MeasurementSet | None]
    contour: Callable[[HeatMap, float], tuple[tuple[Point, ...], ...]]


class ExportDicom:
    """Needs `export` and `see_result`: the files say whose film it is and what was answered."""

    def __init__(  # noqa: PLR0917 - one place per collaborator
        self,
        history: BrowseHistory,
        archive: FilmArchive,
        report: MakeReport,
        tools: DicomTools,
        access: Access,
        audit: AuditLog,
        *,
        now: Callable[[], datetime],
        program_version: str,
    ) -> None:
        self._history = history
        self._archive = archive
        self._report = report
        self._tools = tools
        self._access = access
        self._audit = audit
        self._now = now
        self._program_version = program_version

    def __call__(
        self,
        actor: Actor,
        exam_id: str,
        folder: Path,
        parts: Collection[DicomPart],
        job: JobContext,
        *,
        make_pdf: MakePdf | None = None,
    ) -> tuple[Path, ...]:
        """Write the parts into the folder and return their files, named by the exam's id.

        That it was done is noted before the first file appears. `make_pdf` turns the report into a
        PDF and is needed for that part.

        Raises `PermissionDenied`, `InvalidRequest` (nothing chosen, a file that exists, an own
        reading that comes first), `FilmRefused`, `StorageUnavailable`, `JobCancelled`.
        """
        current = self._access.require(actor, Permission.SEE_RESULT, Permission.EXPORT)
        if not parts:
            raise InvalidRequest("Nothing was chosen to be written.", hint="Choose at least one.")
        record = self._history.visible(current, exam_id)
        wanted = parts_for(record, parts)
        if self._history.awaits_reading(current, exam_id):
            raise InvalidRequest(
                "These files tell the model's answer, and your own reading comes first.",
                hint="Read the film and save your reading; then write them.",
            )
        _check_parts(record, wanted)
        places = {part: place_of(folder, record.exam_id, part) for part in wanted}
        _refuse_existing(places.values())
        order = self._order(current, record, wanted, job, make_pdf)
        job.report("Writing DICOM", 0.6)
        files = self._tools.write(self._archive.content(record.film.sha256), order)
        detail = {"as": " ".join(wanted)}
        self._audit.append(
            AuditEvent(AuditAction.EXAM_EXPORTED, current.name, self._now(), record.exam_id, detail)
        )
        for part, place in places.items():
            self._tools.save(place, files[part])
        return tuple(places.values())

    def _order(
        self,
        actor: Actor,
        record: ExamRecord,
        parts: list[DicomPart],
        job: JobContext,
        make_pdf: MakePdf | None,
    ) -> DicomOrder:
        film = self._history.film(actor, record.exam_id, job)
        job.report("Drawing the answer", 0.3)
        pdf = None
        if DicomPart.PDF in parts:
            if make_pdf is None:
                raise InvalidRequest(
                    "The PDF can only be made in the window.", hint="Leave it out here."
                )
            pdf = make_pdf(self._report(actor, record.exam_id, job, heat_map=True))
        picture = None
        if DicomPart.PICTURE in parts:
            picture = self._tools.draw(film, record, self._program_version)
        shapes = self._shapes(record, film) if DicomPart.STATE in parts else None
        return DicomOrder(
            exam=ExamView.of(record, with_result=True),
            now=self._now(),
            program_version=self._program_version,
            uids=tuple(self._tools.new_uid() for _ in range(UIDS_NEEDED)),
            report=DicomPart.REPORT in parts,
            picture=picture,
            pdf=pdf,
            said=self._history.reader_report(record),
            organization=self._report.hospital or record.study.institution,
            shapes=shapes,
        )

    def _shapes(self, record: ExamRecord, film: Radiograph) -> tuple[Shape, ...]:
        kept = self._tools.measured(record.exam_id)
        shapes = measured_shapes(kept.measurements, film.spacing) if kept is not None else ()
        heat_map = record.assessment.heat_map
        lines = self._tools.contour(heat_map, CONTOUR_LEVEL) if heat_map is not None else ()
        return (*shapes, Shape(CONTOUR_WORDS, lines)) if lines else shapes


def place_of(folder: Path, exam_id: str, part: DicomPart) -> Path:
    """Return where a part of an exam is written: nothing of the patient is in the name."""
    return folder / f"{exam_id}-{part.value}.dcm"


def parts_for(record: ExamRecord, parts: Collection[DicomPart]) -> list[DicomPart]:
    """Return the parts that are written of this exam.

    Only a DICOM film has measurements laid over it; of another one the other parts are written.
    """
    wanted = [part for part in DicomPart if part in parts]
    if record.film.file_format != "DICOM" and len(wanted) > 1:
        return [part for part in wanted if part is not DicomPart.STATE]
    return wanted


def _check_parts(record: ExamRecord, parts: list[DicomPart]) -> None:
    if record.film.file_format != "DICOM" and DicomPart.STATE in parts:
        raise InvalidRequest(
            "Measurements are laid over a DICOM film, and this film is none.",
            hint="Choose the picture instead.",
        )
    if (
        record.film.file_format != "DICOM"
        and DicomPart.REPORT in parts
        and DicomPart.PICTURE not in parts
    ):
        raise InvalidRequest(
            "The report must point at a DICOM picture, and this film is none.",
            hint="Choose the picture as well.",
        )


def _refuse_existing(places: Collection[Path]) -> None:
    for place in places:
        if place.exists():
            raise InvalidRequest(
                f"There is a file “{place.name}” already.", hint="Choose another folder."
            )
