"""A dialog that writes something into a folder: options, the folder, how far it is, what came."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from cxr_desktop.ui.errors import Notice
from cxr_desktop.ui.one_job import OneJob
from cxr_desktop.ui.palette import Space
from cxr_desktop.ui.widgets.busy import BusyBar
from cxr_desktop.ui.widgets.notice_bar import NoticeBar
from cxr_desktop.ui.widgets.plain_label import plain_label


class OutDialog(QDialog):
    """Options stand in `body`; a subclass starts the job in `write` and tells of it in `ended`."""

    def __init__(self, job: OneJob, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._job = job
        job.setParent(self)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._title = plain_label(role="heading", wrap=True)
        self.folder = QLineEdit()
        self.folder.setAccessibleName(self.tr("Folder"))
        self.choose = QPushButton(self.tr("Choose…"))
        self.action = QPushButton(self.tr("&Write"))
        self.action.setProperty("kind", "primary")
        self.action.setDefault(True)
        self.close_button = QPushButton(self.tr("Close"))
        self.notice = NoticeBar(dismissable=False)
        self.busy = BusyBar()
        self.step = plain_label(role="muted")
        self.body = QVBoxLayout()
        self.body.setSpacing(Space.ONE)
        self._options = QWidget()
        self._lay_out()
        self.folder.textChanged.connect(lambda _text: self.check())
        self.choose.clicked.connect(self._on_choose)
        self.action.clicked.connect(self._on_write)
        self.close_button.clicked.connect(self._on_close)
        job.progressed.connect(self._on_progress)
        job.done.connect(self._on_done)
        job.failed.connect(self._end)
        job.cancelled.connect(lambda: self._end(None))

    @property
    def place(self) -> Path:
        """The folder that was chosen."""
        return Path(self.folder.text().strip())

    def set_title(self, title: str) -> None:
        """Name the dialog."""
        self.setWindowTitle(title)
        self._title.setText(title)

    def is_ready(self) -> bool:
        """Whether the options can be carried out; a subclass may ask for more."""
        return bool(self.folder.text().strip())

    def check(self) -> None:
        """Let the button be pressed when everything is chosen; call after a change."""
        self.action.setEnabled(self.is_ready() and not self._job.is_running)

    def write(self, job: OneJob) -> None:
        """Start the job; overridden."""
        raise NotImplementedError

    def ended(self, result: object) -> Notice:
        """Say what came of it; overridden."""
        raise NotImplementedError

    def showEvent(self, event: QShowEvent) -> None:
        """Open at the height that the words need."""
        super().showEvent(event)
        self._fit()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop what runs."""
        self._job.drop()
        super().closeEvent(event)

    def done(self, result: int) -> None:
        """Do the same when Esc closes the dialog."""
        self._job.drop()
        super().done(result)

    def _on_choose(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self.tr("Choose a folder"))
        if folder:
            self.folder.setText(folder)

    def _on_write(self) -> None:
        self.notice.show_notice(None)
        self.write(self._job)
        self._show_running()

    def _on_close(self) -> None:
        if self._job.is_running:
            self._job.cancel()
        else:
            self.close()

    def _on_progress(self, step: str, fraction: float) -> None:
        self.step.setText(step)
        self.busy.set_fraction(self.windowTitle(), fraction)

    def _on_done(self, result: object) -> None:
        self._end(self.ended(result))

    def _end(self, notice: Notice | None) -> None:
        self.notice.show_notice(notice)
        self._show_running()

    def _show_running(self) -> None:
        running = self._job.is_running
        self._options.setEnabled(not running)
        self.close_button.setText(self.tr("Cancel") if running else self.tr("Close"))
        if running:
            self.busy.set_busy(self.windowTitle())
        else:
            self.busy.set_idle()
            self.step.clear()
        self.check()
        self._fit()

    def _fit(self) -> None:
        """Grow where needed: Qt does not give wrapped words their height in an open window."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
            least = layout.totalMinimumSize().height()
            needed = max(layout.totalHeightForWidth(self.width()), least)
            if needed > self.height():
                self.resize(self.width(), needed)

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(Space.ONE)
        line.addWidget(self.folder, 1)
        line.addWidget(self.choose)
        options = QVBoxLayout(self._options)
        options.setContentsMargins(0, 0, 0, 0)
        options.setSpacing(Space.ONE)
        options.addLayout(self.body)
        options.addSpacing(Space.ONE)
        options.addWidget(plain_label(self.tr("Folder to write into"), role="caption"))
        options.addLayout(line)
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.ONE)
        buttons.addWidget(self.step, 1)
        buttons.addWidget(self.close_button)
        buttons.addWidget(self.action)
        page = QVBoxLayout(self)
        page.setContentsMargins(Space.THREE, Space.THREE, Space.THREE, Space.TWO)
        page.setSpacing(Space.ONE)
        page.addWidget(self._title)
        page.addWidget(self._options)
        page.addWidget(self.notice)
        page.addWidget(self.busy)
        page.addLayout(buttons)
