"""The cards shown before anybody can sign in: opening, and what is wrong with the folder."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton

from cxr_desktop.ui.screens.access.card import Card
from cxr_desktop.ui.screens.access.state import (
    Opening,
    Unusable,
)
from cxr_desktop.ui.widgets.wrapped_label import WrappedLabel


class OpeningCard(Card):
    """Shown for the half second that the data folder takes to open."""

    def __init__(self) -> None:
        super().__init__(self.tr("Opening…"), self.tr("The data folder is being opened."))
        self.add(self.busy)

    def render_state(self, _: Opening) -> None:
        """Move."""
        self.busy.set_busy(self.tr("The data folder is being opened."))


class UnusableCard(Card):
    """Says what is wrong with the data folder, and offers the ways on."""

    again = Signal()
    choose = Signal()
    restore = Signal()
    leave = Signal()

    def __init__(self) -> None:
        super().__init__(self.tr("The data folder cannot be used"))
        self._folder = WrappedLabel(role="small")
        self._folder.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.add(self.notice)
        self.add(self._folder)
        self.add_gap()
        self._again = QPushButton(self.tr("&Try again"))
        self._again.setProperty("kind", "primary")
        self._again.setDefault(True)
        self._choose = QPushButton(self.tr("&Choose another folder…"))
        leave = QPushButton(self.tr("&Quit"))
        self._restore = QPushButton(self.tr("&Restore a backup…"))
        self.add(self._again)
        self.add(self._restore)
        self.add_row(self._choose, leave)
        self.add_gap()
        self._other = WrappedLabel(
            self.tr(
                "Another folder is used until the program is closed; it has its own accounts "
                "and its own history."
            ),
            role="small",
        )
        self.add(self._other)
        self._again.clicked.connect(self.again)
        self._choose.clicked.connect(self.choose)
        self._restore.clicked.connect(self.restore)
        leave.clicked.connect(self.leave)

    def render_state(self, state: Unusable) -> None:
        """Show the sentence and the folder; without one, no other can be opened either."""
        self.notice.show_notice(state.notice)
        self._folder.setText(self.tr("Folder: {0}").format(state.folder))
        for widget in (self._folder, self._choose, self._restore, self._other):
            widget.setVisible(bool(state.folder))
        self._again.setFocus()
