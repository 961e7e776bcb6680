"""Turning and flipping a film on the screen."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from cxr_desktop.ui.widgets.action_maker import ActionMaker
from cxr_desktop.ui.widgets.film_view import FilmView

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class TurnActions:
    """What turns the picture, and back."""

    left: QAction
    right: QAction
    flip: QAction
    upright: QAction
    menu: QMenu

    def all(self) -> tuple[QAction, ...]:
        """Return them in the order of the menu."""
        return (self.left, self.right, self.flip, self.upright)

    def show_state(self, view: FilmView) -> None:
        """Mark what is flipped, and offer the way back only when there is one."""
        self.flip.setChecked(view.orientation.flipped)
        self.upright.setEnabled(view.film is not None and not view.orientation.is_plain)


def make_turn_actions(view: FilmView, owner: QWidget) -> TurnActions:
    """Make the actions of one film widget."""
    make = ActionMaker(owner)
    flip = make.choice("flip", translate("TurnActions", "Flip left and right"), "X")
    flip.triggered.connect(lambda *_: view.flip())
    left = make.act(
        "rotate-left", translate("TurnActions", "Rotate 90° left"), ("Q",), view.turn_left
    )
    right = make.act(
        "rotate-right", translate("TurnActions", "Rotate 90° right"), ("E",), view.turn_right
    )
    upright = make.act(
        "", translate("TurnActions", "As the film came"), ("Shift+X",), view.reset_orientation
    )
    menu = QMenu(translate("TurnActions", "Rotate and flip"), owner)
    menu.addActions([left, right, flip, upright])
    return TurnActions(left, right, flip, upright, menu)
