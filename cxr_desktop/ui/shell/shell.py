"""The window of a signed-in person: rail, screens, status line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QSize, QTimer, Signal
from PySide6.QtGui import QAction, QFocusEvent, QKeySequence
from PySide6.QtWidgets import QGridLayout, QMenu, QStackedWidget, QWidget

from cxr_desktop.domain.roles import Actor
from cxr_desktop.domain.self_test import StartChecks
from cxr_desktop.ui import icons
from cxr_desktop.ui.clock import utc_now
from cxr_desktop.ui.errors import Notice
from cxr_desktop.ui.jobs import JobRunner
from cxr_desktop.ui.keymap import KeyMap
from cxr_desktop.ui.navigation import ADMIN, HISTORY, READ, SCREENS, Context, ScreenSpec, ShowsExams
from cxr_desktop.ui.opening import OpenedData
from cxr_desktop.ui.palette import Palette
from cxr_desktop.ui.session import Session
from cxr_desktop.ui.shell.about_dialog import AboutDialog, about_rows
from cxr_desktop.ui.shell.emergency_dialog import EmergencyDialog, may_need_it
from cxr_desktop.ui.shell.emergency_end import EmergencyEnd
from cxr_desktop.ui.shell.help_dialog import open_help
from cxr_desktop.ui.shell.keys_dialog import KeysDialog
from cxr_desktop.ui.shell.model_status import ModelStatus
from cxr_desktop.ui.shell.mouse_fields import mouse_rows
from cxr_desktop.ui.shell.password_dialog import PasswordDialog
from cxr_desktop.ui.shell.rail import Rail
from cxr_desktop.ui.shell.shortcuts_dialog import (
    ShortcutsDialog,
    everywhere,
    kept_keys,
    keys_of,
)
from cxr_desktop.ui.shell.status_line import StatusLine
from cxr_desktop.ui.shell.tour_guide import TourGuide
from cxr_desktop.ui.shell.tour_steps import TourPlaces, steps_for
from cxr_desktop.ui.shell.watch_status import WatchStatus
from cxr_desktop.ui.slices import SlicedMaker, Slices
from cxr_desktop.ui.timers import single_shot
from cxr_desktop.ui.watching import Watching
from cxr_desktop.ui.widgets.notice_bar import NoticeBar
from cxr_desktop.ui.widgets.unsaved import unsaved_on


class Shell(QWidget):
    """Made at sign-in and thrown away at sign-out, with everything a person had on the screen.

    Screens are made in slices, the first one first; who asks for one that is not made yet waits.
    """

    lock_asked = Signal()
    sign_out_asked = Signal()

    def __init__(
        self,
        data: OpenedData,
        runner: JobRunner,
        session: Session,
        model: ModelStatus,
        screens: Sequence[ScreenSpec] = SCREENS,
    ) -> None:
        super().__init__()
        self._data = data
        self._session = session
        self._model = model
        self._checks = StartChecks()
        self.runner = runner.nested()
        self.runner.setParent(self)
        actor = session.require()
        self.keys = KeyMap(data.program.keys, self.runner, session, self)
        to = ShellNavigator(self)
        self._context = Context(data.program, self.runner, session, to, self.keys, model.refresh)
        self._screens = {screen.id: screen for screen in screens}
        self._mine = [screen for screen in screens if screen.is_for(actor)]
        self._made: dict[str, QWidget] = {}
        self.maker = SlicedMaker(self)
        self.maker.made.connect(self._on_made)
        self.current = ""
        self._first = single_shot(self, self._show_first)
        self.stack = QStackedWidget()
        self.notice = NoticeBar()
        self.status = StatusLine()
        self.emergency_end = EmergencyEnd(data.program.access, self.runner, session, utc_now, self)
        self.watching = Watching(data.program.watch, self.runner, session, self)
        watched = WatchStatus(self.watching, data.program.save_film_list, self.runner, session)
        self.status.add(watched)
        self.watching.start()
        self.guide = TourGuide(data.program.tour, self.runner, session, self)
        self.guide.failed.connect(self.notice.show_notice)
        self.menu = self._menu()
        self.rail = Rail(self._mine, self.menu)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        grid.addWidget(self.rail, 0, 0, 2, 1)
        grid.addWidget(self.notice, 0, 1)
        grid.addWidget(self.stack, 1, 1)
        grid.addWidget(self.status, 2, 0, 1, 2)
        grid.setRowStretch(1, 1)
        self.rail.chosen.connect(self.show_screen)
        self.keys.failed.connect(self.notice.show_notice)
        self.keys.load()
        session.actor_changed.connect(self._on_actor)
        model.state_changed.connect(self.status.render_state)
        self._on_actor(actor)
        self.status.render_state(model.state)
        self.maker.start(self.screen_ids, self._slices)

    @property
    def screen_ids(self) -> tuple[str, ...]:
        """The screens that this person sees."""
        return tuple(screen.id for screen in self._mine)

    def show_screen(self, screen_id: str) -> None:
        """Bring a screen to the front; one that the person may not see is ignored."""
        if screen_id not in self.screen_ids:
            return
        if self.current == ADMIN != screen_id:
            self._model.refresh()  # another model or device may have been chosen there
        self._bring(screen_id)

    def open_exam(self, exam_id: str) -> None:
        """Show a stored exam in the viewer of the Read screen, for whoever may see History too."""
        viewer: ShowsExams = self._bring(READ)  # type: ignore[assignment]  # its widget has it
        viewer.open_exam(exam_id)

    def open_films(self, paths: Sequence[Path]) -> None:
        """Open films in the Read screen; ignored for whoever has none."""
        if READ in self._screens:
            viewer: ShowsExams = self._bring(READ)  # type: ignore[assignment]  # its widget has it
            viewer.open_films(paths)

    def unsaved_readings(self) -> list[str]:
        """Return the films whose reading was typed on any screen and is not stored."""
        return unsaved_on(self._made.values())

    def take_keys(self) -> None:
        """Give the keyboard to the tour, else to the screen in front: its keys need the focus."""
        if self.guide.tour is not None:
            self.guide.take_focus()
            return
        screen = self._made.get(self.current, self)
        last: object = screen.focusWidget()  # None until something in it had the focus
        keeper = last if isinstance(last, QWidget) and last.isVisibleTo(screen) else screen
        keeper.setFocus()

    def show_notice(self, notice: Notice) -> None:
        """Show a sentence that belongs to no screen."""
        self.notice.show_notice(notice)

    def show_checks(self, checks: StartChecks) -> None:
        """Say how the checks of the start stand."""
        self._checks = checks
        self.status.show_checks(checks)

    def close_down(self) -> None:
        """Let no late callback reach a widget that is gone, nor one that waits to be deleted."""
        for timer in self.findChildren(QTimer):
            timer.stop()
        self.maker.stop()
        self.watching.stop()
        self.runner.close()
        self._model.state_changed.disconnect(self.status.render_state)
        self._session.actor_changed.disconnect(self._on_actor)

    def _slices(self, screen_id: str) -> Slices:
        return self._screens[screen_id].make(self._context)

    def _on_made(self, screen_id: str, widget: QWidget) -> None:
        self._made[screen_id] = widget
        self.stack.addWidget(widget)
        if not self.current and screen_id == self.screen_ids[0]:
            self._first.start(0)

    def _show_first(self) -> None:
        if not self.current:
            self.show_screen(self._mine[0].id)
            self.guide.offer(self.show_tour)

    def _bring(self, screen_id: str) -> QWidget:
        if screen_id not in self._made:
            self._on_made(screen_id, self.maker.finish(screen_id))
        self.current = screen_id
        self.stack.setCurrentWidget(self._made[screen_id])
        self.rail.mark(screen_id)
        self.take_keys()
        return self._made[screen_id]

    def _on_actor(self, actor: Actor) -> None:
        self.status.show_person(actor)
        self.emergency_end.watch(actor)
        self.emergency.setVisible(may_need_it(actor))

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        for icon, text, key, asked in (
            ("key", self.tr("Change &password…"), "", self.change_password),
            ("lock", self.tr("&Lock"), "Ctrl+L", self.lock_asked.emit),
            ("sign-out", self.tr("&Sign out or switch person"), "Ctrl+Shift+Q",
             self.sign_out_asked.emit),
            ("help", self.tr("&Help"), "F1", lambda: open_help(self)),
            ("keyboard", self.tr("&Keyboard shortcuts"), "Ctrl+F1", self.show_shortcuts),
            ("eye", self.tr("&Tour of the window"), "", self.show_tour),
            ("info", self.tr("&About CXR Desktop"), "", self.show_about),
        ):  # fmt: skip
            action = QAction(icons.icon(icon, Palette.MUTED), text, self)
            action.setShortcut(QKeySequence(key))
            action.triggered.connect(lambda *_, do=asked: do())
            self.addAction(action)
            menu.addAction(action)
        self.emergency = QAction(
            icons.icon("caution", Palette.MUTED), self.tr("&Emergency access…"), self
        )
        self.emergency.triggered.connect(lambda *_: self.ask_for_emergency())
        menu.insertAction(menu.actions()[1], self.emergency)
        opener = QAction(self.tr("Open the menu"), self)
        opener.setShortcut(QKeySequence("F10"))
        opener.triggered.connect(lambda *_: self.rail.person.showMenu())
        self.addAction(opener)
        return menu

    def change_password(self) -> PasswordDialog:
        """Ask for a new password."""
        dialog = PasswordDialog(self._data.program.access, self.runner, self._session, self)
        dialog.accepted.connect(
            lambda: self.show_notice(Notice("info", self.tr("Your password was changed.")))
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def ask_for_emergency(self) -> EmergencyDialog:
        """Ask for a reason to open everybody's exams."""
        dialog = EmergencyDialog(self._data.program.emergency, self.runner, self._session, self)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def show_shortcuts(self) -> ShortcutsDialog:
        """List all keys of the window and of the screens opened so far."""
        groups = [(self.tr("Everywhere"), [*self._own_keys(), *everywhere()])]
        for screen_id, widget in self._made.items():
            title = QCoreApplication.translate("Navigation", self._screens[screen_id].title)
            groups.append((title, keys_of(widget)))
        groups.append((self.tr("Mouse on the film"), mouse_rows(self.keys.buttons)))
        dialog = ShortcutsDialog(groups, self)
        dialog.change_asked.connect(self.choose_keys)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def choose_keys(self) -> KeysDialog:
        """Let the person choose keys for what the screens opened so far can do."""
        choosable = {row.text for row in self.keys.rows()}
        kept = dict([*self._own_keys(), *everywhere(), *kept_keys()])
        elsewhere: dict[str, str] = {}
        for screen_id, widget in self._made.items():
            own = {key: what for key, what in keys_of(widget) if what not in choosable}
            (kept if screen_id == READ else elsewhere).update(own)
        dialog = KeysDialog(self.keys, kept, elsewhere, self)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def show_tour(self) -> None:
        """Explain the window in a few steps, beginning with the first screen."""
        self.show_screen(self._mine[0].id)
        history = self.rail.buttons.get(HISTORY, self.stack)
        places = TourPlaces(self.stack, self.status, history, self.rail.person)
        self.guide.show(steps_for(self._session.require(), places, self.keys.key_of))

    def show_about(self) -> AboutDialog:
        """Say what this is."""
        root = self._data.program.data.root
        dialog = AboutDialog(about_rows(self._model.state, root, self._checks), self)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def _own_keys(self) -> list[tuple[str, str]]:
        own = [*self.rail.actions(), *self.actions()]
        native = QKeySequence.SequenceFormat.NativeText
        return [
            (action.shortcut().toString(native), action.text().replace("&", "").rstrip("…"))
            for action in own
            if not action.shortcut().isEmpty()
        ]

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Hand the keys on."""
        super().focusInEvent(event)
        self.take_keys()

    def sizeHint(self) -> QSize:
        """Give the screens room."""
        return QSize(1280, 800)


class ShellNavigator:
    """The `Navigator` that the screens of a shell get."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def show(self, screen_id: str) -> None:
        """Bring a screen to the front."""
        self._shell.show_screen(screen_id)

    def open_exam(self, exam_id: str) -> None:
        """Show a stored exam."""
        self._shell.open_exam(exam_id)

    def open_films(self, paths: Sequence[Path]) -> None:
        """Open films."""
        self._shell.open_films(paths)
