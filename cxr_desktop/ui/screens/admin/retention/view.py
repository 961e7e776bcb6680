"""The Retention tab: the rule in words, how many exams it no longer keeps, and the act."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from cxr_desktop.services.retention import RemoveForGood, RetentionRule
from cxr_desktop.ui.errors import Notice
from cxr_desktop.ui.one_job import OneJob
from cxr_desktop.ui.palette import Space
from cxr_desktop.ui.screens.admin.retention.dialog import RemoveDialog
from cxr_desktop.ui.widgets.busy import BusyBar
from cxr_desktop.ui.widgets.facts import Facts
from cxr_desktop.ui.widgets.notice_bar import NoticeBar
from cxr_desktop.ui.widgets.plain_label import plain_label

WIDEST = 820


class RetentionView(QWidget):
    """`make_job` gives what asks the service in the background."""

    def __init__(self, retention: RemoveForGood, make_job: Callable[[], OneJob]) -> None:
        super().__init__()
        self._retention, self._make_job = retention, make_job
        self._job = make_job()
        self._job.setParent(self)
        self.notice = NoticeBar()
        self.facts = Facts(self.tr("THE RULE"))
        self.remove = QPushButton(self.tr("&Remove for good…"))
        self.remove.setProperty("kind", "danger")
        self.remove.setEnabled(False)
        self._busy = BusyBar()
        self._lay_out()
        self.remove.clicked.connect(self._on_remove)
        self._job.done.connect(lambda rule: self._on_rule(cast("RetentionRule", rule)))
        self._job.failed.connect(self._on_failed)

    def showEvent(self, event: QShowEvent) -> None:
        """Count again: settings and exams may have changed."""
        super().showEvent(event)
        self.refresh()

    def refresh(self) -> None:
        """Ask what the rule no longer keeps."""
        self._busy.set_busy(self.tr("Counting"))
        self._job.start(lambda actor, _job: self._retention.rule(actor))

    def _on_rule(self, rule: RetentionRule) -> None:
        self._busy.set_idle()
        ever = self.tr("kept for ever")
        days = self.tr("kept for {0} days after they were deleted").format(f"{rule.deleted_days:,}")
        one = self.tr("kept for 1 year")
        years = one if rule.years == 1 else self.tr("kept for {0} years").format(rule.years)
        self.facts.show_rows(
            (
                (self.tr("Deleted exams"), days if rule.deleted_days else ever),
                (self.tr("All other exams"), years if rule.years else ever),
                (self.tr("No longer kept"), self.tr("{0} exams").format(f"{rule.due:,}")),
            )
        )
        self.remove.setEnabled(rule.due > 0)

    def _on_failed(self, notice: Notice) -> None:
        self._busy.set_idle()
        self.notice.show_notice(notice)

    def _on_remove(self) -> None:
        dialog = RemoveDialog(self._retention, self._make_job(), self)
        dialog.accepted.connect(lambda: self.notice.show_notice(dialog.said))
        dialog.finished.connect(lambda _result: self.refresh())
        dialog.setModal(True)
        dialog.show()

    def _lay_out(self) -> None:
        words = self.tr(
            "Nothing is removed by itself. Set in the tab Settings how long exams are kept; here "
            "you look at what the rule no longer keeps and remove it. Removed for good are patient "
            "and study, answer, heat map, reviews, measurements and the words to search by, and "
            "the film where no other exam has it. What stays: the exam's number, time, user and "
            "model, signatures, and everything in the audit log, which names no patient. Backups "
            "that were made before still hold all of it until newer ones replace them."
        )
        inside = QWidget()
        inside.setMaximumWidth(WIDEST)
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(self.remove)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.TWO)
        column.addWidget(plain_label(words, role="muted", wrap=True))
        column.addWidget(self.facts)
        column.addWidget(self._busy)
        column.addWidget(self.notice)
        column.addLayout(line)
        column.addStretch(1)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, Space.TWO, 0, 0)
        page.addWidget(inside)
