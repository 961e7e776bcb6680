"""The keys of one's own reading: a verdict each, the text, save, and what to say of the answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.review import Opinion
from cxr_desktop.ui.screens.read.reading import OwnReading
from cxr_desktop.ui.screens.read.reading_keeper import ReadingKeeper
from cxr_desktop.ui.widgets.action_maker import ActionMaker
from cxr_desktop.ui.widgets.agreement import opinion_words
from cxr_desktop.ui.widgets.verdict_badge import look_of

VERDICT_KEYS = {Verdict.NORMAL: "F6", Verdict.UNCERTAIN: "F7", Verdict.ABNORMAL: "F8"}
OPINION_KEYS = {
    Opinion.ACCEPTED: "F9",
    Opinion.MISSED: "Shift+F6",
    Opinion.FALSE_ALARM: "Shift+F7",
    Opinion.FILM: "Shift+F8",
    Opinion.OTHER: "Shift+F9",
}


@dataclass(frozen=True, slots=True)
class ReadingActions:
    """What a reader does beside looking."""

    choices: dict[Verdict, QAction]
    write: QAction
    save: QAction
    opinions: dict[Opinion, QAction]

    def all(self) -> tuple[QAction, ...]:
        """Return them in the order of the work."""
        return (*self.choices.values(), self.write, self.save, *self.opinions.values())

    def show_state(self, state: OwnReading | None) -> None:
        """Switch on what makes sense now."""
        for choice in self.choices.values():
            choice.setEnabled(state is not None and state.may_choose and not state.is_saving)
        self.write.setEnabled(state is not None)
        self.save.setEnabled(state is not None and state.may_save)
        for opinion in self.opinions.values():
            opinion.setEnabled(state is not None and state.may_opine)


def make_reading_actions(
    owner: QWidget, readings: ReadingKeeper, write: Callable[[], object]
) -> ReadingActions:
    """Make the actions; `write` puts the cursor into the text."""
    make = ActionMaker(owner)
    translate = QCoreApplication.translate
    reading = translate("ReadingActions", "My reading: {0}")
    opinion = translate("ReadingActions", "Of the answer: {0}")

    def choose(verdict: Verdict) -> QAction:
        text = reading.format(look_of(verdict).word)
        key = (VERDICT_KEYS[verdict],)
        return make.act("", text, key, lambda: readings.choose(verdict))

    def opine(said: Opinion) -> QAction:
        text = opinion.format(opinion_words(said))
        return make.act("", text, (OPINION_KEYS[said],), lambda: readings.opine(said))

    actions = ReadingActions(
        choices={verdict: choose(verdict) for verdict in VERDICT_KEYS},
        write=make.act("", translate("ReadingActions", "Text of my reading"), ("T",), write),
        save=make.act(
            "", translate("ReadingActions", "Save my reading"), ("Ctrl+Return",),
            readings.save,
        ),
        opinions={said: opine(said) for said in OPINION_KEYS},
    )  # fmt: skip
    owner.addActions(actions.all())
    return actions
