"""Offers the tour of the window once to each person, and shows it whenever it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from cxr_desktop.domain.errors import UserError
from cxr_desktop.domain.roles import Actor
from cxr_desktop.ui.errors import notice_of
from cxr_desktop.ui.jobs import JobRunner
from cxr_desktop.ui.session import Session
from cxr_desktop.ui.shell.tour import Tour
from cxr_desktop.ui.shell.tour_steps import TourStep


class OfferingTour(Protocol):
    """`services.tour.OfferTour`."""

    def is_due(self, actor: Actor) -> bool:
        """Whether this person has neither taken nor skipped it."""
        ...

    def end(self, actor: Actor) -> None:
        """Offer it no more."""
        ...


class TourGuide(QObject):
    """Shows the tour over `window`. `failed` carries a `Notice`."""

    failed = Signal(object)

    def __init__(
        self, offering: OfferingTour, runner: JobRunner, session: Session, window: QWidget
    ) -> None:
        super().__init__(window)
        self._offering = offering
        self._runner = runner
        self._session = session
        self._window = window
        self.tour: Tour | None = None

    def offer(self, show: Callable[[], None]) -> None:
        """Have it shown to somebody who has not seen it."""
        actor = self._session.require()
        self._runner.start(
            lambda _: self._offering.is_due(actor),
            done=lambda due: show() if due else None,
            failed=self._on_failed,
        )

    def show(self, steps: Sequence[TourStep]) -> None:
        """Begin with the first step."""
        self._take_away()
        self.tour = Tour(steps, self._window)
        self.tour.ended.connect(self._on_ended)

    def take_focus(self) -> None:
        """Give the keys to the tour as long as there is one."""
        if self.tour is not None:
            self.tour.next.setFocus()

    def _on_ended(self) -> None:
        self._take_away()
        actor = self._session.require()
        self._runner.start(
            lambda _: self._offering.end(actor), done=lambda _: None, failed=self._on_failed
        )

    def _take_away(self) -> None:
        tour, self.tour = self.tour, None
        if tour is not None:
            tour.hide()
            tour.deleteLater()
            self._window.setFocus()

    def _on_failed(self, error: UserError) -> None:
        self.failed.emit(notice_of(error))
