"""Calibrating by hand a film whose file does not tell the size of a pixel; true size."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QScreen
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.measurement import Measurement, MeasurementKind, Point
from cxr_desktop.domain.radiograph import PixelSpacing, Radiograph
from cxr_desktop.ui.widgets.calibration_dialog import CalibrationDialog
from cxr_desktop.ui.widgets.exam_viewer import ExamViewer
from cxr_desktop.ui.widgets.tools import Tool

CALIBRATION, LENGTH = MeasurementKind.CALIBRATION, MeasurementKind.LENGTH


def a_film(spacing: PixelSpacing | None) -> Radiograph:
    pixels = np.zeros((1000, 1000), np.float32)
    return Radiograph(pixels, "a" * 64, "film.png", "PNG", spacing=spacing)


class Viewer(ExamViewer):
    """A viewer and the hands of its reader."""

    def draw(self, start: Point, end: Point) -> None:
        """Drag a line with the tool in hand."""
        button = Qt.MouseButton.LeftButton
        QTest.mousePress(self.canvas, button, pos=self.spot(start))
        QTest.mouseMove(self.canvas, self.spot(end))
        QTest.mouseRelease(self.canvas, button, pos=self.spot(end))

    def spot(self, point: Point) -> QPoint:
        """Return where a film point lies on the widget."""
        return self.canvas.film_to_widget.map(QPointF(*point)).toPoint()

    def asked(self) -> CalibrationDialog | None:
        """Return the open question, if there is one."""
        dialogs = self.findChildren(CalibrationDialog)
        return next((one for one in dialogs if one.isVisible()), None)

    def answer(self, millimetres: float) -> None:
        """Answer it."""
        dialog = self.asked()
        assert dialog is not None
        dialog.length.setValue(millimetres)
        dialog.accept()

    @property
    def done(self) -> tuple[Measurement, ...]:
        """What is measured."""
        return self.canvas.measures.book.measurements

    def words(self) -> str:
        """Return what the list of measurements says."""
        return " ".join(label.text() for label in self.panel.measured.findChildren(QLabel))


@pytest.fixture
def viewer(qtbot: QtBot) -> Iterator[Viewer]:
    made = Viewer()
    qtbot.addWidget(made)
    made.resize(1000, 640)
    with qtbot.waitExposed(made):
        made.show()
    made.show_film(a_film(None))
    made.canvas.setFocus()
    yield made
    made.close()


def test_a_line_and_its_length_calibrate_what_is_measured_after(viewer: Viewer) -> None:
    viewer.canvas.tool = Tool.LENGTH
    viewer.draw((100, 100), (500, 100))
    assert "400 pixels" in viewer.words() or "pixels" in viewer.words()
    QTest.keyClick(viewer.canvas, Qt.Key.Key_K)
    assert viewer.canvas.tool is Tool.CALIBRATE
    viewer.draw((200, 300), (700, 300))
    viewer.answer(100)
    assert [one.kind for one in viewer.done] == [LENGTH, CALIBRATION]
    spacing = viewer.canvas.measures.spacing
    assert spacing is not None
    assert spacing.by_hand
    assert spacing.column_mm == pytest.approx(0.2, rel=0.02)
    assert "100.0 mm, calibrated by hand" in viewer.words()
    assert "pixels" not in viewer.words()
    assert viewer.canvas.tool is Tool.WINDOW


def test_without_an_answer_nothing_is_calibrated(viewer: Viewer) -> None:
    viewer.canvas.tool = Tool.CALIBRATE
    viewer.draw((200, 300), (700, 300))
    dialog = viewer.asked()
    assert dialog is not None
    dialog.reject()
    assert viewer.done == ()
    assert viewer.canvas.measures.spacing is None
    assert not viewer.canvas.measures.is_busy


def test_a_line_too_short_to_calibrate_asks_nothing(viewer: Viewer) -> None:
    viewer.canvas.tool = Tool.CALIBRATE
    QTest.mouseClick(viewer.canvas, Qt.MouseButton.LeftButton, pos=viewer.spot((200, 300)))
    QTest.mouseClick(viewer.canvas, Qt.MouseButton.LeftButton, pos=viewer.spot((203, 300)))
    assert viewer.asked() is None
    assert not viewer.canvas.measures.is_busy


def test_a_second_calibration_takes_the_place_of_the_first_and_can_be_undone(
    viewer: Viewer,
) -> None:
    for millimetres in (100.0, 50.0):
        viewer.canvas.tool = Tool.CALIBRATE
        viewer.draw((200, 300 + millimetres), (700, 300 + millimetres))
        viewer.answer(millimetres)
    assert [one.millimetres for one in viewer.done] == [50.0]
    viewer.canvas.measures.undo()
    assert [one.millimetres for one in viewer.done] == [100.0]


def test_a_moved_end_keeps_the_length_that_was_given(viewer: Viewer) -> None:
    viewer.canvas.tool = Tool.CALIBRATE
    viewer.draw((200, 300), (700, 300))
    viewer.answer(100)
    viewer.draw((700, 300), (450, 300))
    (calibration,) = viewer.done
    assert calibration.millimetres == 100
    spacing = viewer.canvas.measures.spacing
    assert spacing is not None
    assert spacing.column_mm == pytest.approx(0.4, rel=0.03)


def test_a_stored_calibration_holds_again(viewer: Viewer) -> None:
    stored = Measurement(CALIBRATION, ((0.0, 0.0), (300.0, 400.0)), 250.0)
    viewer.show_measurements((stored,))
    assert viewer.canvas.measures.spacing == PixelSpacing(0.5, 0.5, by_hand=True)
    assert "calibrated by hand" in viewer.words()
    assert viewer.film_actions.true_size.isEnabled()


def test_a_film_that_tells_its_spacing_is_not_calibrated_by_hand_and_says_why(
    viewer: Viewer,
) -> None:
    QTest.keyClick(viewer.canvas, Qt.Key.Key_K)
    assert viewer.canvas.measuring_hint == "Something of known length: one end"
    viewer.show_film(a_film(PixelSpacing(0.2, 0.2)))
    QTest.keyClick(viewer.canvas, Qt.Key.Key_K)
    said = "The film's file tells its scale: measure a length instead."
    assert viewer.canvas.measuring_hint == said
    viewer.draw((200, 300), (200, 500))
    assert viewer.asked() is None
    assert viewer.done == ()
    QTest.keyClick(viewer.canvas, Qt.Key.Key_Escape)
    assert viewer.canvas.measuring_hint == ""


def test_the_scale_bar_says_that_it_was_calibrated_by_hand(viewer: Viewer) -> None:
    before = viewer.canvas.grab().toImage()
    stored = Measurement(CALIBRATION, ((0.0, 0.0), (300.0, 400.0)), 250.0)
    viewer.show_measurements((stored,))
    viewer.canvas.measures.book.selected = None
    assert viewer.canvas.grab().toImage() != before


def test_true_size_shows_a_millimetre_as_one(
    viewer: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QScreen, "physicalDotsPerInch", lambda _: 101.6)  # 4 dots a millimetre
    assert viewer.canvas.true_zoom is None
    viewer.show_film(Radiograph(
        np.zeros((900, 900), np.float32), "b" * 64, "b.dcm", "DICOM",
        spacing=PixelSpacing(0.2, 0.2),
    ))  # fmt: skip
    QTest.keyClick(viewer.canvas, Qt.Key.Key_P, Qt.KeyboardModifier.ShiftModifier)
    assert viewer.canvas.view.zoom == pytest.approx(0.8)


@pytest.mark.parametrize("dots", [0.0, 5.0, 2000.0])
def test_a_screen_that_does_not_know_its_size_offers_no_true_size(
    viewer: Viewer, monkeypatch: pytest.MonkeyPatch, dots: float
) -> None:
    monkeypatch.setattr(QScreen, "physicalDotsPerInch", lambda _: dots)
    viewer.show_film(a_film(PixelSpacing(0.2, 0.2)))
    assert not viewer.film_actions.true_size.isEnabled()
    viewer.canvas.true_size()
    assert viewer.canvas.view.fitted
