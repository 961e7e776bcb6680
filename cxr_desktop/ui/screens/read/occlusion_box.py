"""The occlusion check beside the answer: its switch, what came of it, and what it is not."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from cxr_desktop.domain.occlusion import Occlusion
from cxr_desktop.ui.keymap import with_key
from cxr_desktop.ui.palette import Space
from cxr_desktop.ui.screens.read.occlusion_keeper import OcclusionKeeper
from cxr_desktop.ui.screens.read.state import OcclusionState
from cxr_desktop.ui.widgets.action_maker import ActionMaker
from cxr_desktop.ui.widgets.box_layer import BoxLayer
from cxr_desktop.ui.widgets.plain_label import plain_label


class OcclusionBox(QWidget):
    """Shows an `OcclusionState`; hidden for None. The box itself is drawn on the film."""

    def __init__(
        self,
        boxes: BoxLayer,
        keeper: OcclusionKeeper,
        owner: QWidget,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._boxes = boxes
        make = ActionMaker(owner)
        self.action = make.act("", self.tr("Hide a part (occlusion check)"), ("B",), self._turn)
        owner.addAction(self.action)
        self.button = QPushButton()
        self.button.setCheckable(True)
        self.button.clicked.connect(self.action.trigger)
        self.figure = plain_label(role="strong", wrap=True)
        self.note = plain_label(
            self.tr(
                "One more run of the model, with the box filled with the mean grey around it. It"
                " tells what the score rests on, not what is there. Nothing of it is stored, and"
                " the answer stays."
            ),
            role="small", wrap=True,
        )  # fmt: skip
        self._card = QFrame()
        self._card.setProperty("role", "card")
        self._lay_out()
        self._keeper = keeper
        boxes.drawn.connect(keeper.hide)
        boxes.armed_changed.connect(self._follow)
        self.hide()

    def render_state(self, state: OcclusionState | None) -> None:
        """Show what came of it."""
        self.setVisible(state is not None)
        self.action.setEnabled(state is not None)
        if state is None or not state.is_on:
            if self._boxes.region is not None or (state is None and self._boxes.is_armed):
                self._boxes.clear()
            self._card.hide()
        else:
            self.figure.setText(self._words(state))
            self._card.show()
        self._follow()

    def _words(self, state: OcclusionState) -> str:
        if state.problem is not None:
            return f"{state.problem.text} {state.problem.hint}".strip()
        if state.found is None:
            return self.tr("Running the model with the box hidden…")
        return occlusion_words(state.found)

    def _turn(self) -> None:
        """Begin to draw a box, or take it away again."""
        if self._boxes.is_armed or self._boxes.region is not None:
            self._boxes.clear()
            self._keeper.clear()
        else:
            self._boxes.arm()

    def _follow(self) -> None:
        is_on = self._boxes.is_armed or self._boxes.region is not None
        words = self.tr("Hide nothing again") if is_on else self.tr("Hide a part")
        self.button.setText(with_key(words, self.action))
        self.button.setChecked(is_on)

    def _lay_out(self) -> None:
        inside = QVBoxLayout(self._card)
        inside.setContentsMargins(Space.TWO, Space.TWO, Space.TWO, Space.TWO)
        inside.setSpacing(Space.ONE)
        title = plain_label(self.tr("OCCLUSION CHECK, NOT AN ANSWER"), role="caption")
        for part in (title, self.figure, self.note):
            inside.addWidget(part, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, Space.TWO)
        column.setSpacing(Space.ONE)
        column.addWidget(self.button)
        column.addWidget(self._card)


def occlusion_words(found: Occlusion) -> str:
    """Say how the score moved, and which way."""
    words = QCoreApplication.translate(
        "Occlusion", "P(abnormal) {after} with the box hidden, {before} without ({change})."
    )
    return words.format(
        after=f"{found.after:.2f}", before=f"{found.before:.2f}", change=f"{found.change:+.2f}"
    )
