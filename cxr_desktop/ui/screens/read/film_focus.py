"""Gives the film the keys where they would be elsewhere by chance."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from cxr_desktop.ui.screens.read.state import ReadState


class FilmFocus:
    """Sees to it that the arrows, the magnifier and Enter reach the `film` of a `screen`.

    `leafed` is the list, which keeps the keys of whoever leafs through it; `typed` is the text of a
    reading, which lets go of them when it is saved.
    """

    def __init__(self, screen: QWidget, film: QWidget, *, leafed: QWidget, typed: QWidget) -> None:
        self._screen = screen
        self._film = film
        self._leafed = leafed
        self._typed = typed
        self._shown_key: int | None = None

    def follow(self, state: ReadState, had: QWidget | None) -> None:
        """Look where the keys are after a state was drawn; `had` had them before.

        The button that was pressed may be gone: Qt would give them to whatever comes next.
        """
        key, before = state.films.current, self._shown_key
        self._shown_key = key
        if key is None or not self._screen.isVisible():
            return
        saved = state.reading is not None and state.reading.is_saving and self._typed.hasFocus()
        is_new = key != before and not self._leafed.hasFocus()
        if saved or is_new or self._is_gone(had):
            self._film.setFocus()

    def _is_gone(self, had: QWidget | None) -> bool:
        screen = self._screen
        return had is not None and screen.isAncestorOf(had) and not had.isVisibleTo(screen)
