"""The door, as widgets."""

from __future__ import annotations

from pathlib import Path
from typing import assert_never

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QWidget

from cxr_desktop import __version__
from cxr_desktop.ui.screens.access.account_cards import FirstStartCard, MustChangeCard
from cxr_desktop.ui.screens.access.card import Card, CardPage
from cxr_desktop.ui.screens.access.folder_cards import OpeningCard, UnusableCard
from cxr_desktop.ui.screens.access.presenter import AccessPresenter
from cxr_desktop.ui.screens.access.sign_in_cards import LockedCard, SignInCard
from cxr_desktop.ui.screens.access.state import (
    AccessState,
    FirstStart,
    Inside,
    Locked,
    MustChange,
    Opening,
    SigningIn,
    Unusable,
)
from cxr_desktop.ui.words import disclaimer


class AccessView(QStackedWidget):
    """One page per state; `quit_asked` when a person gives up on the data folder."""

    quit_asked = Signal()

    def __init__(self, presenter: AccessPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self.opening = OpeningCard()
        self.unusable = UnusableCard()
        self.first_start = FirstStartCard()
        self.sign_in = SignInCard()
        self.locked = LockedCard()
        self.must_change = MustChangeCard()
        foot = f"{disclaimer()}\n" + self.tr("Version {0}").format(__version__)
        self._pages: dict[Card, CardPage] = {}
        for card in (self.opening, self.unusable, self.first_start, self.sign_in, self.locked,
                     self.must_change):  # fmt: skip
            self._pages[card] = CardPage(card, foot)
            self.addWidget(self._pages[card])
        self.unusable.again.connect(presenter.open)
        self.unusable.choose.connect(self._on_choose)
        self.unusable.leave.connect(self.quit_asked)
        self.first_start.asked.connect(presenter.create_first)
        self.sign_in.sign_in.connect(presenter.sign_in)
        self.locked.unlock.connect(presenter.unlock)
        self.locked.switch.connect(presenter.sign_out)
        self.must_change.choose.connect(presenter.choose_password)
        self.must_change.leave.connect(presenter.sign_out)
        presenter.state_changed.connect(self.render_state)
        self.render_state(presenter.state)

    def render_state(self, state: AccessState) -> None:
        """Show a state."""
        match state:
            case Opening():
                self._turn_to(self.opening)
                self.opening.render_state(state)
            case Unusable():
                self._turn_to(self.unusable)
                self.unusable.render_state(state)
            case FirstStart():
                self._turn_to(self.first_start)
                self.first_start.render_state(state)
            case SigningIn():
                self._turn_to(self.sign_in)
                self.sign_in.render_state(state)
            case Locked():
                self._turn_to(self.locked)
                self.locked.render_state(state)
            case MustChange():
                self._turn_to(self.must_change)
                self.must_change.render_state(state)
            case Inside():
                self._forget()
            case _:
                assert_never(state)

    def _turn_to(self, card: Card) -> None:
        page = self._pages[card]
        if self.currentWidget() is not page:
            self._forget()
            self.setCurrentWidget(page)

    def _forget(self) -> None:
        for card in (self.first_start, self.sign_in, self.locked, self.must_change):
            card.forget()

    def _on_choose(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self.tr("Choose a data folder"))
        if folder:
            self._presenter.use_folder(Path(folder))
