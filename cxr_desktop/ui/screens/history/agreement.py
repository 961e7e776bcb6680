"""How reader and model stand to each other, in a word and a shape."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from cxr_desktop.domain.review import Agreement, Review
from cxr_desktop.ui.palette import Palette
from cxr_desktop.ui.widgets.verdict_badge import look_of


@dataclass(frozen=True, slots=True)
class AgreementLook:
    """How an agreement is shown: never by colour alone."""

    word: str
    sentence: str
    icon: str
    colour: str


def agreement_look(agreement: Agreement) -> AgreementLook:
    """Return word, sentence, shape and colour."""
    translate = QCoreApplication.translate
    match agreement:
        case Agreement.AGREE:
            return AgreementLook(
                translate("Agreement", "Agrees"),
                translate("Agreement", "Agrees with the model."),
                "tick",
                Palette.MUTED,
            )
        case Agreement.OPEN:
            return AgreementLook(
                translate("Agreement", "One unsure"),
                translate("Agreement", "Reader or model is uncertain."),
                "help",
                Palette.MUTED,
            )
        case Agreement.DISAGREE:
            return AgreementLook(
                translate("Agreement", "Disagrees"),
                translate("Agreement", "Disagrees with the model."),
                "compare",
                Palette.UNCERTAIN,
            )


def review_line(review: Review) -> str:
    """Say who said what, when, and how it stands to the model, in one line of plain text."""
    when = review.time.astimezone().strftime("%Y-%m-%d %H:%M")
    word = look_of(review.verdict).word
    sentence = agreement_look(review.agreement).sentence
    return f"\u2068{review.user}\u2069: {word}, {when}. {sentence}"
