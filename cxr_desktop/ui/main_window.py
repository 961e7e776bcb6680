"""The one window: the door, or what a signed-in person sees behind it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSettings, QSize, QTimer
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QMainWindow, QStackedWidget

from cxr_desktop.ui import icons
from cxr_desktop.ui.jobs import JobRunner
from cxr_desktop.ui.navigation import SCREENS, ScreenSpec
from cxr_desktop.ui.opening import OpenedData
from cxr_desktop.ui.screen_loader import ScreenLoader
from cxr_desktop.ui.screens.access.presenter import AccessPresenter
from cxr_desktop.ui.screens.access.state import AccessState, Inside
from cxr_desktop.ui.screens.access.view import AccessView
from cxr_desktop.ui.session import Session
from cxr_desktop.ui.shell.idle_lock import IdleLock
from cxr_desktop.ui.shell.model_status import ModelStatus, Ready
from cxr_desktop.ui.shell.os_lock import OsLock, awake_seconds
from cxr_desktop.ui.shell.start_check import StartCheck
from cxr_desktop.ui.widgets.unsaved import may_lose

if TYPE_CHECKING:  # loaded with the data folder: it brings what the sign-in does not need
    from cxr_desktop.ui.shell.shell import Shell

SMALLEST = QSize(960, 640)
FIRST_SIZE = QSize(1280, 800)
TITLE_BAR = 40  # how high it is at most is known only once the window is shown
GEOMETRY = "window/geometry"
LISTEN_MS = 1000  # after a sign-in, when the screens are made
NAME = "CXR Desktop"


class MainWindow(QMainWindow):
    """Shows the door while nobody is in or the window is locked, else the shell.

    `memory` is the file that remembers the window's place. `clock` gives seconds of real time,
    `awake` without those that the computer slept.
    """

    def __init__(
        self,
        presenter: AccessPresenter,
        runner: JobRunner,
        session: Session,
        memory: Path,
        *,
        clock: Callable[[], float] = time.time,
        awake: Callable[[], float] = awake_seconds,
        screens: Sequence[ScreenSpec] = SCREENS,
    ) -> None:
        super().__init__()
        self._presenter = presenter
        self._runner = runner
        self._session = session
        self._screens = screens
        self._memory = QSettings(str(memory), QSettings.Format.IniFormat)
        self._data: OpenedData | None = None
        self._found = ""
        self.shell: Shell | None = None
        self.model = ModelStatus(runner)
        self.start_check = StartCheck(runner, self)
        self.idle = IdleLock(clock, awake, self)
        self.os_lock = OsLock(self)
        self._listens = False
        self.icons = icons.IconWarmer(self)
        self.loader = ScreenLoader(self)
        self.door = AccessView(presenter)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.door)
        self.setCentralWidget(self._stack)
        self.setWindowTitle(NAME)
        self.setWindowIcon(icons.icon("app"))
        self.setMinimumSize(SMALLEST)
        self._restore_place()
        presenter.may_leave = self._may_leave
        presenter.opened.connect(self._on_opened)
        presenter.state_changed.connect(self._on_access)
        session.signed_in.connect(self._on_signed_in)
        session.signed_in.connect(self.start_check.on_signed_in)
        session.signed_out.connect(self._on_signed_out)
        self.idle.idle.connect(presenter.lock)
        self.os_lock.left.connect(presenter.lock)
        self.door.quit_asked.connect(self.close)

    def show_found(self, words: str) -> None:
        """Say in the status line what a full check found; nothing where it found nothing."""
        self._found = words
        if self.shell is not None:
            self.shell.status.show_found(words)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember the place, end all work, sign out; ask where a reading is not saved."""
        if not self._may_leave():
            event.ignore()
            return
        self._memory.setValue(GEOMETRY, self.saveGeometry())
        self._memory.sync()
        self.idle.stop()
        self.start_check.stop()
        self._runner.close()
        self._presenter.close()
        super().closeEvent(event)

    def _may_leave(self) -> bool:
        """Ask where readings would be lost; a locked window names no film."""
        films = self.shell.unsaved_readings() if self.shell is not None else ()
        return may_lose(films, self, names=isinstance(self._presenter.state, Inside))

    def _restore_place(self) -> None:
        self.resize(FIRST_SIZE)
        kept = self._memory.value(GEOMETRY)
        if isinstance(kept, QByteArray) and self.restoreGeometry(kept):
            return
        screen = QGuiApplication.primaryScreen()
        if screen is not None:
            room = screen.availableGeometry()
            room.adjust(0, 0, 0, -TITLE_BAR)
            self.resize(FIRST_SIZE.boundedTo(room.size()))
            self.move(room.center() - self.rect().center())

    def _on_opened(self, data: OpenedData) -> None:
        self._data = data
        self.setWindowTitle(" – ".join(part for part in (NAME, data.institution) if part))
        engine = data.program.engine

        def load() -> Ready:
            engine.warm_up()
            classifier = engine.assess.classifier()
            model = f"{classifier.model.id} {classifier.model.version}"
            return Ready(model, classifier.device, classifier.notice, engine.runtime)

        self.model.start(load)
        self.start_check.watch(data.program.self_test)
        self.icons.start()
        self.loader.start()

    def _on_access(self, state: AccessState) -> None:
        if isinstance(state, Inside):
            QTimer.singleShot(0, self, self._uncover)  # making the shell took its turn already
        else:
            self._cover()

    def _on_signed_in(self, _: object) -> None:
        from cxr_desktop.ui.shell.shell import Shell  # noqa: PLC0415 - start-up time

        assert self._data is not None  # somebody signed in, so a folder is open
        self.shell = Shell(self._data, self._runner, self._session, self.model, self._screens)
        self.start_check.changed.connect(self.shell.show_checks)
        self.shell.lock_asked.connect(self._presenter.lock)
        self.shell.sign_out_asked.connect(self._presenter.sign_out)
        self.shell.status.show_found(self._found)
        self._stack.addWidget(self.shell)

    def _on_signed_out(self) -> None:
        self._cover()
        shell, self.shell = self.shell, None
        if shell is not None:
            self.start_check.changed.disconnect(shell.show_checks)
            shell.close_down()
            self._stack.removeWidget(shell)
            shell.deleteLater()

    def _cover(self) -> None:
        """Put the door before everything: dialogs and menus are closed, the shell is not drawn."""
        self.idle.stop()
        popup = QApplication.activePopupWidget()
        while popup is not None:
            popup.close()
            following = QApplication.activePopupWidget()
            popup = following if following is not popup else None
        for window in QApplication.topLevelWidgets():
            if isinstance(window, QDialog) and window.isVisible():
                window.reject()
        self._stack.setCurrentWidget(self.door)

    def _uncover(self) -> None:
        inside = isinstance(self._presenter.state, Inside)  # it may have been locked since
        if self.shell is None or self._data is None or not inside:
            return
        self._stack.setCurrentWidget(self.shell)
        self.shell.take_keys()
        self._start_watching()

    def _start_watching(self) -> None:
        data = self._data
        if data is None:
            return
        self.idle.start(data.idle_lock_minutes)
        if not self._listens:
            self._listens = True
            QTimer.singleShot(LISTEN_MS, self, lambda: self.os_lock.start(int(self.winId())))
        # An administrator may have changed it since the folder was opened.
        self._runner.start(
            lambda _: int(data.program.settings.get("session.idle_lock_minutes")),
            done=self._on_limit,
            failed=lambda _: None,
        )

    def _on_limit(self, minutes: int) -> None:
        if self.idle.is_running:
            self.idle.start(minutes)
