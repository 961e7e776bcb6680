"""The Backups tab."""

from __future__ import annotations

from pathlib import Path
from typing import assert_never

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QMessageBox,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from cxr_desktop.domain.backup import BackupInfo, BackupStatus
from cxr_desktop.domain.texts import local_minute
from cxr_desktop.ui.icons import icon
from cxr_desktop.ui.screens.admin.backups.presenter import BackupsPresenter
from cxr_desktop.ui.screens.admin.backups.state import BackupsState, LoadFailed, Loading, Shown
from cxr_desktop.ui.theme import Palette, Size, Space
from cxr_desktop.ui.widgets.busy import BusyBar
from cxr_desktop.ui.widgets.notice_bar import NoticeBar
from cxr_desktop.ui.widgets.plain_label import breakable, plain_label

RESTORE_COMMAND = "cxr-desktop backup restore BACKUP NEW_FOLDER"


class BackupsView(QWidget):
    """Shows every `BackupsState`."""

    def __init__(self, presenter: BackupsPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter = presenter
        presenter.setParent(self)
        self.folder = plain_label(role="strong", wrap=True)
        self.last = plain_label(role="muted", wrap=True)
        self.choose = QPushButton(icon("folder", Palette.TEXT), self.tr("Choose &folder…"))
        self.check = QPushButton(icon("shield", Palette.TEXT), self.tr("&Check newest"))
        self.check.setToolTip(self.tr("Reads every byte of the newest backup"))
        self.restore = QPushButton(icon("folder", Palette.TEXT), self.tr("R&estore…"))
        self.restore.setToolTip(self.tr("Checks the chosen backup, then asks"))
        self.keep = QPushButton(icon("stop", Palette.TEXT), self.tr("&Do not restore"))
        self.cancel = QPushButton(icon("stop", Palette.TEXT), self.tr("&Stop"))
        self.run = QPushButton(icon("save", Palette.ON_ACCENT), self.tr("&Run now"))
        self.run.setProperty("kind", "primary")
        self.notice = NoticeBar()
        self.step = plain_label(role="small")
        self._busy = BusyBar()
        self.table = self._make_table()
        self._lay_out()
        presenter.state_changed.connect(self.render_state)
        self.choose.clicked.connect(self._on_choose)
        self.run.clicked.connect(presenter.run)
        self.check.clicked.connect(presenter.check_newest)
        self.cancel.clicked.connect(presenter.cancel)
        self.restore.clicked.connect(self._on_restore)
        self.keep.clicked.connect(presenter.give_up_restore)
        presenter.restore_checked.connect(self._ask_restore)
        self.render_state(presenter.state)

    def render_state(self, state: BackupsState) -> None:
        """Show one state."""
        busy = isinstance(state, Shown) and state.busy
        free = isinstance(state, Shown) and not state.busy
        self.choose.setEnabled(free)
        self.run.setVisible(not busy)
        self.cancel.setVisible(busy)
        waits = isinstance(state, Shown) and state.status.restore_waits
        self.keep.setVisible(waits and free)
        self.restore.setVisible(not waits)
        self.restore.setEnabled(free and isinstance(state, Shown) and bool(state.status.backups))
        self._busy.set_idle()
        self.step.clear()
        match state:
            case Loading():
                self.notice.show_notice(None)
                self.run.setEnabled(False)
                self.check.setEnabled(False)
            case Shown(status=status):
                self.run.setEnabled(free and bool(status.folder))
                self.check.setEnabled(free and bool(status.backups))
                self.notice.show_notice(state.notice)
                self._show_status(status)
                if busy:
                    words = QCoreApplication.translate("BackupSteps", state.step)
                    self.step.setText(words)
                    self._busy.set_fraction(words, state.fraction)
            case LoadFailed(notice=notice):
                self.run.setEnabled(False)
                self.check.setEnabled(False)
                self.notice.show_notice(notice)
            case _:
                assert_never(state)

    def showEvent(self, event: QShowEvent) -> None:
        """Look at the folder each time the tab comes to the front."""
        super().showEvent(event)
        self._presenter.refresh()

    def add_below(self, widget: QWidget) -> None:
        """Put something below the backups."""
        self._page.addWidget(widget)

    def _show_status(self, status: BackupStatus) -> None:
        self.folder.setText(breakable(status.folder) or self.tr("No folder was chosen yet."))
        self.last.setText(self._last_words(status))
        self.table.setRowCount(len(status.backups))
        for row, info in enumerate(status.backups):
            for column, text in enumerate(_cells(info)):
                self.table.setItem(row, column, QTableWidgetItem(text))

    def _last_words(self, status: BackupStatus) -> str:
        if status.restore_waits:
            return self.tr("A restored folder is used as soon as the program is started again.")
        if status.problem:
            return status.problem
        if not status.folder:
            return self.tr("Nothing is backed up. Choose a folder on another disk or USB stick.")
        if not status.backups:
            return self.tr("There is no backup of this data folder yet.")
        words = self.tr(
            "Last backup: {0}, the oldest: {1}. Each was checked when it was made. Made once a"
            " day; the newest {2} are kept."
        )
        newest, oldest = status.backups[0].time, status.backups[-1].time
        return words.format(local_minute(newest), local_minute(oldest), status.keep)

    def _on_restore(self) -> None:
        state = self._presenter.state
        if isinstance(state, Shown) and state.status.backups:
            row = max(self.table.currentRow(), 0)
            self._presenter.check_for_restore(state.status.backups[row].path)

    def _ask_restore(self, info: BackupInfo) -> None:
        when = local_minute(info.time)
        words = self.tr(
            "Accounts, exams, films, audit log, models and settings become those of {0}. What was "
            "stored since then is no longer shown; passwords are those of that day.\n\n"
            "The folder in use is kept beside the restored one, and nothing changes until the "
            "program is started again."
        ).format(when)
        question = self.tr("Restore this backup?")
        yes, no = QMessageBox.StandardButton.Yes, QMessageBox.StandardButton.No
        answer = QMessageBox.question(self, question, f"{question}\n\n{words}", yes | no, no)
        if answer is yes:
            self._presenter.restore(info.path)

    def _on_choose(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self.tr("Choose a folder for backups"))
        if folder:
            self._presenter.choose(Path(folder))

    def _make_table(self) -> QTableWidget:
        table = QTableWidget(0, 5)
        table.setAccessibleName(self.tr("Backups, newest first"))
        table.setHorizontalHeaderLabels(
            [
                self.tr("Made"),
                self.tr("Folder"),
                self.tr("Files"),
                self.tr("Size"),
                self.tr("Audit seal"),
            ]
        )
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setTabKeyNavigation(False)
        table.setShowGrid(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(Size.ROW)
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        for column, width in ((0, 160), (2, 80), (3, 100), (4, 210)):
            table.setColumnWidth(column, width)
        return table

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(Space.HALF)
        words.addWidget(self.folder)
        words.addWidget(self.last)
        bar = QHBoxLayout()
        bar.setSpacing(Space.ONE)
        bar.addLayout(words, 1)
        for button in (self.choose, self.check, self.restore, self.keep, self.run, self.cancel):
            bar.addWidget(button)
        how = plain_label(
            self.tr(
                "When nobody can sign in, the start offers “Restore a backup…”. To restore on "
                "another computer: connect the disk, run "
                "“{0}” in a terminal, then start the program with --data-dir NEW_FOLDER."
            ).format(RESTORE_COMMAND),
            role="small",
            wrap=True,
        )
        self._page = page = QVBoxLayout(self)
        page.setContentsMargins(0, Space.TWO, 0, 0)
        page.setSpacing(Space.ONE)
        page.addLayout(bar)
        page.addWidget(self.notice)
        page.addWidget(self.step)
        page.addWidget(self._busy)
        page.addWidget(self.table, 1)
        page.addWidget(how)


def _cells(info: BackupInfo) -> tuple[str, ...]:
    made = local_minute(info.time)
    size = f"{info.size / 2**20:,.1f} MB"
    return made, info.path.name, f"{info.files:,}", size, info.seal
