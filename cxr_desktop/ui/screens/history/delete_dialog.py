"""Asking why an exam is deleted or brought back."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from cxr_desktop.domain.deletion import LONGEST_REASON, SHORTEST_REASON
from cxr_desktop.domain.history import ExamView
from cxr_desktop.services.deletion import DeleteExams
from cxr_desktop.ui.one_job import OneJob
from cxr_desktop.ui.palette import Space
from cxr_desktop.ui.widgets.form_dialog import FormDialog
from cxr_desktop.ui.widgets.plain_label import plain_label
from cxr_desktop.ui.widgets.reason_field import ReasonField


class DeleteDialog(FormDialog):
    """Accepted once it is done."""

    def __init__(
        self, deleting: DeleteExams, job: OneJob, exam: ExamView, parent: QWidget | None = None
    ) -> None:
        self._back = exam.deletion is not None
        super().__init__(parent, kind="primary" if self._back else "danger")
        self._deleting, self._job, self._exam_id = deleting, job, exam.exam_id
        job.setParent(self)
        if self._back:
            self.set_words(self.tr("Bring this exam back"), self.tr("&Bring back"))
            words = self.tr("It stands in lists and counts in figures again.")
        else:
            self.set_words(self.tr("Delete this exam"), self.tr("&Delete"))
            words = self.tr(
                "It goes out of all lists and figures. Film, answer and reviews stay stored as "
                "they are; who may delete can find it with “Deleted” and bring it back. Your "
                "reason is kept in the audit log."
            )
        self.body.addWidget(plain_label(words, wrap=True))
        self.body.addSpacing(Space.ONE)
        asked = self.tr("Why, in at least {0} characters").format(SHORTEST_REASON)
        self.reason = ReasonField(asked, SHORTEST_REASON, LONGEST_REASON)
        self.add_field(self.tr("&Reason, without the patient's name"), self.reason)
        self.reason.textChanged.connect(self._judge)
        job.done.connect(self._on_done)
        job.failed.connect(self.refuse)
        self._judge()

    def save(self) -> None:
        """Ask the service; what it says is shown here."""
        exam_id, reason = self._exam_id, self.reason.toPlainText()
        deed = self._deleting.bring_back if self._back else self._deleting.delete
        self._job.start(lambda actor, _job: deed(actor, exam_id, reason))

    def _judge(self) -> None:
        self.set_valid(valid=self.reason.is_complete)

    def _on_done(self, _result: object) -> None:
        self.accept()
