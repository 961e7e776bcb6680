"""The door, as widgets."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, assert_never

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QWidget

from cxr_desktop import __version__
from cxr_desktop.ui.screens.access.account_cards import FirstStartCard, MustChangeCard
from cxr_desktop.ui.screens.access.card import Card, CardPage
from cxr_desktop.ui.screens.access.folder_cards import OpeningCard, UnusableCard
from cxr_desktop.ui.screens.access.presenter import AccessPresenter
from cxr_desktop.ui.screens.access.recovery_cards import KeyShownCard, RecoveringCard
from cxr_desktop.ui.screens.access.sign_in_cards import LockedCard, SignInCard
from cxr_desktop.ui.screens.access.state import (
    AccessState,
    FirstStart,
    Inside,
    KeyShown,
    Locked,
    MustChange,
    Opening,
    Recovering,
    Restoring,
    SigningIn,
    Unusable,
)
from cxr_desktop.ui.words import disclaimer

if TYPE_CHECKING:  # rarely needed, and it brings numpy
    from cxr_desktop.ui.screens.access.restoring_card import RestoringCard

AnyCard = TypeVar("AnyCard", bound=Card)


class AccessView(QStackedWidget):
    """One page per state; `quit_asked` when a person gives up on the data folder."""

    quit_asked = Signal()

    def __init__(self, presenter: AccessPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self._foot = f"{disclaimer()}\n" + self.tr("Version {0}").format(__version__)
        self._pages: dict[Card, CardPage] = {}
        presenter.state_changed.connect(self.render_state)
        self.render_state(presenter.state)

    # Each card is made when it is first shown: the window opens sooner.

    @cached_property
    def opening(self) -> OpeningCard:
        """The card of `Opening`."""
        return self._added(OpeningCard())

    @cached_property
    def unusable(self) -> UnusableCard:
        """The card of `Unusable`."""
        card = self._added(UnusableCard())
        card.again.connect(self._presenter.open)
        card.choose.connect(self._on_choose)
        card.leave.connect(self.quit_asked)
        card.restore.connect(self._presenter.begin_restore)
        return card

    @cached_property
    def restoring(self) -> RestoringCard:
        """The card of `Restoring`."""
        from cxr_desktop.ui.screens.access.restoring_card import (  # noqa: PLC0415 - see above
            RestoringCard,
        )

        card = self._added(RestoringCard())
        card.restore.connect(self._presenter.restorer.restore)
        card.cancel.connect(self._presenter.restorer.cancel)
        card.back.connect(self._presenter.leave_restore)
        return card

    @cached_property
    def first_start(self) -> FirstStartCard:
        """The card of `FirstStart`."""
        card = self._added(FirstStartCard(self._presenter.password_rules()))
        card.asked.connect(self._presenter.create_first)
        return card

    @cached_property
    def sign_in(self) -> SignInCard:
        """The card of `SigningIn`."""
        card = self._added(SignInCard())
        card.sign_in.connect(self._presenter.sign_in)
        card.forgot.connect(self._presenter.forgot)
        card.restore.connect(self._presenter.begin_restore)
        return card

    @cached_property
    def recovering(self) -> RecoveringCard:
        """The card of `Recovering`."""
        card = self._added(RecoveringCard(self._presenter.password_rules()))
        card.recover.connect(self._presenter.recover)
        card.back.connect(self._presenter.back)
        return card

    @cached_property
    def key_shown(self) -> KeyShownCard:
        """The card of `KeyShown`."""
        card = self._added(KeyShownCard())
        card.kept.connect(self._presenter.key_kept)
        return card

    @cached_property
    def locked(self) -> LockedCard:
        """The card of `Locked`."""
        card = self._added(LockedCard())
        card.unlock.connect(self._presenter.unlock)
        card.switch.connect(self._switch)
        return card

    @cached_property
    def must_change(self) -> MustChangeCard:
        """The card of `MustChange`."""
        card = self._added(MustChangeCard(self._presenter.password_rules()))
        card.choose.connect(self._presenter.choose_password)
        card.leave.connect(self._presenter.sign_out)
        return card

    def render_state(self, state: AccessState) -> None:  # noqa: C901 - one case per state
        """Show a state."""
        match state:
            case Opening():
                self._turn_to(self.opening)
                self.opening.render_state(state)
            case Unusable():
                self._turn_to(self.unusable)
                self.unusable.render_state(state)
            case Restoring():
                self._turn_to(self.restoring)
                self.restoring.render_state(state)
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
            case Recovering():
                self._turn_to(self.recovering)
                self.recovering.render_state(state)
            case KeyShown():
                self._turn_to(self.key_shown)
                self.key_shown.render_state(state)
            case Inside():
                self._forget()
            case _:
                assert_never(state)

    def _added(self, card: AnyCard) -> AnyCard:
        self._pages[card] = CardPage(card, self._foot)
        self.addWidget(self._pages[card])
        return card

    def _turn_to(self, card: Card) -> None:
        page = self._pages[card]
        if self.currentWidget() is not page:
            self._forget()
            self.setCurrentWidget(page)

    def _forget(self) -> None:
        for card in self._pages:
            card.forget()

    def _switch(self) -> None:
        """Let another person in, whose name is not the one of before."""
        self.sign_in.forget_name()
        self._presenter.sign_out()

    def _on_choose(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self.tr("Choose a data folder"))
        if folder:
            self._presenter.use_folder(Path(folder))
