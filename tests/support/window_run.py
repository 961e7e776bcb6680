"""The real window, in a process of its own: sign in as `ada`, open a folder, run all.

    python -m tests.support.window_run DATA FILMS MODELS < PASSWORD

One line for each film that the window shows as stored; "ended" when nothing is left to do.
"""

import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QApplication

from cxr_desktop import bootstrap
from cxr_desktop.ui.jobs import JobRunner
from cxr_desktop.ui.main_window import MainWindow
from cxr_desktop.ui.opening import open_data
from cxr_desktop.ui.screens.access.presenter import AccessPresenter
from cxr_desktop.ui.screens.access.state import SigningIn
from cxr_desktop.ui.screens.read.state import FilmStatus
from cxr_desktop.ui.screens.read.view import ReadView
from cxr_desktop.ui.session import Session
from cxr_desktop.ui.shell.model_status import Ready

PATIENCE_S = 120.0


def say(line: str) -> None:
    """Print one line, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def until(what: Callable[[], bool]) -> None:
    """Let Qt work until it is so. Raises TimeoutError."""
    end = time.monotonic() + PATIENCE_S
    while not what():
        QApplication.processEvents()
        time.sleep(0.005)
        if time.monotonic() > end:
            raise TimeoutError


def work(data: Path, folder: Path, models: Path, password: str) -> None:
    """Do it."""
    bootstrap.build = partial(bootstrap.build, built_in_models=models)
    runner, session = JobRunner(), Session()
    presenter = AccessPresenter(open_data, runner, session, data)
    window = MainWindow(presenter, runner, session, data.parent / "window.ini")
    window.show()
    presenter.open()
    until(lambda: isinstance(presenter.state, SigningIn))
    until(lambda: isinstance(window.model.state, Ready))
    presenter.sign_in("ada", password)
    until(lambda: window.shell is not None and not window.shell.maker.is_running)
    view = window.findChild(ReadView)
    assert view is not None
    reading = view._presenter
    wanted = len(list(folder.iterdir()))
    reading.open_paths([folder])
    until(lambda: len(reading.state.films.entries) == wanted and not reading.state.is_searching)
    reading.run_all()
    told: set[str] = set()

    def tell() -> bool:
        stored = [e.name for e in reading.state.films.entries if e.status is FilmStatus.STORED]
        for name in stored:
            if name not in told:
                say(name)
        told.update(stored)
        return not reading.bulk.is_busy

    until(tell)
    say("ended")
    window.close()


if __name__ == "__main__":
    application = QApplication(["cxr-desktop"])
    data, films, models = (Path(word) for word in sys.argv[1:4])
    work(data, films, models, sys.stdin.readline().strip())
