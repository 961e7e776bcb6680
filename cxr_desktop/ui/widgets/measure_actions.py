"""Measuring tools, the magnifier, and what is done with measurements."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from cxr_desktop.ui.widgets.action_maker import ActionMaker
from cxr_desktop.ui.widgets.calibration_dialog import CalibrationDialog
from cxr_desktop.ui.widgets.image_canvas import ImageCanvas
from cxr_desktop.ui.widgets.tools import Tool

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class MeasureActions:
    """The three measuring tools, calibration, what is done with measurements, and the magnifier."""

    length: QAction
    angle: QAction
    ratio: QAction
    calibrate: QAction
    undo: QAction
    delete: QAction
    delete_all: QAction
    magnifier: QAction
    menu: QMenu

    def all(self) -> tuple[QAction, ...]:
        """Return them in the order of the menu, the magnifier last."""
        return (
            self.length, self.angle, self.ratio, self.calibrate, self.undo, self.delete,
            self.delete_all, self.magnifier,
        )  # fmt: skip

    def tools(self) -> dict[Tool, QAction]:
        """Return the actions that choose a tool."""
        return {
            Tool.LENGTH: self.length,
            Tool.ANGLE: self.angle,
            Tool.RATIO: self.ratio,
            Tool.CALIBRATE: self.calibrate,
        }


def make_measure_actions(canvas: ImageCanvas, owner: QWidget) -> MeasureActions:
    """Make the actions of one canvas."""
    make = ActionMaker(owner)
    layer = canvas.measures
    length = make.choice("ruler", translate("MeasureActions", "Measure a length"), "D")
    angle = make.choice("angle", translate("MeasureActions", "Measure an angle"), "A")
    ratio = make.choice("heart-lines", translate("MeasureActions", "Cardiothoracic ratio"), "C")
    calibrate = make.choice("ruler", translate("MeasureActions", "Calibrate by hand"), "K")
    layer.length_asked.connect(lambda: _ask_length(canvas, owner))
    undo = make.act(
        "", translate("MeasureActions", "Undo the last measuring step"), ("Ctrl+Z",), layer.undo
    )
    delete = make.act(
        "", translate("MeasureActions", "Delete the selected measurement"), ("Del",),
        layer.delete_selected,
    )  # fmt: skip
    delete_all = make.act(
        "", translate("MeasureActions", "Delete all measurements"), ("Shift+Del",),
        layer.delete_all,
    )  # fmt: skip
    magnifier = make.switch(
        "magnifier", translate("MeasureActions", "Magnifier (hold, on the film)"), "Z",
        canvas.set_magnifier,
    )  # fmt: skip
    canvas.magnifier_changed.connect(magnifier.setChecked)
    menu = QMenu(translate("MeasureActions", "Measure"), owner)
    menu.addActions([length, angle, ratio, calibrate])
    menu.addSeparator()
    menu.addActions([undo, delete, delete_all])
    return MeasureActions(
        length, angle, ratio, calibrate, undo, delete, delete_all, magnifier, menu
    )


def _ask_length(canvas: ImageCanvas, owner: QWidget) -> None:
    """Ask how long the line is that was drawn; without an answer it goes."""
    dialog = CalibrationDialog(owner)
    dialog.length_given.connect(canvas.measures.calibrate)
    dialog.rejected.connect(canvas.measures.give_up)
    dialog.finished.connect(lambda _: canvas.drop_tool())
    dialog.open()
