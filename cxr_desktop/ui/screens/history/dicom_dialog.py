"""Writing an exam as DICOM files."""

from __future__ import annotations

from typing import cast

from PySide6.QtWidgets import QCheckBox, QWidget

from cxr_desktop.domain.dicom_out import DicomPart
from cxr_desktop.domain.history import ExamView
from cxr_desktop.services.dicom_out import ExportDicom
from cxr_desktop.ui.errors import Notice
from cxr_desktop.ui.one_job import OneJob
from cxr_desktop.ui.printing.page import pdf_bytes
from cxr_desktop.ui.widgets.out_dialog import OutDialog
from cxr_desktop.ui.widgets.plain_label import plain_label

WIDTH = 560


class DicomDialog(OutDialog):
    """Asks which objects and where to; the files are named by the exam, not the patient."""

    def __init__(
        self, export: ExportDicom, job: OneJob, exam: ExamView, parent: QWidget | None = None
    ) -> None:
        super().__init__(job, parent)
        self._export = export
        self._exam = exam
        self.setMinimumWidth(WIDTH)
        self.boxes = {
            DicomPart.REPORT: QCheckBox(self.tr("Structured &report (SR, unverified)")),
            DicomPart.PICTURE: QCheckBox(self.tr("&Picture with answer and heat map burned in")),
            DicomPart.PDF: QCheckBox(self.tr("One-page report as P&DF")),
        }
        for box in self.boxes.values():
            box.setChecked(True)
            box.toggled.connect(lambda _on: self.check())
            self.body.addWidget(box)
        words = self.tr(
            "The files belong to the film's own study and name the patient. They say that no "
            "person has verified them. Give them to whoever looks after the picture archive."
        )
        self.body.addWidget(plain_label(words, role="muted", wrap=True))
        self.set_title(self.tr("Export this exam as DICOM"))
        self.check()

    def is_ready(self) -> bool:
        """Whether anything is chosen; a film that is no DICOM needs the picture with its report."""
        chosen = self._chosen()
        alone = DicomPart.REPORT in chosen and DicomPart.PICTURE not in chosen
        raster = self._exam.film.file_format != "DICOM"
        return super().is_ready() and bool(chosen) and not (raster and alone)

    def write(self, job: OneJob) -> None:
        """Start writing."""
        place, chosen = self.place, self._chosen()
        job.start(
            lambda actor, context: self._export(
                actor, self._exam.exam_id, place, chosen, context, make_pdf=pdf_bytes
            )
        )

    def ended(self, result: object) -> Notice:
        """Say how many files there are now."""
        count = len(cast("tuple[object, ...]", result))
        text = self.tr("1 file was written.") if count == 1 else self.tr("{0} files were written.")
        hint = self.tr("They name the patient and are not encrypted: keep them where it is safe.")
        return Notice("info", text.format(count), hint)

    def _chosen(self) -> frozenset[DicomPart]:
        return frozenset(part for part, box in self.boxes.items() if box.isChecked())
