"""All keys on one sheet (Ctrl+F1)."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from cxr_desktop.ui.palette import Palette, Space

WIDTH = 560
HEIGHT = 520


class ShortcutsDialog(QDialog):
    """Lists (keys, what they do) in groups; `change_asked` follows the wish for other ones."""

    change_asked = Signal()

    def __init__(
        self,
        groups: Iterable[tuple[str, list[tuple[str, str]]]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        self.resize(WIDTH, HEIGHT)
        sheet = QWidget()
        grid = QGridLayout(sheet)
        grid.setContentsMargins(0, 0, Space.TWO, 0)
        grid.setHorizontalSpacing(Space.THREE)
        grid.setVerticalSpacing(Space.ONE)
        grid.setColumnStretch(1, 1)
        row = 0
        for title, keys in groups:
            if not keys:
                continue
            heading = QLabel(title)
            heading.setProperty("role", "strong")
            heading.setContentsMargins(0, Space.ONE if row else 0, 0, 0)
            grid.addWidget(heading, row, 0, 1, 2)
            row += 1
            for key, what in keys:
                grid.addWidget(_key(key), row, 0, Qt.AlignmentFlag.AlignLeft)
                grid.addWidget(_plain(what), row, 1)
                row += 1
        grid.setRowStretch(row, 1)
        area = QScrollArea()
        area.setWidget(sheet)
        area.setWidgetResizable(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        self.change = buttons.addButton(
            self.tr("Change my keys…"), QDialogButtonBox.ButtonRole.ActionRole
        )
        self.change.clicked.connect(self._on_change)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.THREE, Space.THREE, Space.THREE, Space.TWO)
        column.addWidget(area)
        column.addWidget(buttons)

    def _on_change(self) -> None:
        self.accept()
        self.change_asked.emit()


def keys_of(widget: QWidget) -> list[tuple[str, str]]:
    """Return what a screen's actions and shortcuts say of themselves; those with a name."""
    found: dict[str, str] = {}
    for action in widget.findChildren(QAction):
        for key in action.shortcuts():
            _note(found, key, action.text())
    for shortcut in widget.findChildren(QShortcut):
        _note(found, shortcut.key(), shortcut.whatsThis())
    return list(found.items())


def _note(found: dict[str, str], key: QKeySequence, what: str) -> None:
    what = what.replace("&", "").rstrip("…")
    if what and not key.isEmpty():
        found.setdefault(key.toString(QKeySequence.SequenceFormat.NativeText), what)


def everywhere() -> list[tuple[str, str]]:
    """Return the keys that Qt itself gives every screen."""

    def tr(text: str) -> str:
        return QCoreApplication.translate("ShortcutsDialog", text)

    return [
        ("Tab", tr("Next control (with Shift: the one before)")),
        ("Space", tr("Press the button that has the focus")),
        ("Esc", tr("Close a dialog or a menu")),
    ]


def kept_keys() -> list[tuple[str, str]]:
    """Return the keys that film and list take themselves, so that nobody can choose them."""

    def tr(text: str) -> str:
        return QCoreApplication.translate("ShortcutsDialog", text)

    film = tr("Pan the film, or go through a list")
    return [
        ("Z", tr("Magnifier (hold, on the film)")),
        ("Return", tr("Run the model (on the film or the list)")),
        ("Enter", tr("Run the model (on the film or the list)")),
        *((key, film) for key in ("Left", "Right", "Up", "Down")),
    ]


def _key(text: str) -> QLabel:
    label = _plain(text)
    label.setStyleSheet(
        f"background: {Palette.RAISED}; border: 1px solid {Palette.OUTLINE}; border-radius: 4px;"
        " padding: 2px 8px;"
    )
    return label


def _plain(text: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label
