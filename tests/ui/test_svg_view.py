"""A plot is painted as long as its widget is there."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from cxr_desktop.ui.widgets.svg_view import SvgView

BLACK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>'
)


def test_it_is_painted_when_its_children_are_gone_already(qtbot: QtBot) -> None:
    view = SvgView("A plot")
    qtbot.addWidget(view)
    view.show_svg(BLACK)
    view.resize(90, 90)
    for child in view.findChildren(QObject):
        delete(child)
    painted = view.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    assert painted.pixelColor(painted.rect().center()).value() == 0
    assert painted.pixelColor(0, 0).value() > 0  # only the picture is black
