"""Takes films off the list when a person asks for it; asks where a reading is not saved."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from cxr_desktop.ui.screens.read.presenter import ReadPresenter
from cxr_desktop.ui.widgets.unsaved import may_lose


class FilmCloser:
    """Closes the film shown, or all; what goes on meanwhile may bring another film to the front."""

    def __init__(self, window: QWidget, presenter: ReadPresenter) -> None:
        self._window = window
        self._presenter = presenter

    def close_current(self) -> None:
        """Take the film shown off the list."""
        key = self._presenter.state.films.current
        unsaved = self._presenter.worklist.unsaved(key)
        if may_lose(unsaved, self._window) and self._presenter.state.films.current == key:
            self._presenter.close_current()

    def close_all(self) -> None:
        """Take every film off the list."""
        if may_lose(self._presenter.worklist.unsaved(), self._window):
            self._presenter.close_all()
