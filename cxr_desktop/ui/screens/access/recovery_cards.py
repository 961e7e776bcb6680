"""The cards of the recovery key: showing a new one, and using the one on paper."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QPushButton

from cxr_desktop.services.passwords import PasswordRules
from cxr_desktop.ui.screens.access.card import Card, name_field
from cxr_desktop.ui.screens.access.state import KeyShown, Recovering
from cxr_desktop.ui.widgets.new_password import NewPassword

KEY_LIMIT = 64


class KeyShownCard(Card):
    """Shows a recovery key, once."""

    kept = Signal()

    def __init__(self) -> None:
        super().__init__(
            self.tr("Write down the recovery key"),
            self.tr(
                "If no administrator can sign in any more, this key sets a new password. It is "
                "shown only now. Write it on paper and lock the paper away, not at this computer."
            ),
        )
        self.key = QLabel()
        self.key.setTextFormat(Qt.TextFormat.PlainText)
        self.key.setProperty("role", "heading")
        self.key.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.key.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByKeyboard)
        self.written = QCheckBox(self.tr("I have &written it down"))
        self.go_on = QPushButton(self.tr("&Continue"))
        self.add(self.key)
        self.add_gap()
        self.add(self.written)
        self.finish(self.go_on)
        self.go_on.setEnabled(False)
        self.written.toggled.connect(self.go_on.setEnabled)
        self.go_on.clicked.connect(self.kept)

    def render_state(self, state: KeyShown) -> None:
        """Show the key in two lines of three groups."""
        groups = state.key.split("-")
        half = len(groups) // 2
        self.key.setText("-".join(groups[:half]) + "\n" + "-".join(groups[half:]))
        self.key.setAccessibleName(" ".join(" ".join(group) for group in groups))
        self.written.setChecked(False)
        self.written.setFocus()

    def forget(self) -> None:
        """Leave no key on the card."""
        self.key.clear()
        self.key.setAccessibleName("")


class RecoveringCard(Card):
    """Key, user name and a new password."""

    recover = Signal(str, str, str)
    back = Signal()

    def __init__(self, rules: PasswordRules) -> None:
        super().__init__(
            self.tr("Recovery key"),
            self.tr(
                "With the key from the paper an administrator gets a new password. Everybody "
                "else: ask an administrator."
            ),
        )
        self.key = QLineEdit()
        self.key.setMaxLength(KEY_LIMIT)
        self.key.setPlaceholderText("XXXXX-XXXXX-XXXXX-XXXXX-XXXXX-XXXXX")
        self.name = name_field()
        self.password = NewPassword(self.name.text, rules)
        self.button = QPushButton(self.tr("Set the new pass&word"))
        self.leave = QPushButton(self.tr("&Back"))
        self.leave.setProperty("kind", "quiet")
        self.add_field(self.tr("Recovery &key"), self.key)
        self.add_field(self.tr("Administrator's &user name"), self.name)
        self.add(self.password)
        self.finish(self.button)
        self.add(self.leave)
        self.key.textChanged.connect(self._enable)
        self.name.textChanged.connect(self.password.judge_again)
        self.password.changed.connect(self._enable)
        self.button.clicked.connect(self._on_asked)
        self.leave.clicked.connect(self.back)
        self._busy = False
        self._enable()

    def render_state(self, state: Recovering) -> None:
        """Keep what was typed after a refusal."""
        self._busy = state.busy
        what = self.tr("The key is being checked.") if state.busy else ""
        self.show_progress(state.notice, what)
        for widget in (self.key, self.name, self.password, self.leave):
            widget.setEnabled(not state.busy)
        self._enable()
        if not state.busy:
            self.key.setFocus()

    def forget(self) -> None:
        """Leave neither key nor password in the fields."""
        self.key.clear()
        self.password.clear_secret()

    def _enable(self) -> None:
        typed = self.key.text().strip() and self.name.text().strip() and self.password.password
        self.button.setEnabled(bool(typed) and not self._busy)

    def _on_asked(self) -> None:
        self.recover.emit(self.key.text(), self.name.text(), self.password.password)
