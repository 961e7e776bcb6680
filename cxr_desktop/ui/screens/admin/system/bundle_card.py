"""The support bundle's card in the System tab."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QPushButton, QVBoxLayout

from cxr_desktop.services.support import GiveSupportBundle
from cxr_desktop.ui.errors import Notice
from cxr_desktop.ui.icons import icon
from cxr_desktop.ui.jobs import JobRunner
from cxr_desktop.ui.one_job import OneJob
from cxr_desktop.ui.session import Session
from cxr_desktop.ui.theme import Palette, Space
from cxr_desktop.ui.widgets.busy import BusyBar
from cxr_desktop.ui.widgets.notice_bar import NoticeBar
from cxr_desktop.ui.widgets.plain_label import plain_label
from cxr_desktop.ui.widgets.wrapped_label import WrappedLabel

FIRST_NAME = "cxr-desktop-support.zip"


class BundleCard(QFrame):
    """Says what a support bundle is, and writes one where the person says."""

    def __init__(self, support: GiveSupportBundle, runner: JobRunner, session: Session) -> None:
        super().__init__()
        self._support = support
        self._target = Path()
        self.work = OneJob(runner, session, self)
        self.work.done.connect(self._on_done)
        self.work.failed.connect(self._show)
        self.work.progressed.connect(self._on_progress)
        self.work.cancelled.connect(lambda: self._show(None))
        self.make = QPushButton(icon("save", Palette.TEXT), self.tr("&Make a support bundle…"))
        self.make.clicked.connect(self._on_make)
        self.notice = NoticeBar()
        self._busy = BusyBar()
        self._lay_out()

    def write(self, target: Path) -> None:
        """Write it into this new file; in the lane that owns the model, which it tests."""
        if self.work.is_running:
            return
        self._target = target
        self.make.setEnabled(False)
        self.notice.show_notice(None)
        self.work.start(lambda actor, job: self._support(actor, target, job), lane="infer")

    def _lay_out(self) -> None:
        self.setProperty("role", "card")
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(plain_label(self.tr("Support bundle"), role="heading"))
        words.addWidget(
            WrappedLabel(
                self.tr(
                    "One file with versions, settings, self-test and log, for whoever helps you."
                    " Nothing about a patient is in it."
                ),
                role="muted",
            )
        )
        head = QHBoxLayout()
        head.addLayout(words, 1)
        head.addWidget(self.make)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.THREE, Space.TWO, Space.THREE, Space.TWO)
        column.setSpacing(Space.ONE)
        column.addLayout(head)
        column.addWidget(self._busy)
        column.addWidget(self.notice)

    def _on_make(self) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self,
            self.tr("Make a support bundle"),
            FIRST_NAME,
            self.tr("Archives (*.zip)"),
            options=QFileDialog.Option.DontConfirmOverwrite,
        )
        if name:
            self.write(Path(name))

    def _on_progress(self, step: str, fraction: float) -> None:
        self._busy.set_fraction(step, fraction)

    def _on_done(self, _: object) -> None:
        text = self.tr("Written: {0}").format(self._target)
        self._show(Notice("info", text, self.tr("Look through it before you pass it on.")))

    def _show(self, notice: Notice | None) -> None:
        self._busy.set_idle()
        self.make.setEnabled(True)
        self.notice.show_notice(notice)
