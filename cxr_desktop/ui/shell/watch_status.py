"""The watched folder in the status line, and the list of its films behind it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QToolButton, QWidget

from cxr_desktop.domain.outcome import FilmOutcome, RunSums
from cxr_desktop.domain.roles import Actor
from cxr_desktop.ui import icons
from cxr_desktop.ui.errors import Notice, notice_of
from cxr_desktop.ui.jobs import JobRunner
from cxr_desktop.ui.palette import Palette, Size
from cxr_desktop.ui.session import Session
from cxr_desktop.ui.watching import Watching, WatchState

if TYPE_CHECKING:  # with the Read screen
    from cxr_desktop.ui.screens.read.summary_dialog import SummaryDialog

SaveList = Callable[[Actor, Sequence[FilmOutcome], Path], None]


class WatchStatus(QToolButton):
    """Hidden while no folder is watched; pressed, it lists what became of the films."""

    def __init__(
        self,
        watching: Watching,
        save_list: SaveList,
        runner: JobRunner,
        session: Session,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._watching = watching
        self._save_list = save_list
        self._runner = runner
        self._session = session
        self.dialog: SummaryDialog | None = None
        self.setAutoRaise(True)
        self.setStyleSheet(f"font-size: {Size.SMALL}px;")
        self.clicked.connect(self.open_list)
        watching.state_changed.connect(self.show_state)
        self.show_state(watching.state)

    def show_state(self, state: WatchState) -> None:
        """Say in a few words how the folder stands; the whole is in the tool tip."""
        self.setVisible(bool(state.folder or state.problem))
        words = watch_words(state)
        self.setText(words)
        self.setToolTip(" ".join(filter(None, (state.folder, words, state.problem))))
        self.setAccessibleName(self.toolTip())
        colour = Palette.DANGER if state.problem else Palette.MUTED
        self.setIcon(icons.icon("caution" if state.problem else "folder", colour))
        self.setToolButtonStyle(self.toolButtonStyle().ToolButtonTextBesideIcon)

    def open_list(self) -> None:
        """List the films that were read since the sign-in."""
        from cxr_desktop.ui.screens.read.state import RunSummary  # noqa: PLC0415 - time to sign in
        from cxr_desktop.ui.screens.read.summary_dialog import (  # noqa: PLC0415 - time to sign in
            SummaryDialog,
        )

        if self.dialog is not None:
            return
        told = tuple(self._watching.outcomes)
        problem = self._watching.state.problem
        notice = Notice("error", problem) if problem else None
        dialog = SummaryDialog(RunSummary(told, RunSums.of(told), notice=notice), self.window())
        dialog.setWindowTitle(self.tr("Films of the watched folder since the sign-in"))
        dialog.save_asked.connect(partial(self._save, dialog, told))
        dialog.finished.connect(self._on_closed)
        self.dialog = dialog
        dialog.open()

    def _save(self, dialog: SummaryDialog, told: tuple[FilmOutcome, ...], path: Path) -> None:
        actor = self._session.require()

        def show(notice: Notice) -> None:
            if self.dialog is dialog:
                dialog.notice.show_notice(notice)

        written = self.tr("The list was written to “{file}”.").format(file=path.name)
        self._runner.start(
            lambda _: self._save_list(actor, told, path),
            done=lambda _: show(Notice("info", written)),
            failed=lambda error: show(notice_of(error)),
        )

    def _on_closed(self) -> None:
        self.dialog = None


def watch_words(state: WatchState) -> str:
    """Return how the watched folder stands, in a few words."""
    translate = QCoreApplication.translate
    if state.problem:
        return translate("Watching", "Watched folder: not read, press to see why")
    read = state.done - state.refused
    parts = [translate("Watching", "Watched folder: {0} read").format(f"{read:,}")]
    if state.refused:
        parts.append(translate("Watching", "{0} refused").format(f"{state.refused:,}"))
    if state.is_reading:
        parts.append(translate("Watching", "reading…"))
    elif state.waiting:
        parts.append(translate("Watching", "{0} waiting").format(f"{state.waiting:,}"))
    return ", ".join(parts)
