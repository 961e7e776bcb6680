"""The contour of the heat map: on and off, and its level."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from cxr_desktop.ui.widgets.action_maker import ActionMaker
from cxr_desktop.ui.widgets.heat_contour import LEAST, MOST, HeatContour

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class ContourActions:
    """What is done with the line around what moved the score."""

    show: QAction
    lower: QAction
    higher: QAction

    def all(self) -> tuple[QAction, ...]:
        """Return them in the order of the column."""
        return (self.show, self.lower, self.higher)

    def show_state(self, contour: HeatContour, *, has_map: bool) -> None:
        """Follow the line; there is none without a map."""
        self.show.setEnabled(has_map)
        self.show.setChecked(contour.is_visible)
        self.lower.setEnabled(contour.is_visible and contour.level > LEAST)
        self.higher.setEnabled(contour.is_visible and contour.level < MOST)


def make_contour_actions(contour: HeatContour, owner: QWidget) -> ContourActions:
    """Make the actions of one canvas."""
    make = ActionMaker(owner)
    return ContourActions(
        show=make.switch(
            "map", translate("ContourActions", "Contour of the map"), "G", contour.set_visible
        ),
        lower=make.act(
            "",
            translate("ContourActions", "Contour further out (lower level)"),
            (",",),
            contour.lower_level,
        ),
        higher=make.act(
            "",
            translate("ContourActions", "Contour closer in (higher level)"),
            (".",),
            contour.raise_level,
        ),
    )
