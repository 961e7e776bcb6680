"""The card in the middle of an empty window that each page of the door is written on."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from cxr_desktop.ui import icons
from cxr_desktop.ui.errors import Notice
from cxr_desktop.ui.palette import Palette, Space
from cxr_desktop.ui.widgets.busy import BusyBar
from cxr_desktop.ui.widgets.notice_bar import NoticeBar

WIDTH = 440
MARK = 44


class Card(QFrame):
    """Title, an explaining line, the page's own fields, a notice, one main button."""

    def __init__(self, title: str, text: str = "") -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.setFixedWidth(WIDTH)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(Space.FOUR, Space.THREE, Space.FOUR, Space.FOUR)
        self._column.setSpacing(Space.HALF)
        self.title = QLabel(title)
        self.title.setProperty("role", "heading")
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.title.setWordWrap(True)
        self.text = plain(text, "muted")
        self.notice = NoticeBar(dismissable=False)
        self.busy = BusyBar()
        self._column.addWidget(self.title)
        self._column.addWidget(self.text)
        self.text.setVisible(bool(text))
        self._column.addSpacing(Space.ONE)

    def add_field(self, label: str, field: QLineEdit) -> None:
        """Put a labelled field on the card; "&" in the label gives its key."""
        name = QLabel(label)
        name.setBuddy(field)
        self._column.addWidget(name)
        self._column.addWidget(field)
        self._column.addSpacing(Space.ONE)

    def add(self, widget: QWidget) -> None:
        """Put any widget on the card."""
        self._column.addWidget(widget)

    def add_row(self, *widgets: QWidget) -> None:
        """Put widgets side by side, sharing the width."""
        row = QHBoxLayout()
        row.setSpacing(Space.ONE)
        for widget in widgets:
            row.addWidget(widget, 1)
        self._column.addLayout(row)

    def finish(self, button: QPushButton) -> None:
        """Put notice, busy bar and the main button at the end."""
        self._column.addWidget(self.notice)
        self._column.addWidget(self.busy)
        button.setProperty("kind", "primary")
        self._column.addWidget(button)

    def show_progress(self, notice: Notice | None, what: str) -> None:
        """Show what went wrong, and what is being done (empty: nothing is)."""
        self.notice.show_notice(notice)
        if what:
            self.busy.set_busy(what)
        else:
            self.busy.set_idle()


class CardPage(QWidget):
    """A card in the middle of the window, under the program's name."""

    def __init__(self, card: Card, foot: str) -> None:
        super().__init__()
        mark = QLabel()
        mark.setPixmap(icons.pixmap("app", Palette.TEXT, MARK, scale=2.0))
        mark.setAccessibleName("")
        name = QLabel("CXR Desktop")
        name.setProperty("role", "title")
        head = QHBoxLayout()
        head.setSpacing(Space.TWO)
        head.addStretch(1)
        head.addWidget(mark)
        head.addWidget(name)
        head.addStretch(1)
        below = plain(foot, "small")
        below.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.TWO, Space.TWO, Space.TWO, Space.TWO)
        column.addStretch(2)
        column.addLayout(head)
        column.addSpacing(Space.THREE)
        column.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        column.addWidget(below)


def plain(text: str, role: str) -> QLabel:
    """Return a label that wraps and shows its text as it is."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("role", role)
    label.setWordWrap(True)
    return label
