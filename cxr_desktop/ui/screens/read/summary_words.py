"""The sums of a run in words."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from cxr_desktop.domain.outcome import FilmOutcome, RunSums, reason_words
from cxr_desktop.ui.palette import Palette
from cxr_desktop.ui.widgets.verdict_badge import VerdictLook, look_of

translate = QCoreApplication.translate


def sums_text(sums: RunSums) -> str:
    """Write “5 classified (2 normal, 3 abnormal), 3 refused (2 damaged, 1 too large), 1 not run”.

    What did not happen is left out.
    """
    verdicts = [(count, look_of(verdict).word.casefold()) for verdict, count in sums.verdicts]
    reasons = [
        (count, translate("RefusalReason", reason_words(code))) for code, count in sums.reasons
    ]
    parts: tuple[tuple[int, str, list[tuple[int, str]]], ...] = (
        (sums.classified, translate("RunSums", "classified"), verdicts),
        (sums.stored_before, translate("RunSums", "stored before"), []),
        (sums.refused, translate("RunSums", "refused"), reasons),
        (sums.not_done, translate("RunSums", "not done"), []),
        (sums.not_looked_at, translate("RunSums", "not run"), []),
    )
    return ", ".join(
        f"{count} {word}{_bracketed(inside)}" for count, word, inside in parts if count
    )


def look_of_outcome(outcome: FilmOutcome) -> VerdictLook:
    """Return word, shape and colour of what became of a film, as in the list of films."""
    if outcome.assessment is not None:
        return look_of(outcome.assessment.verdict)
    match outcome.status:
        case "classified":
            return VerdictLook(translate("FilmStatus", "Stored"), "tick", Palette.TEXT)
        case "stored_before":
            return VerdictLook(translate("FilmStatus", "Stored before"), "tick", Palette.MUTED)
        case "refused":
            return VerdictLook(
                translate("FilmStatus", "Refused"), "verdict-refused", Palette.REFUSED
            )
        case "not_done":
            return VerdictLook(translate("FilmStatus", "Not done"), "error", Palette.DANGER)
        case "not_looked_at":
            return VerdictLook(translate("FilmStatus", "Not run"), "film", Palette.MUTED)


def remark_on(outcome: FilmOutcome) -> str:
    """Return why there is no answer, or what to be careful about."""
    if outcome.error is not None:
        return str(outcome.error)
    return " ".join(translate("Messages", one.message) for one in outcome.cautions)


def _bracketed(parts: list[tuple[int, str]]) -> str:
    told = ", ".join(f"{count} {word}" for count, word in parts)
    return f" ({told})" if told else ""
