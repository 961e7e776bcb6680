"""Choosing a password: typed twice, judged while it is typed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from cxr_desktop.domain.errors import PasswordRefused
from cxr_desktop.services.passwords import PasswordRules
from cxr_desktop.ui import icons
from cxr_desktop.ui.palette import Palette, Space
from cxr_desktop.ui.widgets.password_field import PasswordField

MARK = 16


class NewPassword(QWidget):
    """Two fields and the rules. `password` is empty until both agree and the rules are kept.

    `user_name` gives the name that the password must not be made of. `changed` follows every key.
    """

    changed = Signal()

    def __init__(
        self, user_name: Callable[[], str], rules: PasswordRules, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._rules = rules
        self._user_name = user_name
        self.first = PasswordField()
        self.again = PasswordField()
        self._rule = _Rule(self.tr("At least %n characters", "", rules.minimum))
        self._guess = _Rule(self.tr("Not easy to guess: several words that do not go together"))
        self._same = _Rule(self.tr("Typed twice the same"))
        self._caps = CapsLockHint(self.first, self.again)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.HALF)
        for text, field in (
            (self.tr("New &password"), self.first),
            (self.tr("Password a&gain"), self.again),
        ):
            label = QLabel(text)
            label.setBuddy(field)
            column.addWidget(label)
            column.addWidget(field)
            column.addSpacing(Space.HALF)
            field.textChanged.connect(self._on_typed)
        column.addWidget(self._caps)
        for rule in (self._rule, self._guess, self._same):
            column.addWidget(rule)
        self._on_typed()

    @property
    def password(self) -> str:
        """The chosen password, or "" while it cannot be taken."""
        kept = self._rule.kept and self._guess.kept and self._same.kept
        return self.first.text() if kept else ""

    def clear_secret(self) -> None:
        """Empty both fields."""
        self.first.clear_secret()
        self.again.clear_secret()

    def judge_again(self) -> None:
        """Look at the rules again after the user name has changed."""
        self._on_typed()

    def _on_typed(self) -> None:
        password = self.first.text()
        long_enough = len(password) >= self._rules.minimum
        self._rule.set_kept(long_enough)
        self._guess.set_kept(long_enough and not self._refused(password))
        self._same.set_kept(bool(password) and password == self.again.text())
        self.changed.emit()

    def _refused(self, password: str) -> bool:
        try:
            self._rules.check(password, self._user_name())
        except PasswordRefused:
            return True
        return False


class CapsLockHint(QLabel):
    """Shown while one of these fields says that Caps Lock is on; keeps its room otherwise."""

    def __init__(self, *fields: PasswordField) -> None:
        super().__init__()
        self.setProperty("role", "small")
        self.setStyleSheet(f"color: {Palette.UNCERTAIN};")
        for field in fields:
            field.caps_lock_changed.connect(self._on_changed)

    def _on_changed(self, on: bool) -> None:
        self.setText(self.tr("Caps Lock is on.") if on else "")


class _Rule(QWidget):
    """One rule with a mark: a tick when it is kept, an empty circle when not yet."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.kept = True
        self._mark = QLabel()
        self._mark.setFixedSize(MARK, MARK)
        self._text = QLabel(text)
        self._text.setProperty("role", "small")
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.ONE)
        row.addWidget(self._mark)
        row.addWidget(self._text, 1)
        self.set_kept(kept=False)

    def set_kept(self, kept: bool) -> None:
        if kept == self.kept:
            return
        self.kept = kept
        name, colour = ("tick", Palette.NORMAL) if kept else ("circle", Palette.FAINT)
        scale = self.devicePixelRatioF()
        self._mark.setPixmap(icons.pixmap(name, colour, MARK, scale=scale))
        state = self.tr("kept") if kept else self.tr("not kept yet")
        self._text.setAccessibleName(f"{self._text.text()}: {state}")
