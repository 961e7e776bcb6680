"""The main job in the real window: longest stall of the GUI, time per film, pictures to look at.

    python -m benchmarks.main_job FILM... [--pictures DIR] [--fast]

Starts the program over a new data folder, makes an administrator, opens the films, runs them, opens
one again from History and shows Admin. Prints, per step, the longest time in which the GUI did
nothing, with a bare `InferenceSession.run` of the same film in the same process as the peer, and
one JSON line per film with the stored probability.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from benchmarks.heartbeat import Heartbeat
from benchmarks.lines import say
from cxr_desktop.domain.history import HistoryQuery
from cxr_desktop.domain.ports import NoProgress
from cxr_desktop.inference.fast_mode import FastClassifier
from cxr_desktop.ui import theme
from cxr_desktop.ui.garbage import GarbageRest
from cxr_desktop.ui.jobs import JobRunner
from cxr_desktop.ui.main_window import MainWindow
from cxr_desktop.ui.opening import open_data
from cxr_desktop.ui.precedence import let_window_go_first
from cxr_desktop.ui.screens.access.presenter import AccessPresenter
from cxr_desktop.ui.screens.access.state import FirstStart, KeyShown
from cxr_desktop.ui.screens.read.state import FilmStatus
from cxr_desktop.ui.screens.read.view import ReadView
from cxr_desktop.ui.session import Session
from cxr_desktop.ui.shell.model_status import Ready

PATIENCE_S = 180.0
PASSWORD = "seven calm lanterns walk"  # noqa: S105 - of a folder that is thrown away
FAST = '[model]\nfast = "auto"\n'
ENDED = (FilmStatus.STORED, FilmStatus.REFUSED, FilmStatus.FAILED)


def stall(heart: Heartbeat) -> str:
    """Say how long the longest stall was, what the window's thread worked, and had no core."""
    parts = f"{heart.its_work_ms:5.1f} its own work, {heart.no_core_ms:5.1f} without a core"
    return f"longest stall {heart.longest_gap_ms:6.1f} ms ({parts})"


class Walk:
    """One walk through the program."""

    def __init__(self, folder: Path, pictures: Path | None, patience_s: float = PATIENCE_S) -> None:
        self.patience_s = patience_s
        let_window_go_first()  # as the program does
        self.runner, self.session = JobRunner(), Session()
        GarbageRest(self.session)  # the same
        self.presenter = AccessPresenter(open_data, self.runner, self.session, folder / "data")
        self.window = MainWindow(self.presenter, self.runner, self.session, folder / "window.ini")
        self.pictures = pictures

    def until(self, what: Callable[[], bool]) -> None:
        """Let the event loop run until it is so. Raises TimeoutError."""
        loop, poll, end = QEventLoop(), QTimer(), time.perf_counter() + self.patience_s

        def look() -> None:
            if what() or time.perf_counter() > end:
                loop.quit()

        poll.timeout.connect(look)
        poll.start(10)
        loop.exec()
        poll.stop()
        if not what():
            raise TimeoutError

    def step(self, name: str, act: Callable[[], object], what: Callable[[], bool]) -> float:
        """Do it, wait, and print the stall and the milliseconds it took."""
        start = time.perf_counter()
        with Heartbeat() as heart:
            QTimer.singleShot(0, act)
            self.until(what)
        took = (time.perf_counter() - start) * 1000
        say(f"{name:<28} {took:8.0f} ms   {stall(heart)}")
        self.picture(name)
        return took

    def skip_tour(self) -> None:
        """Take the tour of the window away, which lies over it for whoever is there first."""
        shell = self.window.shell
        assert shell is not None
        self.until(lambda: shell.guide.tour is not None)
        assert shell.guide.tour is not None
        shell.guide.tour.skip.click()
        self.until(lambda: shell.guide.tour is None)

    def a_moment(self) -> Callable[[], bool]:
        """Say when a fifth of a second is over: a screen is drawn after it was asked for."""
        end = time.perf_counter() + 0.2
        return lambda: time.perf_counter() > end

    def picture(self, name: str) -> None:
        """Save what the window shows, at two sizes."""
        if self.pictures is None:
            return
        for width, height in ((1024, 700), (1600, 1000)):
            self.window.resize(width, height)
            pause = time.perf_counter() + 0.4
            self.until(lambda: time.perf_counter() > pause)  # noqa: B023 - used at once
            self.window.grab().save(str(self.pictures / f"{name.replace(' ', '_')}_{width}.png"))


