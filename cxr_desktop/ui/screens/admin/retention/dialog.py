"""Asking why exams are removed for good, and removing them."""

from __future__ import annotations

from typing import cast

from PySide6.QtWidgets import QWidget

from cxr_desktop.domain.deletion import LONGEST_REASON, SHORTEST_REASON
from cxr_desktop.services.retention import Removed, RemoveForGood
from cxr_desktop.ui.errors import Notice
from cxr_desktop.ui.one_job import OneJob
from cxr_desktop.ui.palette import Space
from cxr_desktop.ui.widgets.form_dialog import FormDialog
from cxr_desktop.ui.widgets.plain_label import plain_label
from cxr_desktop.ui.widgets.reason_field import ReasonField


class RemoveDialog(FormDialog):
    """Accepted once it is done; `said` tells how many there were."""

    def __init__(
        self, retention: RemoveForGood, job: OneJob, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, kind="danger")
        self._retention, self._job = retention, job
        self.said: Notice | None = None
        job.setParent(self)
        self.set_words(self.tr("Remove exams for good"), self.tr("&Remove for good"))
        words = self.tr(
            "Nobody can bring them back, except from an older backup. Make sure that the law and "
            "your hospital allow it. Your reason is kept in the audit log."
        )
        self.body.addWidget(plain_label(words, wrap=True))
        self.body.addSpacing(Space.ONE)
        asked = self.tr("Why, in at least {0} characters").format(SHORTEST_REASON)
        self.reason = ReasonField(asked, SHORTEST_REASON, LONGEST_REASON)
        self.add_field(self.tr("&Reason, without a patient's name"), self.reason)
        self.reason.textChanged.connect(self._judge)
        job.done.connect(self._on_done)
        job.failed.connect(self.refuse)
        self._judge()

    def save(self) -> None:
        """Ask the service; what it says is shown here."""
        reason = self.reason.toPlainText()
        self._job.start(lambda actor, job: self._retention(actor, reason, job))

    def _judge(self) -> None:
        self.set_valid(valid=self.reason.is_complete)

    def _on_done(self, result: object) -> None:
        done = cast("Removed", result)
        words = self.tr("Removed for good: {0} exams, {1} films.")
        self.said = Notice("info", words.format(f"{done.exams:,}", f"{done.films:,}"))
        self.accept()
