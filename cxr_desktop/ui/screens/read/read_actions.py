"""The keys and tool buttons of the Read screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from cxr_desktop.ui import icons
from cxr_desktop.ui.screens.read.closing import FilmCloser
from cxr_desktop.ui.screens.read.dropped import paths_of
from cxr_desktop.ui.screens.read.presenter import ReadPresenter
from cxr_desktop.ui.screens.read.state import Empty, FilmStatus, ReadState

if TYPE_CHECKING:  # the view makes its actions: they know each other
    from cxr_desktop.ui.screens.read.view import ReadView

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class ReadActions:
    """What can be done on the screen besides what the film offers."""

    open_files: QAction
    open_folder: QAction
    paste: QAction
    run: QAction
    run_all: QAction
    cancel: QAction
    previous: QAction
    next: QAction
    next_unread: QAction
    tags: QAction
    report: QAction
    close: QAction
    close_all: QAction

    def show_state(self, state: ReadState) -> None:
        """Switch on what makes sense now."""
        films = state.films
        entry = films.entries[films.position] if films.position >= 0 else None
        busy = state.is_running or state.is_searching
        busy = busy or (entry is not None and entry.status is FilmStatus.OPENING)
        has_film = not isinstance(state.stage, Empty)
        for action in (self.open_files, self.open_folder, self.paste):
            action.setEnabled(state.may_open)
        self.run.setEnabled(state.may_run and entry is not None and entry.status in _MAY_BE_RUN)
        self.run_all.setEnabled(state.may_run and films.open_count > 0)
        self.cancel.setEnabled(busy)
        self.previous.setEnabled(films.position > 0)
        self.next.setEnabled(0 <= films.position < len(films.entries) - 1)
        self.next_unread.setEnabled(films.next_unread is not None)
        film = getattr(state.stage, "film", None)
        self.tags.setEnabled(film is not None and film.radiograph.file_format == "DICOM")
        self.report.setEnabled(state.may_report)
        self.close.setEnabled(has_film)
        self.close_all.setEnabled(has_film)


_MAY_BE_RUN = (FilmStatus.OPENED, FilmStatus.OPENING, FilmStatus.WAITING)


def make_read_actions(view: ReadView, presenter: ReadPresenter) -> ReadActions:
    """Make the actions, add them to the view and put the first two into the tool bar."""
    closer = FilmCloser(view, presenter)

    def make(icon: str, text: str, keys: tuple[str, ...], do: Callable[[], object]) -> QAction:
        action = QAction(text, view)
        if icon:
            action.setIcon(icons.icon(icon))
        action.setShortcuts([QKeySequence(key) for key in keys])
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.setToolTip(f"{text} ({keys[0]})")
        action.triggered.connect(lambda *_: do())
        view.addAction(action)
        return action

    def paste() -> None:
        view.paths_chosen.emit(paths_of(QGuiApplication.clipboard().mimeData()))

    def next_unread() -> None:
        key = presenter.state.films.next_unread
        if key is not None:
            presenter.select(key)

    actions = ReadActions(
        open_files=make("open", translate("Read", "Open films"), ("Ctrl+O",), view.choose_files),
        open_folder=make(
            "folder", translate("Read", "Open a folder"), ("Ctrl+Shift+O",), view.choose_folder
        ),
        paste=make("clipboard", translate("Read", "Open a copied path"), ("Ctrl+V",), paste),
        run=make("play", translate("Read", "Run the model"), ("F5",), presenter.run),
        run_all=make("play", translate("Read", "Run all films"), ("Shift+F5",), presenter.run_all),
        cancel=make("stop", translate("Read", "Cancel"), ("Esc",), presenter.cancel),
        previous=make(
            "chevron-up", translate("Read", "Previous film"), ("PgUp",), lambda: presenter.step(-1)
        ),
        next=make(
            "chevron-down", translate("Read", "Next film"), ("PgDown",), lambda: presenter.step(1)
        ),
        next_unread=make("", translate("Read", "Next film to read"), ("N",), next_unread),
        tags=make("", translate("Read", "DICOM tags"), ("Ctrl+I",), view.show_tags),
        report=make(
            "",
            translate("Read", "Report of this exam"),
            ("Ctrl+P",),
            lambda: _show_report(view, presenter),
        ),
        close=make(
            "close", translate("Read", "Close this film"), ("Ctrl+W",), closer.close_current
        ),
        close_all=make(
            "close", translate("Read", "Close all films"), ("Ctrl+Shift+W",), closer.close_all
        ),
    )
    # The film's own keys work while the list of films has the focus.
    view.addActions(view.viewer.film_actions.all())
    view.viewer.add_tools((actions.open_files, actions.open_folder), (actions.close,))
    # Enter runs where it means nothing else: not in a field, where a scanner types it.
    for widget in (view.viewer.canvas, view.films.list):
        _on_enter(widget, actions.run)
    return actions


def _show_report(view: ReadView, presenter: ReadPresenter) -> None:
    found = presenter.beside.report()
    if found is None:
        return
    from cxr_desktop.ui.printing.report_dialog import ReportDialog  # noqa: PLC0415 - start-up time

    dialog = ReportDialog(*found, view)
    dialog.setModal(True)
    dialog.show()
    dialog.begin()


def _on_enter(widget: QWidget, action: QAction) -> None:
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        shortcut = QShortcut(QKeySequence(key), widget)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        shortcut.activated.connect(action.trigger)
        if key == Qt.Key.Key_Return:
            shortcut.setWhatsThis(translate("Read", "Run the model (on the film or the list)"))
