"""The line at the bottom: the model and its device, the one claim, who is signed in."""

from __future__ import annotations

from typing import assert_never

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy

from cxr_desktop.domain.roles import Actor
from cxr_desktop.ui import icons
from cxr_desktop.ui.palette import Palette, Space
from cxr_desktop.ui.shell.emergency_dialog import person_words
from cxr_desktop.ui.shell.model_status import (
    ModelState,
    NotStarted,
    Ready,
    Unavailable,
    Warming,
)
from cxr_desktop.ui.theme import restyle
from cxr_desktop.ui.words import disclaimer

HEIGHT = 32
ICON = 16


class StatusLine(QFrame):
    """Shows a `ModelState` and an `Actor`."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("statusLine")
        self.setStyleSheet(
            f"#statusLine {{ background: {Palette.SURFACE}; border: none;"
            f" border-top: 1px solid {Palette.BORDER}; }}"
        )
        self.setFixedHeight(HEIGHT)
        self._mark = QLabel()
        self.model = _small()
        self.model.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.found = _small()
        self.found.setProperty("role", "strong")
        self.found.hide()
        claim = _small(disclaimer())
        self.person = _small()
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.TWO, 0, Space.TWO, 0)
        row.setSpacing(Space.ONE)
        row.addWidget(self._mark)
        row.addWidget(self.model, 1)
        row.addWidget(self.found)
        row.addWidget(claim)
        row.addSpacing(Space.TWO)
        row.addWidget(self.person)

    def show_person(self, actor: Actor) -> None:
        """Say who is signed in, and until when in an emergency."""
        self.person.setText(person_words(actor))
        self.person.setProperty("role", "strong" if actor.in_emergency else "small")
        restyle(self.person)

    def show_found(self, words: str) -> None:
        """Say that the full check found damage; all of its words are in the tool tip."""
        self.found.setText(self.tr("Damage was found: see Admin, System") if words else "")
        self.found.setToolTip(words)
        self.found.setVisible(bool(words))

    def render_state(self, state: ModelState) -> None:
        """Say what the model is doing; the whole text is in the tool tip too."""
        match state:
            case NotStarted():
                self._show("chip", Palette.MUTED, "")
            case Warming():
                self._show("chip", Palette.MUTED, self.tr("The model is being loaded…"))
            case Ready():
                ready = self.tr("Model ready on {0}: {1}").format(state.device, state.model)
                if state.notice:
                    self._show("caution", Palette.UNCERTAIN, f"{ready}. {state.notice}")
                else:
                    self._show("chip", Palette.NORMAL, ready)
            case Unavailable():
                text = f"{state.notice.text} {state.notice.hint}".strip()
                self._show("error", Palette.DANGER, text)
            case _:
                assert_never(state)

    def _show(self, icon: str, colour: str, text: str) -> None:
        scale = self.devicePixelRatioF()
        self._mark.setPixmap(icons.pixmap(icon, colour, ICON, scale=scale))
        self.model.setText(text)
        self.model.setToolTip(text)


def _small(text: str = "") -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "small")
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label
