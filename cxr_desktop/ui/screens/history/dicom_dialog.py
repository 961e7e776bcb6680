"""Writing answers as DICOM files: of the open exam, or of all that the filters leave."""

from __future__ import annotations

from typing import cast

from PySide6.QtWidgets import QCheckBox, QWidget

from cxr_desktop.domain.dicom_out import DicomPart
from cxr_desktop.domain.history import ExamView, HistoryQuery
from cxr_desktop.services.bulk_dicom import WriteAnswers, WrittenAnswers
from cxr_desktop.services.dicom_out import ExportDicom
from cxr_desktop.ui.errors import Notice
from cxr_desktop.ui.one_job import OneJob
from cxr_desktop.ui.printing.page import pdf_bytes
from cxr_desktop.ui.widgets.out_dialog import OutDialog
from cxr_desktop.ui.widgets.plain_label import plain_label

WIDTH = 560


class DicomPartsDialog(OutDialog):
    """What both dialogs share: the objects to choose from, and where the files belong."""

    def __init__(self, words: str, job: OneJob, parent: QWidget | None = None) -> None:
        super().__init__(job, parent)
        self.setMinimumWidth(WIDTH)
        self.boxes = {
            DicomPart.REPORT: QCheckBox(self.tr("Structured &report (SR)")),
            DicomPart.PICTURE: QCheckBox(self.tr("&Picture with answer and heat map burned in")),
            DicomPart.PDF: QCheckBox(self.tr("One-page report as P&DF")),
            DicomPart.STATE: QCheckBox(
                self.tr("&Measurements and contour of the map, over the film (GSPS)")
            ),
        }
        for part, box in self.boxes.items():
            box.setChecked(part is not DicomPart.STATE)
            box.toggled.connect(lambda _on: self.check())
            self.body.addWidget(box)
        self.body.addWidget(plain_label(words, role="muted", wrap=True))

    def is_ready(self) -> bool:
        """Whether anything is chosen."""
        return super().is_ready() and bool(self.chosen())

    def chosen(self) -> frozenset[DicomPart]:
        """Return what is ticked."""
        return frozenset(part for part, box in self.boxes.items() if box.isChecked())

    def safe(self) -> str:
        """Say what to mind."""
        return self.tr("They name patients and are not encrypted: keep them where it is safe.")


class DicomDialog(DicomPartsDialog):
    """Asks which objects and where to; the files are named by the exam, not the patient."""

    def __init__(
        self, export: ExportDicom, job: OneJob, exam: ExamView, parent: QWidget | None = None
    ) -> None:
        self._export, self._exam = export, exam
        words = self.tr(
            "The files belong to the film's own study and name the patient. The structured report "
            "says whether a person has signed. Give them to whoever looks after the archive."
        )
        super().__init__(words, job, parent)
        self.set_title(self.tr("Export this exam as DICOM"))
        over = self.boxes[DicomPart.STATE]
        over.setEnabled(exam.film.file_format == "DICOM")
        over.setToolTip(self.tr("Only a DICOM film can have them laid over it"))
        self.check()

    def is_ready(self) -> bool:
        """Whether anything is chosen; a film that is no DICOM needs the picture with its report."""
        chosen = self.chosen()
        alone = DicomPart.REPORT in chosen and DicomPart.PICTURE not in chosen
        return super().is_ready() and not (self._exam.film.file_format != "DICOM" and alone)

    def write(self, job: OneJob) -> None:
        """Start writing."""
        place, chosen = self.place, self.chosen()
        job.start(
            lambda actor, context: self._export(
                actor, self._exam.exam_id, place, chosen, context, make_pdf=pdf_bytes
            )
        )

    def ended(self, result: object) -> Notice:
        """Say how many files there are now."""
        count = len(cast("tuple[object, ...]", result))
        text = self.tr("1 file was written.") if count == 1 else self.tr("{0} files were written.")
        return Notice("info", text.format(count), self.safe())


class DicomListDialog(DicomPartsDialog):
    """Every exam of the selection or list; what lies in the folder already is not written again."""

    def __init__(
        self,
        answers: WriteAnswers,
        job: OneJob,
        query: HistoryQuery,
        parent: QWidget | None = None,
    ) -> None:
        self._answers, self._query = answers, query
        words = self.tr(
            "These files for each exam of the selection or list, in the film's own study, named by "
            "the number of the exam. A film that is no DICOM needs the picture with its report, "
            "and gets no measurements laid over it. "
            "What was written before a cancel, or before the program locks itself, stays; start "
            "again to go on with the rest. Files that are in the folder stay as they are."
        )
        super().__init__(words, job, parent)
        self.set_title(self.tr("Export the answers of this list as DICOM"))
        self.check()

    def write(self, job: OneJob) -> None:
        """Start writing."""
        place, chosen, query = self.place, self.chosen(), self._query
        job.start(
            lambda actor, context: self._answers(
                actor, query, place, chosen, context, make_pdf=pdf_bytes
            )
        )

    def ended(self, result: object) -> Notice:
        """Say how many there are now, and which are missing."""
        made = cast("WrittenAnswers", result)
        said = [self.tr("Exams written: {0}.").format(f"{made.written:,}")]
        if made.there_already:
            said.append(self.tr("There already: {0}.").format(f"{made.there_already:,}"))
        if made.unread:
            words = self.tr("Left out until you have read them yourself: {0}.")
            said.append(words.format(f"{made.unread:,}"))
        if made.left_out:
            words = self.tr("Could not be written: {0}. The first, because: {1}")
            said.append(words.format(f"{len(made.left_out):,}", made.left_out[0][1]))
        return Notice("caution" if made.left_out else "info", " ".join(said), self.safe())
