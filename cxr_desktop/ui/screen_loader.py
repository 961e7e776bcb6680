"""Imports what the screens are made of, on the GUI thread, one module whenever it is free.

Not in a thread: PySide6 makes its classes when they are first named, and two threads that name them
at the same time have crashed the process.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from cxr_desktop import ui

ORDER = ("widgets", "printing", "screens", "shell")


class ScreenLoader(QObject):
    """Begin with `start` once the libraries below the window are loaded; ends by itself.

    Whoever needs a screen before that imports it as usual and waits for it.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._left: list[str] | None = None
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._on_free)

    @property
    def is_running(self) -> bool:
        """Whether there are modules left."""
        return self._timer.isActive()

    def start(self) -> None:
        """Begin, small modules first."""
        self._timer.start(0)

    def _on_free(self) -> None:
        if self._left is None:  # looking for them is a piece of its own
            self._left = sorted(modules(), key=_lateness, reverse=True)
        elif self._left:
            import_module(self._left.pop())
        else:
            self._timer.stop()


def modules(folders: Iterable[str] = ui.__path__, prefix: str = f"{ui.__name__}.") -> list[str]:
    """Name every module of the window, importing none (as `pkgutil.walk_packages` would)."""
    names = []
    for found in pkgutil.iter_modules(folders, prefix):
        if found.ispkg:
            leaf = found.name.rsplit(".", 1)[-1]
            names += modules([str(Path(folder) / leaf) for folder in folders], f"{found.name}.")
        else:
            names.append(found.name)
    return names


def _lateness(name: str) -> tuple[int, str]:
    """Order: parts before what is made of them, so that no single import takes long."""
    part = name.split(".")[2]
    return ORDER.index(part) if part in ORDER else len(ORDER), name
