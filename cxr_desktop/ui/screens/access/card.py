"""The card in the middle of an empty window that each page of the door is written on."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from cxr_desktop.ui import icons
from cxr_desktop.ui.errors import Notice
from cxr_desktop.ui.palette import Palette, Space
from cxr_desktop.ui.widgets.busy import BusyBar
from cxr_desktop.ui.widgets.notice_bar import NoticeBar
from cxr_desktop.ui.widgets.wrapped_label import WrappedLabel

NAME_LIMIT = 64  # as in services.access, which would bring numpy before the window is shown
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
        self.title = WrappedLabel(title, role="heading")
        self.text = WrappedLabel(text, role="muted")
        self.notice = NoticeBar(dismissable=False)
        self.busy = BusyBar()
        self._column.addWidget(self.title)
        self._column.addWidget(self.text)
        self.text.setVisible(bool(text))
        self._column.addSpacing(Space.TWO)

    def add_field(self, label: str, field: QLineEdit) -> None:
        """Put a labelled field on the card; "&" in the label gives its key."""
        name = QLabel(label)
        name.setBuddy(field)
        self._column.addWidget(name)
        self._column.addWidget(field)
        self._column.addSpacing(Space.ONE)

    def add_fields(self, *fields: tuple[str, QLineEdit]) -> None:
        """Put labelled fields side by side."""
        row = QHBoxLayout()
        row.setSpacing(Space.TWO)
        for label, field in fields:
            pair = QVBoxLayout()
            pair.setSpacing(Space.HALF)
            name = QLabel(label)
            name.setBuddy(field)
            pair.addWidget(name)
            pair.addWidget(field)
            row.addLayout(pair, 1)
        self._column.addLayout(row)
        self._column.addSpacing(Space.ONE)

    def add(self, widget: QWidget) -> None:
        """Put any widget on the card."""
        self._column.addWidget(widget)

    def add_gap(self) -> None:
        """Leave a little room."""
        self._column.addSpacing(Space.ONE)

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
        self._column.addSpacing(Space.HALF)
        button.setProperty("kind", "primary")
        self._column.addWidget(button)

    def forget(self) -> None:
        """Leave no password in the card's fields; a card with such fields does more."""

    def show_progress(self, notice: Notice | None, what: str) -> None:
        """Show what went wrong, and what is being done (empty: nothing is)."""
        self.notice.show_notice(notice)
        if what:
            self.busy.set_busy(what)
        else:
            self.busy.set_idle()


class CardPage(QScrollArea):
    """A card in the middle of the window, under the program's name; scrolls on a low screen."""

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
        below = WrappedLabel(foot, role="small")
        below.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(Space.TWO, Space.TWO, Space.TWO, Space.TWO)
        column.addStretch(2)
        column.addLayout(head)
        column.addSpacing(Space.THREE)
        column.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        column.addWidget(below)
        self.setWidget(page)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)


def name_field() -> QLineEdit:
    """Return a field for a name that the services would take."""
    field = QLineEdit()
    field.setMaxLength(NAME_LIMIT)
    return field
