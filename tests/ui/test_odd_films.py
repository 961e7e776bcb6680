"""Films that are odd but real enough to be opened: each is shown, and every tool works on it."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.errors import FilmRefused, RefusalCode
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.imaging.registry import read_image
from cxr_desktop.inference.intended_use import check_film
from cxr_desktop.ui.widgets.exam_viewer import ExamViewer
from cxr_desktop.ui.widgets.measure_text import text_of
from tests.support.film_files import dicom, encoded, png_claiming, ramp

NOISE = np.random.default_rng(0).integers(0, 65536, (2000, 1), dtype=np.uint16)
FILMS = {
    "one pixel wide": encoded(".png", NOISE),
    "one pixel high": encoded(".png", np.ascontiguousarray(NOISE.T)),
    "two pixels": encoded(".png", NOISE[:2]),
    "without a spacing": dicom(ramp(400, 300)),
    "with a window of width 0": dicom(ramp(400, 300), WindowCenter="0", WindowWidth="0"),
    "with a window beside its values": dicom(
        ramp(400, 300), WindowCenter="60000", WindowWidth="10"
    ),
}


@pytest.fixture
def viewer(qtbot: QtBot) -> Iterator[ExamViewer]:
    made = ExamViewer()
    qtbot.addWidget(made)
    made.resize(936, 672)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    yield made
    made.close()


def read(folder: Path, content: bytes) -> Radiograph:
    path = folder / "film"
    path.write_bytes(content)
    return read_image(path)


@pytest.mark.parametrize("name", FILMS)
def test_every_tool_works_on_an_odd_film(tmp_path: Path, viewer: ExamViewer, name: str) -> None:
    film = read(tmp_path, FILMS[name])
    viewer.show_film(film)
    canvas = viewer.canvas
    canvas.setFocus()
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a division by zero is one
        for key in "1234567IIQEXPF0":
            QTest.keyClicks(canvas, key)
            assert np.isfinite(canvas.window_level.width)
            assert canvas.window_level.width > 0
            canvas.grab()
        QTest.keyPress(canvas, Qt.Key.Key_Z)
        canvas.grab()
        QTest.keyRelease(canvas, Qt.Key.Key_Z)
        viewer.film_actions.measures.length.trigger()
        for x, y in ((0.2, 0.2), (0.8, 0.8)):
            at = QPointF(x * film.columns, y * film.rows)
            spot = canvas.film_to_widget.map(at).toPoint()
            QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=spot)
        canvas.grab()


@pytest.mark.parametrize("name", ["one pixel wide", "one pixel high"])
def test_all_of_a_narrow_film_is_seen_and_the_model_is_not_asked(
    tmp_path: Path, viewer: ExamViewer, name: str
) -> None:
    film = read(tmp_path, FILMS[name])
    viewer.show_film(film)
    view = viewer.canvas.view
    assert film.rows * view.zoom <= view.height + 1
    assert film.columns * view.zoom <= view.width + 1
    with pytest.raises(FilmRefused, match="too small"):
        check_film(film)


def test_a_length_without_a_spacing_is_in_pixels_and_never_in_millimetres(
    tmp_path: Path, viewer: ExamViewer
) -> None:
    viewer.show_film(read(tmp_path, FILMS["without a spacing"]))
    canvas = viewer.canvas
    viewer.film_actions.measures.length.trigger()
    for y in (100, 300):
        spot = canvas.film_to_widget.map(QPointF(150, y)).toPoint()
        QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=spot)
    (length,) = canvas.measures.book.measurements
    text = text_of(length, canvas.measures.spacing)
    assert text.endswith("pixels")
    assert 195 <= int(text.split()[0]) <= 205
    assert not viewer.film_actions.true_size.isEnabled()
    assert viewer.film_actions.measures.calibrate.isEnabled()


@pytest.mark.parametrize("name", [name for name in FILMS if "window" in name])
def test_a_useless_window_is_replaced_and_the_film_is_seen(
    tmp_path: Path, viewer: ExamViewer, name: str
) -> None:
    film = read(tmp_path, FILMS[name])
    viewer.show_film(film)
    assert [caution.code for caution in film.cautions] == ["window_replaced"]
    image = viewer.canvas.grab().toImage()
    greys = {image.pixelColor(image.width() // 2, y).red() for y in range(image.height())}
    assert len(greys) > 50  # from black to white, not all of one


def test_a_film_of_12000_by_12000_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    with pytest.raises(FilmRefused) as refused:
        read(tmp_path, png_claiming(12_000, 12_000))
    assert refused.value.refusal is RefusalCode.TOO_LARGE
    assert "12000 × 12000" in refused.value.message
    assert "right file" in refused.value.hint
