"""The line at the bottom: the model and its device, the one claim, who is signed in."""

from __future__ import annotations

from typing import assert_never

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from cxr_desktop.domain.roles import Actor
from cxr_desktop.domain.self_test import StartChecks
from cxr_desktop.domain.texts import local_minute
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
from cxr_desktop.ui.widgets.plain_label import plain_tip
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
        self.tested = _small()
        claim = _small(disclaimer())
        self.person = _small()
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(Space.TWO, 0, Space.TWO, 0)
        row.setSpacing(Space.ONE)
        row.addWidget(self._mark)
        row.addWidget(self.model, 1)
        row.addWidget(self.found)
        row.addWidget(self.tested)
        row.addSpacing(Space.TWO)
        row.addWidget(claim)
        row.addSpacing(Space.TWO)
        row.addWidget(self.person)

    def add(self, widget: QWidget) -> None:
        """Put a widget after what the model is doing."""
        self._row.insertWidget(self._row.indexOf(self.found), widget)

    def show_person(self, actor: Actor) -> None:
        """Say who is signed in, and until when in an emergency."""
        self.person.setText(person_words(actor))
        self.person.setToolTip(plain_tip(actor.user.full_name or actor.name))
        self.person.setProperty("role", "strong" if actor.in_emergency else "small")
        restyle(self.person)

    def show_found(self, words: str) -> None:
        """Say that the full check found damage; all of its words are in the tool tip."""
        self.found.setText(self.tr("Damage was found: see Admin, System") if words else "")
        self.found.setToolTip(words)
        self.found.setVisible(bool(words))

    def show_checks(self, checks: StartChecks) -> None:
        """Say when the self-test passed last, or that it fails; what fails is in the tool tip."""
        self.tested.setText(self.tr("Self-test {0}").format(checks_words(checks)))
        self.tested.setToolTip(checks.words)
        self.tested.setProperty("role", "strong" if checks.failed else "small")
        self.tested.setStyleSheet(f"color: {Palette.DANGER};" if checks.failed else "")
        restyle(self.tested)

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


def checks_words(checks: StartChecks) -> str:
    """Say how the self-test of the start stands, in a few words."""
    if checks.failed:
        text = QCoreApplication.translate("StatusLine", "failed: no film is run")
    elif checks.last_passed is not None:
        passed = QCoreApplication.translate("StatusLine", "passed {0}")
        text = passed.format(local_minute(checks.last_passed))
    else:
        text = QCoreApplication.translate("StatusLine", "not made yet")
    return text


def _small(text: str = "") -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "small")
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label
