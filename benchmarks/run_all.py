"""Run all in the real window: longest stall of the GUI, films per second, seconds to a stop.

    python -m benchmarks.run_all FOLDER [--films 500] [--picture FILE.png]

Opens a folder of films, runs them, pauses after the first tenth, goes on, leafs through some films
meanwhile, opens the folder once more and runs all again: nothing is done twice. Says, per step, the
longest time in which the GUI did nothing.
"""

from __future__ import annotations

import argparse
import itertools
import tempfile
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from benchmarks.lines import say
from benchmarks.main_job import PASSWORD, Walk
from cxr_desktop.imaging.collect import find_films
from cxr_desktop.ui import theme
from cxr_desktop.ui.screens.access.state import FirstStart, KeyShown
from cxr_desktop.ui.screens.read.presenter import ReadPresenter
from cxr_desktop.ui.screens.read.view import ReadView
from cxr_desktop.ui.shell.model_status import Ready

PATIENCE_S = 3600.0


class Leafing:
    """A reader who looks at the next film every fifth of a second."""

    def __init__(self, reading: ReadPresenter, films: int = 10) -> None:
        self.left = films
        self._reading = reading
        self._timer = QTimer()
        self._timer.timeout.connect(self._on_time)

    def start(self) -> None:
        """Begin."""
        self._timer.start(200)

    def _on_time(self) -> None:
        self.left -= 1
        if self.left == 0:
            self._timer.stop()
        self._reading.step(1)


def walk(films: list[Path], folder: Path, picture: Path | None) -> None:
    """Do it on these films."""
    tour = Walk(folder, None, PATIENCE_S)
    window = tour.window
    window.show()
    tour.presenter.open()
    tour.until(lambda: isinstance(tour.presenter.state, FirstStart))
    tour.until(lambda: isinstance(window.model.state, Ready))
    tour.presenter.create_first("amina", "Dr Amina", PASSWORD)
    tour.until(lambda: isinstance(tour.presenter.state, KeyShown))
    tour.until(lambda: not window.loader.is_running and not window.icons.is_running)
    tour.presenter.key_kept()
    tour.until(lambda: window.shell is not None and not window.shell.maker.is_running)
    tour.skip_tour()
    view = window.findChild(ReadView)
    assert view is not None
    reading: ReadPresenter = view._presenter  # noqa: SLF001 - the reader's hands
    bulk = reading.bulk

    def done() -> int:
        return bulk.state.done if bulk.state is not None else len(films)

    def is_listed() -> bool:
        return len(reading.state.films.entries) == len(films) and not reading.state.is_searching

    tour.step("open the folder", lambda: reading.open_paths(films), is_listed)
    tour.step("run a tenth", reading.run_all, lambda: done() >= len(films) // 10)
    tour.step("pause", bulk.pause, lambda: bulk.state is not None and not bulk.state.is_stopping)
    if picture is not None:
        window.grab().save(str(picture))
    bulk.resume()
    tour.until(lambda: done() > len(films) // 10)
    leafing = Leafing(reading)
    tour.step("leaf through ten meanwhile", leafing.start, lambda: leafing.left == 0)
    before = done()
    took = tour.step("go on to the end", lambda: None, lambda: not bulk.is_busy)
    say(f"{'films per second':<28} {(len(films) - before) / took * 1000:8.2f}")
    reading.close_all()
    tour.step("open the folder again", lambda: reading.open_paths(films), is_listed)
    took = tour.step("run all again", reading.run_all, lambda: not bulk.is_busy)
    summary = reading.state.summary
    assert summary is not None
    say(f"{'stored before':<28} {summary.sums.stored_before:8}")
    reading.run_again(every=True)
    tour.until(lambda: done() >= 2)
    tour.step("cancel", reading.cancel, lambda: not bulk.is_busy)
    window.close()


def main() -> None:
    """Read the words of the command line and walk."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--films", type=int, default=500)
    parser.add_argument("--picture", type=Path)
    words = parser.parse_args()
    application = QApplication(["cxr-desktop"])
    theme.apply(application)
    films = list(itertools.islice(find_films([words.folder]), words.films))
    with tempfile.TemporaryDirectory() as folder:
        walk(films, Path(folder), words.picture)


if __name__ == "__main__":
    main()
