"""The keys of comparing: the latest earlier film beside, in place, and the sides exchanged."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from cxr_desktop.ui.screens.read.prior_keeper import PriorKeeper
from cxr_desktop.ui.widgets.action_maker import ActionMaker
from cxr_desktop.ui.widgets.compare_stage import CompareStage


@dataclass(frozen=True, slots=True)
class PriorActions:
    """What a reader does with an earlier film."""

    beside: QAction
    in_place: QAction
    swap: QAction

    def show_state(self, stage: CompareStage) -> None:
        """Switch on what makes sense now; an earlier film may be asked for before it is found."""
        self.in_place.setEnabled(stage.is_on)
        self.swap.setEnabled(stage.is_on)


def make_prior_actions(owner: QWidget, priors: PriorKeeper, stage: CompareStage) -> PriorActions:
    """Make the actions and add them to the owner."""
    make = ActionMaker(owner)
    translate = QCoreApplication.translate

    def beside() -> None:
        if stage.is_in_place:
            stage.show_beside()
        else:
            priors.turn_on_or_off()

    actions = PriorActions(
        beside=make.act("", translate("PriorActions", "Earlier film beside"), ("Y",), beside),
        in_place=make.act(
            "", translate("PriorActions", "Earlier film in place, and back"), ("V",),
            stage.toggle_in_place,
        ),
        swap=make.act(
            "", translate("PriorActions", "Exchange the sides"), ("Shift+Y",), stage.swap
        ),
    )  # fmt: skip
    owner.addActions([actions.beside, actions.in_place, actions.swap])
    return actions
