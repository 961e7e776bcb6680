"""The list of films with its buttons: previous, next, run all, close all."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QSignalBlocker, QSize, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from cxr_desktop.ui import icons
from cxr_desktop.ui.palette import Palette, Space
from cxr_desktop.ui.screens.read.film_list import (
    ENTRY_ROLE,
    FilmDelegate,
    FilmListModel,
    FilmListView,
)
from cxr_desktop.ui.screens.read.state import FilmList
from cxr_desktop.ui.widgets.plain_label import plain_label

NARROWEST, WIDEST = 188, 300


class FilmListPanel(QFrame):
    """`chosen` carries the key of a film; `step_asked` 1 or -1."""

    chosen = Signal(int)
    step_asked = Signal(int)
    run_all_asked = Signal()
    close_all_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.setMinimumWidth(NARROWEST)
        self.setMaximumWidth(WIDEST)
        self.model = FilmListModel()
        self.list = FilmListView()
        self.list.setModel(self.model)
        self._delegate = FilmDelegate()
        self.list.setItemDelegate(self._delegate)
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setAccessibleName(self.tr("Films"))
        self.list.selectionModel().currentChanged.connect(self._on_current)
        self._count = plain_label(role="muted")
        self.unread = plain_label(role="small")
        self.unread_key = ""
        self._shown_key: int | None = None
        self.run_all = QPushButton(icons.icon("play"), self.tr("Run all"))
        self.run_all.clicked.connect(self.run_all_asked)
        self.previous = self._tool("chevron-up", self.tr("Previous film (PgUp)"), -1)
        self.next = self._tool("chevron-down", self.tr("Next film (PgDown)"), 1)
        close_all = QToolButton()
        close_all.setIcon(icons.icon("close", Palette.MUTED))
        close_all.setIconSize(QSize(16, 16))
        close_all.setToolTip(self.tr("Close all films"))
        close_all.setAccessibleName(self.tr("Close all films"))
        close_all.clicked.connect(self.close_all_asked)
        head = QHBoxLayout()
        head.setContentsMargins(Space.TWO - 4, Space.HALF, Space.HALF, Space.HALF)
        head.setSpacing(0)
        head.addWidget(self._count, 1)
        for button in (self.previous, self.next, close_all):
            head.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.unread.setContentsMargins(Space.TWO - 4, 0, 0, Space.HALF)
        column.addLayout(head)
        column.addWidget(self.unread)
        column.addWidget(self.list, 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(Space.ONE, Space.ONE, Space.ONE, Space.ONE)
        foot.addWidget(self.run_all)
        column.addLayout(foot)

    def show_films(self, films: FilmList, *, may_run: bool) -> None:
        """Show the list; it takes no room for a single film."""
        self.setVisible(len(films.entries) > 1)
        self.model.show_entries(films.entries)
        at, total = films.position, len(films.entries)
        self._count.setText(self.tr("{at} of {total}").format(at=at + 1, total=total))
        unread = films.unread_count
        words = self.tr("{count} to read").format(count=unread)
        words = f"{words} ({self.unread_key})" if self.unread_key else words
        self.unread.setText(f"{words}, {self.tr('by urgency')}" if films.is_by_urgency else words)
        self.unread.setVisible(unread > 0)
        self.previous.setEnabled(at > 0)
        self.next.setEnabled(0 <= at < total - 1)
        self.run_all.setVisible(may_run)
        self.run_all.setEnabled(films.open_count > 0)
        index = self.model.index(at) if at >= 0 else QModelIndex()
        if self.list.currentIndex() != index:
            with QSignalBlocker(self.list.selectionModel()):
                self.list.setCurrentIndex(index)
            self.list.viewport().update()
        if films.current != self._shown_key:  # the list stays where somebody scrolled it
            self._shown_key = films.current
            self.list.scrollTo(index)

    def _on_current(self, index: QModelIndex) -> None:
        if index.isValid():
            self.chosen.emit(index.data(ENTRY_ROLE).key)

    def _tool(self, icon: str, text: str, by: int) -> QToolButton:
        button = QToolButton()
        button.setIcon(icons.icon(icon))
        button.setIconSize(QSize(16, 16))
        button.setToolTip(text)
        button.setAccessibleName(text)
        button.clicked.connect(lambda: self.step_asked.emit(by))
        return button
