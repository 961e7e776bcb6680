"""Which mouse button does what on a film: a field for each button."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QWidget

from cxr_desktop.ui.widgets.plain_label import plain_label
from cxr_desktop.ui.widgets.tools import DRAGS, MouseButtons, Tool

NEEDED = (Tool.WINDOW, Tool.PAN)  # the wheel zooms, whatever the buttons do


class MouseFields(QWidget):
    """`changed` follows each choice."""

    changed = Signal()

    def __init__(
        self, buttons: MouseButtons, field_width: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.fields: dict[str, QComboBox] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setColumnStretch(0, 1)
        for row, (name, words) in enumerate(_button_words().items()):
            field = QComboBox()
            for tool in DRAGS:
                field.addItem(_tool_words()[tool], tool)
            field.setFixedWidth(field_width)
            field.setAccessibleName(words)
            label = plain_label(words)
            label.setBuddy(field)
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)
            self.fields[name] = field
        self.choose(buttons)
        for field in self.fields.values():
            field.currentIndexChanged.connect(lambda _: self.changed.emit())

    def buttons(self) -> MouseButtons:
        """Return what is chosen."""
        chosen = {name: Tool(field.currentData()) for name, field in self.fields.items()}
        return MouseButtons(**chosen)

    def choose(self, buttons: MouseButtons) -> None:
        """Show these."""
        for name, field in self.fields.items():
            field.setCurrentIndex(DRAGS.index(getattr(buttons, name)))

    def conflicts(self) -> list[str]:
        """Say, in a sentence each, what two buttons would do, and what none would."""
        found = []
        buttons, words = self.buttons(), _tool_words()
        if buttons.left is buttons.right:
            said = self.tr("Left and right button would do the same: {task}.")
            found.append(said.format(task=words[buttons.left]))
        used = (buttons.left, buttons.right, buttons.middle)
        none = self.tr("No button would be left for: {task}.")
        found += [none.format(task=words[tool]) for tool in NEEDED if tool not in used]
        return found


def mouse_rows(buttons: MouseButtons) -> list[tuple[str, str]]:
    """Return what the mouse does on a film, for the list of keys."""
    tasks = _tool_words()
    translate = QCoreApplication.translate
    return [
        (translate("MouseFields", "Left drag"), tasks[buttons.left]),
        (translate("MouseFields", "Right drag"), tasks[buttons.right]),
        (translate("MouseFields", "Middle drag"), tasks[buttons.middle]),
        (translate("MouseFields", "Wheel"), translate("MouseFields", "Zoom to the cursor")),
        (
            translate("MouseFields", "Double click"),
            translate("MouseFields", "Everything as it was opened"),
        ),
    ]


def _button_words() -> dict[str, str]:
    translate = QCoreApplication.translate
    return {
        "left": translate("MouseFields", "Drag with the left button"),
        "right": translate("MouseFields", "Drag with the right button"),
        "middle": translate("MouseFields", "Drag with the middle button"),
    }


def _tool_words() -> dict[Tool, str]:
    translate = QCoreApplication.translate
    return {
        Tool.WINDOW: translate("MouseFields", "Grey window"),
        Tool.PAN: translate("MouseFields", "Move the film"),
        Tool.ZOOM: translate("MouseFields", "Zoom"),
    }
