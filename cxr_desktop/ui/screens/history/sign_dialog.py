"""Asking once more before a report is signed: it cannot be taken back."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from cxr_desktop.domain.history import ExamView
from cxr_desktop.services.signing import SignReports
from cxr_desktop.ui.one_job import OneJob
from cxr_desktop.ui.palette import Space
from cxr_desktop.ui.screens.history.state import ReviewState
from cxr_desktop.ui.widgets.agreement import review_line
from cxr_desktop.ui.widgets.form_dialog import FormDialog
from cxr_desktop.ui.widgets.patient_text import person_name
from cxr_desktop.ui.widgets.plain_label import plain_label, shortened

TEXT_SHOWN = 400


class SignDialog(FormDialog):
    """Shows what is signed; accepted once it is."""

    def __init__(
        self,
        signing: SignReports,
        job: OneJob,
        exam: ExamView,
        state: ReviewState,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._signing, self._job, self._exam_id = signing, job, exam.exam_id
        self._seen = len(state.reviews or ())
        job.setParent(self)
        self.set_words(self.tr("Sign this report"), self.tr("&Sign"))
        report = state.report
        who = [person_name(exam.study.patient_name), exam.study.patient_id]
        name = " · ".join(f"\u2068{part}\u2069" for part in who if part) or exam.film.file_name
        lines = [name]
        if report is not None:
            for one in (report.review, *report.addenda):
                lines += [review_line(one), shortened(one.text, TEXT_SHOWN)]
        self.body.addWidget(plain_label("\n".join(filter(None, lines)), wrap=True))
        self.body.addSpacing(Space.ONE)
        words = self.tr(
            "You answer for this report with your name. Afterwards nobody can change the reading "
            "any more; only addenda can be added. It cannot be taken back."
        )
        self.body.addWidget(plain_label(words, role="muted", wrap=True))
        job.done.connect(lambda _result: self.accept())
        job.failed.connect(self.refuse)

    def save(self) -> None:
        """Ask the service; what it says is shown here."""
        exam_id, seen = self._exam_id, self._seen
        self._job.start(lambda actor, _job: self._signing.sign(actor, exam_id, seen))
