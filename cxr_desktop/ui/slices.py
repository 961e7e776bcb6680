"""Screens are made in slices: one short piece of work whenever the event loop is free."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from cxr_desktop.ui.timers import NEXT_TURN_MS, single_shot

Slices = Generator[None, None, QWidget]
"""Makes a widget; yields where the event loop may do something else (every 20 ms or so)."""


def at_once(slices: Slices) -> QWidget:
    """Do what is left and return the widget."""
    try:
        while True:
            next(slices)
    except StopIteration as ended:
        widget: QWidget = ended.value
        return widget


def _rested(make: Callable[[str], Slices], name: str) -> Slices:
    """Leave a turn between the last piece and whatever `made` brings about: both take a while."""
    widget = yield from make(name)
    yield
    return widget


class SlicedMaker(QObject):
    """Makes widgets one after the other; `made` carries each one's name and the widget.

    `finish` is for whoever cannot wait: it makes the rest of that one at once.
    """

    made = Signal(str, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: dict[str, Callable[[], Slices]] = {}
        self._begun: dict[str, Slices] = {}
        self._timer = single_shot(self, self._on_free)

    @property
    def is_running(self) -> bool:
        """Whether there is something left to make."""
        return bool(self._waiting)

    def start(self, names: Iterable[str], make: Callable[[str], Slices]) -> None:
        """Make what these names stand for, in their order."""
        for name in names:
            self._waiting[name] = partial(_rested, make, name)
        self._timer.start(NEXT_TURN_MS)

    def finish(self, name: str) -> QWidget:
        """Make the rest of this one now; it is returned and not announced."""
        slices = self._begun.pop(name, None)
        begin = self._waiting.pop(name)
        return at_once(slices or begin())

    def stop(self) -> None:
        """Make nothing more."""
        self._timer.stop()
        self._waiting.clear()
        self._begun.clear()

    def _on_free(self) -> None:
        if not self._waiting:
            return
        name = next(iter(self._waiting))
        if name not in self._begun:
            self._begun[name] = self._waiting[name]()
        try:
            next(self._begun[name])
        except StopIteration as ended:
            del self._waiting[name], self._begun[name]
            self.made.emit(name, ended.value)
        if self._waiting:
            self._timer.start(NEXT_TURN_MS)
