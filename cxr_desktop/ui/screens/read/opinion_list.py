"""What a reader may say of the model's answer: one button and one key each."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from cxr_desktop.domain.review import Opinion
from cxr_desktop.ui.keymap import with_key
from cxr_desktop.ui.palette import Space
from cxr_desktop.ui.screens.read.reading import OwnReading
from cxr_desktop.ui.screens.read.reading_actions import ReadingActions
from cxr_desktop.ui.widgets.agreement import opinion_words
from cxr_desktop.ui.widgets.plain_label import plain_label


class OpinionList(QWidget):
    """Offers `Opinion`s once there is an own reading; the one given last is held down."""

    def __init__(self, actions: ReadingActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self.buttons: dict[Opinion, QPushButton] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.HALF)
        column.addWidget(plain_label(self.tr("What of the model's answer?"), role="muted"))
        for opinion, action in actions.opinions.items():
            button = QPushButton()
            button.setCheckable(True)
            button.setStyleSheet(f"text-align: left; padding: 0 {Space.ONE}px;")
            button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            button.clicked.connect(action.trigger)
            self.buttons[opinion] = button
            column.addWidget(button)

    def show_state(self, state: OwnReading) -> None:
        """Show what was said last, and the keys."""
        self.setVisible(state.own is not None and not state.comes_first)
        last = state.opinion
        for opinion, button in self.buttons.items():
            button.setText(with_key(opinion_words(opinion), self._actions.opinions[opinion]))
            button.setChecked(opinion is last)
            button.setEnabled(state.may_opine)
