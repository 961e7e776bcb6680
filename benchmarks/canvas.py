"""How long the film takes to be painted: run by hand, prints milliseconds per frame.

    QT_QPA_PLATFORM=offscreen python benchmarks/canvas.py
    xvfb-run -a -s "-screen 0 1920x1080x24" python benchmarks/canvas.py painted

`painted` shows the film in a window and moves a pressed mouse over it: a frame goes from the mouse
event to the picture handed to the window system, and one that was not painted is not counted.
Without it frames are painted into a picture of the canvas's size, as Qt paints them into the
window; what the screen does with it afterwards is not in the figures.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from benchmarks.lines import say
from cxr_desktop.domain.assessment import HeatMap
from cxr_desktop.domain.measurement import Measurement, MeasurementKind
from cxr_desktop.domain.model_input import FilmRegion
from cxr_desktop.domain.radiograph import Radiograph, StudyInfo
from cxr_desktop.ui.widgets.compare_stage import CompareStage
from cxr_desktop.ui.widgets.corner_text import Corners
from cxr_desktop.ui.widgets.film_pyramid import FilmPyramid
from cxr_desktop.ui.widgets.image_canvas import ImageCanvas

FRAMES = 60
SIDES = (3000, 8000)
VIEW = (1300, 950)
FULL_HD = (1920, 1080)


def main() -> None:
    """Measure a usual and the largest film, in the moves that a reader makes."""
    app = QApplication(sys.argv[:1])
    if "painted" in sys.argv:
        measure_painted(app)
        return
    for side in SIDES:
        pixels = np.random.default_rng(0).random((side, side), dtype=np.float32)
        start = time.perf_counter()
        pyramid = FilmPyramid.of(pixels)
        say(f"film {side} x {side}, view {VIEW[0]} x {VIEW[1]}")
        say(f"  pyramid, once, in a job    {(time.perf_counter() - start) * 1000:6.1f} ms")
        canvas = ImageCanvas()
        canvas.resize(*VIEW)
        film = Radiograph(pixels, "0" * 64, "film", "PNG", 16)
        canvas.show_film(film, pyramid)
        canvas.set_corners(Corners.of(StudyInfo(patient_name="Doe^Jane", view_position="PA")))
        measure(canvas)
        measure_map(canvas, side)
        measure_tools(canvas, side)
    measure_side_by_side()
    app.quit()


class Watch(QObject):
    """Counts how often a widget is painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.painted = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Count, and let it be painted."""
        self.painted += event.type() == QEvent.Type.Paint
        return super().eventFilter(watched, event)


def measure_painted(app: QApplication) -> None:
    """Drag with the mouse over a 3000 x 3000 film of 16 bit in a window."""
    stored = np.random.default_rng(0).integers(0, 65536, (SIDES[0], SIDES[0]), dtype=np.uint16)
    film = Radiograph(stored / np.float32(65535), "0" * 64, "film", "PNG", 16)
    left, right = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
    for width, height in (VIEW, FULL_HD):
        canvas = ImageCanvas()
        canvas.resize(width, height)
        canvas.show()
        canvas.show_film(film)
        canvas.set_corners(Corners.of(StudyInfo(patient_name="Doe^Jane", view_position="PA")))
        place = f"in a window of {width} x {height} ({app.platformName()})"
        say(f"film {SIDES[0]} x {SIDES[0]}, 16 bit, {place}, by mouse")
        watch = Watch(canvas)
        drag(app, watch, "window, fitted", left)
        drag(app, watch, "pan, fitted", right)
        canvas.actual_size()
        drag(app, watch, "window, 1:1", left)
        drag(app, watch, "pan, 1:1", right)
        canvas.close()


def drag(app: QApplication, watch: Watch, name: str, button: Qt.MouseButton) -> None:
    """Hold a button and move; print how often the film was painted and how long that took."""
    canvas = watch.parent()
    if not isinstance(canvas, QWidget):
        raise TypeError
    at = QPoint(300, 300)
    QTest.mousePress(canvas, button, pos=at)
    app.processEvents()
    took, before = [], watch.painted
    for index in range(2 * FRAMES):
        at += QPoint(3, 2) if index % 50 < 25 else QPoint(-3, -2)
        start = time.perf_counter()
        QTest.mouseMove(canvas, at)
        app.processEvents()
        took.append((time.perf_counter() - start) * 1000)
    painted = watch.painted - before
    QTest.mouseRelease(canvas, button, pos=at)
    slow = sorted(took)[int(len(took) * 0.95)]
    say(
        f"  {name:<16} {painted} of {len(took)} moves painted; {statistics.median(took):5.1f} ms,"
        f" 95 % within {slow:5.1f} ms, {1000 * painted / sum(took):4.0f} frames a second"
    )


def measure_side_by_side() -> None:
    """Drag and pan two linked films of 3000 x 3000, each in its half of the view."""
    say(f"two films {SIDES[0]} x {SIDES[0]} side by side")
    stage = CompareStage(ImageCanvas())
    stage.resize(*VIEW)
    films = []
    for seed in (1, 2):
        pixels = np.random.default_rng(seed).random((SIDES[0], SIDES[0]), dtype=np.float32)
        films.append(Radiograph(pixels, f"{seed:064}", "film", "PNG", 16))
    stage.show()
    stage.canvas.show_film(films[0])
    stage.show_other(films[1], FilmPyramid.of(films[1].pixels), Corners(), "EARLIER FILM")
    QApplication.processEvents()
    canvas = stage.canvas
    frames("window, fitted", stage, lambda i: canvas.set_window(0.5, 0.3 + i / 100))
    canvas.actual_size()
    frames("pan, 1:1", stage, lambda i: canvas.pan_by(7 if i % 2 else -9, 5))


def measure_map(canvas: ImageCanvas, side: int) -> None:
    """Drag the window under a heat map."""
    values = np.linspace(-1, 2, 49, dtype=np.float32).reshape(7, 7)
    canvas.set_heat_map(HeatMap(values, FilmRegion(0, 0, side, side)))
    canvas.set_heat_map_visible(True)
    canvas.fit()
    frames("window, fitted, heat map", canvas, lambda i: canvas.set_window(0.5, 0.3 + i / 200))


def measure(canvas: ImageCanvas) -> None:
    """Drag the window, pan and zoom."""
    frames("window, fitted", canvas, lambda i: canvas.set_window(0.5, 0.3 + i / 100))
    canvas.actual_size()
    frames("window, 1:1", canvas, lambda i: canvas.set_window(0.5, 0.3 + i / 100))
    frames("pan, 1:1", canvas, lambda i: canvas.pan_by(7 if i % 2 else -9, 5))
    frames("zoom, 1:1 to 20:1", canvas, lambda _: canvas.zoom_by(1.05))
    canvas.fit()
    frames("zoom, from fitted", canvas, lambda _: canvas.zoom_by(1.02))


def measure_tools(canvas: ImageCanvas, side: int) -> None:
    """Turn the film, draw on it, and hold the glass over it."""
    canvas.set_heat_map_visible(False)
    canvas.turn_right()
    frames("window, turned", canvas, lambda i: canvas.set_window(0.5, 0.3 + i / 200))
    canvas.actual_size()
    frames("pan, turned, 1:1", canvas, lambda i: canvas.pan_by(7 if i % 2 else -9, 5))
    canvas.reset()
    quarter = side / 4
    lines = tuple(
        Measurement(MeasurementKind.LENGTH, ((quarter, 9.0 * i), (3 * quarter, 90.0 * i)))
        for i in range(20)
    )
    canvas.measures.show(lines)
    frames("window, 20 lengths", canvas, lambda i: canvas.set_window(0.5, 0.3 + i / 200))
    canvas.set_magnifier(True)

    def move(index: int) -> None:
        canvas.magnifier.at = QPointF(300 + 9 * index, 400)

    frames("magnifier", canvas, move)
    canvas.set_magnifier(False)


def frames(name: str, canvas: QWidget, move: Callable[[int], None]) -> None:
    """Move and paint many times; print median and worst."""
    picture = QImage(canvas.size(), QImage.Format.Format_RGB32)
    took = []
    for index in range(FRAMES):
        start = time.perf_counter()
        move(index)
        canvas.render(picture)
        took.append((time.perf_counter() - start) * 1000)
    say(f"  {name:<26} {statistics.median(took):6.1f} ms, worst {max(took):5.1f} ms")


if __name__ == "__main__":
    main()