def walk(films: list[Path], folder: Path, pictures: Path | None) -> None:
    """Do the main job on the films."""
    tour = Walk(folder, pictures)
    window = tour.window
    window.show()
    tour.step(
        "open data folder",
        tour.presenter.open,
        lambda: isinstance(tour.presenter.state, FirstStart),
    )
    tour.until(lambda: isinstance(window.model.state, Ready))
    tour.step(
        "first administrator",
        lambda: tour.presenter.create_first("amina", "Dr Amina", PASSWORD),
        lambda: isinstance(tour.presenter.state, KeyShown),
    )
    tour.until(lambda: not window.loader.is_running and not window.icons.is_running)
    tour.step(
        "get in",
        tour.presenter.key_kept,
        lambda: window.shell is not None and window.shell.current == "read",
    )
    shell = window.shell
    assert shell is not None
    view = window.findChild(ReadView)
    assert view is not None
    with Heartbeat() as heart:
        tour.until(lambda: not shell.maker.is_running)
    say(f"{'other screens, when free':<42} {stall(heart)}")
    tour.skip_tour()
    reading = view._presenter  # noqa: SLF001 - the reader's hands
    tour.step(
        "open films",
        lambda: reading.open_paths(films),
        lambda: any(entry.status is FilmStatus.OPENED for entry in reading.state.films.entries),
    )
    took = tour.step(
        "run all",
        reading.run_all,
        lambda: all(entry.status in ENDED for entry in reading.state.films.entries),
    )
    say(f"{'per film':<28} {took / len(films):8.0f} ms")
    tour.step("history", lambda: shell.show_screen("history"), tour.a_moment())
    tour.picture("history_filled")
    tour.step("admin", lambda: shell.show_screen("admin"), tour.a_moment())
    tour.step("quality", lambda: shell.show_screen("quality"), tour.a_moment())
    data = window._data  # noqa: SLF001 - the program behind the window, to ask what is stored
    assert data is not None
    program, actor = data.program, tour.session.require()
    rows = program.history.search(actor, HistoryQuery(limit=1000)).rows
    for row in sorted(rows, key=lambda row: row.file_name):
        say(json.dumps({"file": row.file_name, "probability": row.probability}))
    bare(program.engine, films[0])
    if rows:
        tour.step("exam from history", lambda: shell.open_exam(rows[0].exam_id), view.isVisible)
    window.close()


def bare(engine: object, film: Path) -> None:
    """Time `InferenceSession.run` alone, and the whole road of one film, in this process.

    With the fast mode too the peer is the session in fp32; the road is then the fast one.
    """
    assess = engine.assess  # type: ignore[attr-defined]  # the program's Engine
    classifier = assess.classifier()
    session = classifier.exact if isinstance(classifier, FastClassifier) else classifier
    opened = assess.open(film, NoProgress())
    tensor = assess._prepare(opened.radiograph, classifier.input_spec).tensor  # noqa: SLF001 - peer
    alone = min(_timed(lambda: session.run(tensor)) for _ in range(7))
    whole = min(_timed(lambda: assess(film, NoProgress())) for _ in range(7))
    say(f"{'bare session run':<28} {alone:8.1f} ms")
    say(f"{'read, prepare, run':<28} {whole:8.1f} ms   ratio {whole / alone:.2f}")
    say(f"{'answered by':<28} {classifier.device}")


def _timed(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) * 1000


def main() -> None:
    """Read the words of the command line and walk."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("films", nargs="+", type=Path)
    parser.add_argument("--pictures", type=Path)
    parser.add_argument("--fast", action="store_true", help="with the fast mode, where it is")
    words = parser.parse_args()
    if words.pictures:
        words.pictures.mkdir(parents=True, exist_ok=True)
    application = QApplication(["cxr-desktop"])
    theme.apply(application)
    with tempfile.TemporaryDirectory() as folder:
        if words.fast:
            (Path(folder) / "data").mkdir()
            (Path(folder) / "data" / "settings.toml").write_text(FAST, encoding="utf-8")
        walk(words.films, Path(folder), words.pictures)


if __name__ == "__main__":
    main()
