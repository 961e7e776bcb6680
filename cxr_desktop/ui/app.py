"""The window program: from the command line to the event loop."""

from __future__ import annotations

import argparse
import faulthandler
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QApplication

from cxr_desktop import __version__
from cxr_desktop.domain.errors import StorageUnavailable
from cxr_desktop.ui import theme
from cxr_desktop.ui.background_work import BackgroundWork
from cxr_desktop.ui.crash import CrashHook
from cxr_desktop.ui.garbage import GarbageRest
from cxr_desktop.ui.jobs import JobRunner
from cxr_desktop.ui.main_window import MainWindow
from cxr_desktop.ui.opening import open_data
from cxr_desktop.ui.precedence import let_window_go_first
from cxr_desktop.ui.screen_check import screen_check
from cxr_desktop.ui.screens.access.presenter import AccessPresenter
from cxr_desktop.ui.session import Session

NAME = "cxr-desktop"
MEMORY_NAME = "window.ini"
EXIT_FAILED = 1


def main(argv: Sequence[str]) -> int:
    """Show the window until it is closed; return the exit status.

    The order matters: look, window, and only then, in a thread, the data folder, the model and
    all the libraries they need, while the person is typing.
    """
    folder = data_folder(argv)
    if sys.stderr is not None:  # a window program on Windows has none
        faulthandler.enable()
    let_window_go_first()
    application = QApplication([NAME])
    application.setApplicationName(NAME)
    application.setApplicationDisplayName("CXR Desktop")
    application.setApplicationVersion(__version__)
    application.setDesktopFileName(NAME)
    try:
        theme.apply(application)
    except StorageUnavailable as error:
        sys.stderr.write(f"{error}\n")
        return EXIT_FAILED
    runner, session = JobRunner(), Session()
    GarbageRest(session)  # before the window: see there
    open_here = partial(open_data, screen=screen_check(application.primaryScreen()))
    presenter = AccessPresenter(open_here, runner, session, folder)
    window = MainWindow(presenter, runner, session, window_memory())
    background = BackgroundWork(runner)
    presenter.opened.connect(background.on_opened)
    presenter.state_changed.connect(background.on_access)
    session.signed_in.connect(background.on_signed_in)
    background.found.connect(window.show_found)
    hook = CrashHook(window)
    hook.install()
    try:
        window.show()
        presenter.open()
        return application.exec()
    finally:
        runner.close()
        presenter.close()
        hook.remove()


def data_folder(argv: Sequence[str]) -> Path | None:
    """Return what `--data-dir` names, if it is there."""
    parser = argparse.ArgumentParser(prog=NAME, allow_abbrev=False)
    parser.add_argument("--data-dir", type=Path)
    folder: Path | None = parser.parse_args(list(argv)).data_dir
    return None if folder is None else folder.expanduser().absolute()


def window_memory() -> Path:
    """Return the file that remembers where this user's window was; nothing else is in it."""
    config = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericConfigLocation)
    return Path(config) / NAME / MEMORY_NAME
