"""How reader and model stand to each other, in a word and a shape."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from cxr_desktop.domain.history import ReportState
from cxr_desktop.domain.review import Agreement, Opinion, Review, ReviewKind
from cxr_desktop.domain.signing import ReaderReport
from cxr_desktop.domain.texts import local_minute
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


def opinion_words(opinion: Opinion) -> str:
    """Return what a reader says of the model's answer."""
    translate = QCoreApplication.translate
    words = {
        Opinion.ACCEPTED: translate("Opinion", "Agree with the answer"),
        Opinion.MISSED: translate("Opinion", "It missed a finding"),
        Opinion.FALSE_ALARM: translate("Opinion", "Nothing abnormal there"),
        Opinion.FILM: translate("Opinion", "Film quality or position"),
        Opinion.OTHER: translate("Opinion", "Another reason"),
    }
    return words[opinion]


def review_line(review: Review) -> str:
    """Say who said what, when, and how it stands to the model, in one line of plain text."""
    translate = QCoreApplication.translate
    when = local_minute(review.time)
    word = look_of(review.verdict).word
    sentence = agreement_look(review.agreement).sentence
    match review.kind:
        case ReviewKind.REVIEW:
            said = f"{word}, {when}. {sentence}"
        case ReviewKind.FIRST:
            before = translate("Agreement", "Before seeing the answer{after}.")
            said = f"{word}, {when}. {before.format(after=_after(review))} {sentence}"
        case ReviewKind.ADDENDUM:
            said = translate("Agreement", "Addendum, {when}.").format(when=when)
        case ReviewKind.OPINION:
            opinion = opinion_words(review.opinion) if review.opinion is not None else ""
            said = translate("Agreement", "On the answer, {when}: {opinion}.").format(
                when=when, opinion=opinion
            )
    return f"\u2068{review.user}\u2069: {said}"


def state_word(state: ReportState) -> str:
    """Return how far a report is, in a word."""
    translate = QCoreApplication.translate
    words = {
        ReportState.NEW: translate("ReportState", "New"),
        ReportState.READ: translate("ReportState", "Read"),
        ReportState.SIGNED: translate("ReportState", "Signed"),
        ReportState.ADDENDED: translate("ReportState", "Addended"),
    }
    return words[state]


def signature_line(report: ReaderReport | None) -> str:
    """Say who signed a report and when, and whether it is still what was signed; or nothing."""
    translate = QCoreApplication.translate
    if report is None or report.signature is None:
        return ""
    signature = report.signature
    if not report.intact:
        return translate(
            "Agreement",
            "What is stored is no longer what was signed. Ask IT to verify the audit log.",
        )
    said = translate("Agreement", "Signed by {name}, {when}. Only addenda can be added.")
    return said.format(name=f"\u2068{signature.name}\u2069", when=local_minute(signature.time))


def _after(review: Review) -> str:
    if review.seconds is None:
        return ""
    return QCoreApplication.translate("Agreement", ", after {seconds} s").format(
        seconds=round(review.seconds)
    )
