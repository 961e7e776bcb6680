"""One's own keys and mouse buttons: a field for each, a check for doubles, and the way back."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QKeySequenceEdit,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from cxr_desktop.ui import icons
from cxr_desktop.ui.keymap import PORTABLE, Keyed, KeyMap
from cxr_desktop.ui.palette import Palette, Space
from cxr_desktop.ui.shell.mouse_fields import MouseFields
from cxr_desktop.ui.widgets.plain_label import plain_label
from cxr_desktop.ui.widgets.tools import MouseButtons

WIDTH, HEIGHT = 620, 560
FIELD_WIDTH = 168
NATIVE = QKeySequence.SequenceFormat.NativeText


class KeysDialog(QDialog):
    """Edits a `KeyMap`. `reserved` are keys that stay as they are, as they are written, and why;
    `elsewhere` those of other screens, in the way only of what these screens have as well.
    """

    def __init__(
        self,
        keymap: KeyMap,
        reserved: Mapping[str, str],
        elsewhere: Mapping[str, str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._keymap = keymap
        self._reserved = _portable(reserved)
        self._elsewhere = _portable(elsewhere)
        self._rows: dict[str, Keyed] = {row.id: row for row in keymap.rows()}
        self.fields: dict[str, QKeySequenceEdit] = {}
        self.mouse = MouseFields(keymap.buttons, FIELD_WIDTH)
        self.mouse.changed.connect(self._check)
        self.setWindowTitle(self.tr("My keys and mouse buttons"))
        self.resize(WIDTH, HEIGHT)
        self.problem = plain_label(wrap=True)
        self.problem.setStyleSheet(f"color: {Palette.UNCERTAIN};")
        self.save = QPushButton(self.tr("Save"))
        self.save.setProperty("kind", "primary")
        self.save.clicked.connect(self._on_save)
        self.reset = QPushButton(self.tr("All as they came"))
        self.reset.clicked.connect(self.reset_all)
        self._lay_out()
        self._check()

    def keys(self) -> dict[str, str]:
        """Return what stands in the fields, by name."""
        return {name: field.keySequence().toString(PORTABLE) for name, field in self.fields.items()}

    def reset_all(self) -> None:
        """Put the keys and buttons into the fields that the program came with."""
        for name, field in self.fields.items():
            field.setKeySequence(QKeySequence(self._rows[name].default))
        self.mouse.choose(MouseButtons())

    def conflicts(self) -> list[str]:
        """Say, in a sentence each, which keys or buttons would do two things."""
        by_key: dict[str, list[Keyed]] = {}
        for name, key in self.keys().items():
            if key:
                by_key.setdefault(key, []).append(self._rows[name])
        found = self.mouse.conflicts()
        for key, rows in by_key.items():
            names = [row.text for row in rows]
            if key in self._reserved:
                names.append(self._reserved[key])
            if key in self._elsewhere and any(row.is_shared for row in rows):
                names.append(self._elsewhere[key])
            if len(names) > 1:
                said = self.tr("{key} would do {count} things: {names}.")
                found.append(said.format(key=key, count=len(names), names="; ".join(names)))
        return found

    def _check(self) -> None:
        conflicts = self.conflicts()
        self.problem.setText("\n".join(conflicts[:3]))
        self.problem.setVisible(bool(conflicts))
        self.save.setEnabled(not conflicts)

    def _on_save(self) -> None:
        self._keymap.save(self.keys(), self.mouse.buttons())
        self.accept()

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, Space.TWO, 0)
        grid.setColumnStretch(0, 1)
        grid.addWidget(plain_label(self.tr("Mouse on the film"), role="strong"), 0, 0)
        grid.addWidget(self.mouse, 1, 0, 1, 2)
        grid.addWidget(self._make_mouse_reset(), 1, 2, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(plain_label(self.tr("Keys"), role="strong"), 2, 0)
        for place, row in enumerate(self._rows.values(), 3):
            grid.addWidget(plain_label(row.text), place, 0)
            grid.addWidget(self._make_field(row), place, 1)
            grid.addWidget(self._make_reset(row), place, 2)
        sheet = QWidget()
        sheet.setLayout(grid)
        area = QScrollArea()
        area.setWidget(sheet)
        area.setWidgetResizable(True)
        note = self.tr("Click into a field and press the key. They are yours on every screen.")
        cancel = QPushButton(self.tr("Cancel"))
        cancel.clicked.connect(self.reject)
        below = QHBoxLayout()
        below.addWidget(self.reset)
        below.addStretch(1)
        below.addWidget(cancel)
        below.addWidget(self.save)
        for button in (self.reset, cancel, self.save):
            button.setAutoDefault(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.THREE, Space.THREE, Space.THREE, Space.TWO)
        column.setSpacing(Space.ONE)
        column.addWidget(plain_label(note, role="muted", wrap=True))
        column.addWidget(area, 1)
        column.addWidget(self.problem)
        column.addLayout(below)

    def _make_field(self, row: Keyed) -> QKeySequenceEdit:
        field = QKeySequenceEdit(QKeySequence(row.key))
        field.setMaximumSequenceLength(1)
        field.setClearButtonEnabled(True)
        field.setFixedWidth(FIELD_WIDTH)
        field.setAccessibleName(self.tr("Key for: {what}").format(what=row.text))
        field.keySequenceChanged.connect(self._check)
        self.fields[row.id] = field
        return field

    def _make_mouse_reset(self) -> QToolButton:
        button = _reset_button()
        button.setToolTip(self.tr("Mouse buttons as they came"))
        button.setAccessibleName(button.toolTip())
        button.clicked.connect(lambda: self.mouse.choose(MouseButtons()))
        return button

    def _make_reset(self, row: Keyed) -> QToolButton:
        button = _reset_button()
        button.setToolTip(self.tr("As it came: {key}").format(key=row.default or self.tr("none")))
        button.setAccessibleName(self.tr("As it came: {what}").format(what=row.text))
        field = self.fields[row.id]
        button.clicked.connect(lambda: field.setKeySequence(QKeySequence(row.default)))
        return button


def _reset_button() -> QToolButton:
    button = QToolButton()
    button.setIcon(icons.icon("reset", Palette.MUTED))
    button.setIconSize(QSize(16, 16))
    return button


def _portable(keys: Mapping[str, str]) -> dict[str, str]:
    return {QKeySequence(key, NATIVE).toString(PORTABLE): what for key, what in keys.items()}
