"""Choosing a backup for a data folder that nobody can sign in to, and proving that one may."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QPushButton,
)

from cxr_desktop.domain.texts import local_minute
from cxr_desktop.services.restore_at_start import Proof
from cxr_desktop.ui.screens.access.card import Card, name_field
from cxr_desktop.ui.screens.access.recovery_cards import KEY_LIMIT
from cxr_desktop.ui.screens.access.state import Restoring
from cxr_desktop.ui.widgets.password_field import PasswordField

PATH_ROLE = Qt.ItemDataRole.UserRole


class RestoringCard(Card):
    """`restore` carries the folder of a backup and a `Proof`."""

    restore = Signal(object, object)
    cancel = Signal()
    back = Signal()

    def __init__(self) -> None:
        super().__init__(
            self.tr("Restore a backup"),
            self.tr(
                "The backup is checked whole and takes the place of the data folder, which is "
                "kept beside it. What was stored after the backup is then no longer shown."
            ),
        )
        self.backups = QComboBox()
        self.backups.setAccessibleName(self.tr("Backup"))
        self.choose = QPushButton(self.tr("&Another backup…"))
        self.name = name_field()
        self.password = PasswordField()
        self.key = QLineEdit()
        self.key.setMaxLength(KEY_LIMIT)
        self.key.setPlaceholderText("XXXXX-XXXXX-XXXXX-XXXXX-XXXXX-XXXXX")
        self.button = QPushButton(self.tr("&Restore and start"))
        self.leave = QPushButton(self.tr("&Back"))
        self.leave.setProperty("kind", "quiet")
        label = QLabel(self.tr("Back&up"))
        label.setBuddy(self.backups)
        for widget in (label, self.backups, self.choose):
            self.add(widget)
        self.add_gap()
        self.add_fields(
            (self.tr("Administrator's &user name"), self.name),
            (self.tr("&Password of that day"), self.password),
        )
        self.add_field(self.tr("or the recovery &key of that day"), self.key)
        self.finish(self.button)
        self.add(self.leave)
        self._busy = False
        self.choose.clicked.connect(self._on_choose)
        self.button.clicked.connect(self._on_asked)
        self.leave.clicked.connect(self._on_leave)
        self.backups.currentIndexChanged.connect(self._enable)
        for field in (self.name, self.password, self.key):
            field.textChanged.connect(self._enable)
            field.returnPressed.connect(self.button.click)
        self._enable()

    def render_state(self, state: Restoring) -> None:
        """List the backups; keep what was typed after a refusal."""
        refused = self._busy and not state.busy and state.notice is not None
        self._busy = state.busy
        listed = [self.backups.itemData(row, PATH_ROLE) for row in range(self.backups.count())]
        for info in state.backups:
            if info.path not in listed:
                when = local_minute(info.time)
                text = self.tr("{when}, {files} files").format(when=when, files=f"{info.files:,}")
                self.backups.addItem(text, info.path)
        self.notice.show_notice(state.notice)
        if state.busy:
            step = QCoreApplication.translate("BackupSteps", state.step)
            self.busy.set_fraction(step, state.fraction)
        else:
            self.busy.set_idle()
        for widget in (self.backups, self.choose, self.name, self.password, self.key):
            widget.setEnabled(not state.busy)
        self.leave.setText(self.tr("&Stop") if state.busy else self.tr("&Back"))
        self.button.setText(self.tr("Restoring…") if state.busy else self.tr("&Restore and start"))
        if refused:
            self.password.clear_secret()
        self._enable()

    def take(self, backup: Path) -> None:
        """Choose a backup that was looked for by hand."""
        self.backups.insertItem(0, str(backup), backup)
        self.backups.setCurrentIndex(0)

    def forget(self) -> None:
        """Leave no secret in the fields."""
        self.password.clear_secret()
        self.key.clear()

    def _enable(self) -> None:
        typed = self.key.text().strip() or (self.name.text().strip() and self.password.text())
        chosen = self.backups.currentIndex() >= 0
        self.button.setEnabled(bool(typed) and chosen and not self._busy)

    def _on_choose(self) -> None:
        words = self.tr("Choose a folder “backup-…” inside “cxr-desktop-backups”")
        folder = QFileDialog.getExistingDirectory(self, words)
        if folder:
            self.take(Path(folder))

    def _on_asked(self) -> None:
        proof = Proof(self.name.text(), self.password.text(), self.key.text().strip())
        self.restore.emit(self.backups.currentData(PATH_ROLE), proof)

    def _on_leave(self) -> None:
        (self.cancel if self._busy else self.back).emit()
