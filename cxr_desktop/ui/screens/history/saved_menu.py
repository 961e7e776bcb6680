"""The button “Saved”: filters under names of one's own."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QInputDialog, QMenu, QPushButton, QWidget

from cxr_desktop.domain.saved_filters import NAME_LIMIT, Filters, SavedFilter
from cxr_desktop.services.saved_filters import KeepFilters
from cxr_desktop.ui.one_job import OneJob


class SavedMenu(QPushButton):
    """`chosen` carries the `Filters` of a name, `failed` a `Notice`. `refresh` looks them up.

    `current` are the filters in use; they can be kept when they narrow anything.
    """

    chosen = Signal(object)
    failed = Signal(object)

    def __init__(self, keep: KeepFilters, job: OneJob, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keep = keep
        self._job = job
        job.setParent(self)
        self.current = Filters()
        self.saved: tuple[SavedFilter, ...] = ()
        self.setText(self.tr("Saved"))
        self.setToolTip(self.tr("Filters that you keep under a name"))
        menu = QMenu(self)
        menu.aboutToShow.connect(self._fill)
        self.setMenu(menu)
        job.done.connect(self._on_done)
        job.failed.connect(self.failed)

    def refresh(self) -> None:
        """Look up what is saved."""
        self._job.start(lambda actor, _job: self._keep.all(actor))

    def forget(self) -> None:
        """Hold nothing of anybody."""
        self._job.drop()
        self.saved, self.current = (), Filters()
        self._fill()

    def keep_as(self, name: str) -> None:
        """Keep the filters in use under a name."""
        filters = self.current
        self._job.start(lambda actor, _job: self._keep.keep(actor, name, filters))

    def remove(self, name: str) -> None:
        """Take a saved one away."""
        self._job.start(lambda actor, _job: self._keep.remove(actor, name))

    def _on_done(self, saved: object) -> None:
        self.saved = cast("tuple[SavedFilter, ...]", saved)
        self._fill()

    def _fill(self) -> None:
        menu = self.menu()
        menu.clear()
        for one in self.saved:
            action = menu.addAction(_plain(one.name))
            action.triggered.connect(lambda _on=False, one=one: self.chosen.emit(one.filters))
        if self.saved:
            menu.addSeparator()
        keep = menu.addAction(self.tr("&Save these filters…"))
        keep.setEnabled(self.current != Filters())
        keep.triggered.connect(self._on_keep)
        if self.saved:
            less = QMenu(self.tr("&Remove"), menu)
            menu.addMenu(less)
            for one in self.saved:
                action = less.addAction(_plain(one.name))
                action.triggered.connect(lambda _on=False, name=one.name: self.remove(name))

    def _on_keep(self) -> None:
        name, agreed = QInputDialog.getText(
            self,
            self.tr("Save these filters"),
            self.tr("Name (at most {0} characters)").format(NAME_LIMIT),
        )
        if agreed:
            self.keep_as(name)


def _plain(name: str) -> str:
    """Return a name as a menu shows it: an ampersand would underline a letter."""
    return name.replace("&", "&&")
