"""The model's answer: word, shape and colour, its probability on a scale, and what it means."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

from cxr_desktop.domain.assessment import Assessment, Verdict
from cxr_desktop.ui import icons
from cxr_desktop.ui.palette import Palette, Size, Space
from cxr_desktop.ui.widgets.plain_label import plain_label
from cxr_desktop.ui.widgets.score_scale import ScoreScale, score_text
from cxr_desktop.ui.words import disclaimer

ICON_SIZE = 40


@dataclass(frozen=True, slots=True)
class VerdictLook:
    """How a verdict is shown: never by colour alone."""

    word: str
    icon: str
    colour: str


def look_of(verdict: Verdict) -> VerdictLook:
    """Return word (in the person's language), shape and colour of a verdict."""
    translate = QCoreApplication.translate
    match verdict:
        case Verdict.NORMAL:
            return VerdictLook(translate("Verdict", "Normal"), "verdict-normal", Palette.NORMAL)
        case Verdict.UNCERTAIN:
            return VerdictLook(
                translate("Verdict", "Uncertain"), "verdict-uncertain", Palette.UNCERTAIN
            )
        case Verdict.ABNORMAL:
            return VerdictLook(
                translate("Verdict", "Abnormal"), "verdict-abnormal", Palette.ABNORMAL
            )
        case Verdict.REFUSED:
            return VerdictLook(translate("Verdict", "Not read"), "verdict-refused", Palette.REFUSED)


class VerdictBadge(QFrame):
    """Shows an `Assessment`'s verdict, probability, meaning and the standing disclaimer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._look: VerdictLook | None = None
        self._icon = QLabel()
        self._word = plain_label()
        self._word.setAccessibleName(self.tr("Verdict"))
        self._probability = plain_label(role="strong")
        self._scale = ScoreScale()
        self._meaning = plain_label(wrap=True)
        claim = plain_label(disclaimer(), role="small", wrap=True)
        head = QGridLayout()
        head.setHorizontalSpacing(Space.TWO)
        head.addWidget(self._icon, 0, 0, 2, 1, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._word, 0, 1)
        head.addWidget(self._probability, 1, 1)
        head.setColumnStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.TWO, Space.TWO, Space.TWO, Space.TWO)
        column.setSpacing(Space.ONE)
        column.addLayout(head)
        column.addWidget(self._scale)
        column.addWidget(self._meaning)
        column.addWidget(claim)

    def show_assessment(self, assessment: Assessment) -> None:
        """Show one stored answer."""
        look = look_of(assessment.verdict)
        if look != self._look:  # a style sheet takes a while to apply
            self._look = look
            self._word.setStyleSheet(
                f"font-size: {Size.VERDICT}px; font-weight: bold; color: {look.colour};"
            )
        ratio = self.devicePixelRatioF()
        self._icon.setPixmap(icons.pixmap(look.icon, look.colour, ICON_SIZE, scale=ratio))
        self._word.setText(look.word)
        # A name of what is measured, not a sentence: the same in every language.
        self._probability.setText(
            f"P(abnormal) {score_text(assessment.probability, assessment.points)}"
        )
        self._scale.show_score(assessment.probability, assessment.points)
        self._meaning.setText(QCoreApplication.translate("Messages", assessment.meaning))
        self._meaning.setVisible(bool(assessment.meaning))
        self.setAccessibleName(f"{look.word}. {self._probability.text()}. {assessment.meaning}")

    def clear(self) -> None:
        """Forget the answer."""
        for label in (self._icon, self._word, self._probability, self._meaning):
            label.clear()
        self.setAccessibleName("")

    @property
    def word(self) -> str:
        """The word shown."""
        return self._word.text()

    @property
    def probability_text(self) -> str:
        """The probability as shown."""
        return self._probability.text()
