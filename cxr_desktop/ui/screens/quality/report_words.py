"""The month and the alarms in words."""

from __future__ import annotations

import math
from typing import Literal

from PySide6.QtCore import QCoreApplication

from cxr_desktop.domain.drift import LEAST_FILMS, Alarm, Drift, Mix
from cxr_desktop.domain.month import GroupFigures, MonthFigures
from cxr_desktop.domain.performance import Estimate
from cxr_desktop.domain.quality_rows import Contradicted
from cxr_desktop.domain.quality_sheet import Sheet
from cxr_desktop.domain.texts import local_minute
from cxr_desktop.services.drift_watch import DriftPicture
from cxr_desktop.ui.errors import Notice

translate = QCoreApplication.translate


def month_rows(figures: MonthFigures) -> tuple[tuple[str, str], ...]:
    """Return (name, value) of the month as a whole."""
    whole = figures.whole
    refused = ", ".join(
        f"{reason.replace('_', ' ')} {count:,}" for reason, count in figures.refusals.items()
    )
    return (
        (translate("Quality", "Month"), f"{figures.first:%Y-%m}"),
        (translate("Quality", "Model"), ", ".join(figures.models) or "–"),
        (
            translate("Quality", "Exams"),
            translate("Quality", "{0}, {1} of them reviewed, {2} signed").format(
                f"{whole.exams:,}", f"{whole.reviewed:,}", f"{figures.signed:,}"
            ),
        ),
        (translate("Quality", "Same answer"), share(whole.agreement)),
        (
            translate("Quality", "Second look"),
            translate("Quality", "{0}, {1} of them signed").format(
                f"{whole.overcalled:,}", f"{figures.signed_normal:,}"
            ),
        ),
        (translate("Quality", "Missed"), f"{whole.missed:,}"),
        (translate("Quality", "Refused films"), refused or "0"),
        (translate("Quality", "Time per film"), _seconds(figures.median_ms)),
        (
            translate("Quality", "Time of readers"),
            reading_words(figures.seconds_before, figures.seconds_with, figures.timed),
        ),
    )


def group_cells(group: GroupFigures) -> tuple[str, ...]:
    """Return one line of the table of groups."""
    name = f"{group.kind}: {group.name}" if group.kind else translate("Quality", "all exams")
    return (
        name,
        f"{group.exams:,}",
        f"{group.reviewed:,}",
        share(group.agreement),
        f"{group.missed:,}",
        f"{group.overcalled:,}",
    )


def listed_cells(row: Contradicted, *, missed: bool) -> tuple[str, ...]:
    """Return one line of the list of contradictions."""
    model, reader = ("Normal", "Abnormal") if missed else ("Abnormal", "Normal")
    time = local_minute(row.time)
    said = translate("Quality", reader)
    if row.signed:
        said = translate("Quality", "{0}, signed").format(said)
    return time, translate("Quality", model), said, f"{row.probability:.3f}", row.exam_id[:8]


def score_notice(drift: Drift) -> Notice:
    """Say whether the scores have moved."""
    size = translate("Quality", "Index {0}; chance alone reaches {1}.").format(
        f"{drift.psi:.2f}", f"{drift.by_chance:.2f}"
    )
    match drift.scores:
        case Alarm.TOO_FEW:
            return _too_few(translate("Quality", "Too few films to compare the scores."))
        case Alarm.STEADY:
            return Notice("info", translate("Quality", "The scores are as they were."), size)
        case Alarm.WATCH:
            words = translate("Quality", "The scores have moved a little. Keep an eye on them.")
            return Notice("caution", words, size)
        case Alarm.ALARM:
            words = translate("Quality", "The scores of the last four weeks are not as they were.")
            act = translate(
                "Quality",
                "Find out what changed (machine, patients, export settings) and measure the model "
                "again: the tab Evaluate.",
            )
            return Notice("error", words, f"{size} {act}")


def refusal_notice(drift: Drift) -> Notice:
    """Say whether more or fewer films are refused than before."""
    size = translate("Quality", "Before {0}, now {1}.").format(
        share(drift.refused_before), share(drift.refused_now)
    )
    if drift.refusals is Alarm.TOO_FEW:
        return _too_few(translate("Quality", "Too few films to compare the refusals."))
    if drift.refusals is Alarm.ALARM:
        words = translate("Quality", "Films are refused more or less often than before.")
        act = translate("Quality", "Look at the reasons in the month’s report.")
        return Notice("error", words, f"{size} {act}")
    words = translate("Quality", "Films are refused as often as before.")
    return Notice("info", words, size)


def device_notice(drift: Drift) -> Notice:
    """Say whether the films come from the same devices as before."""
    return _mix_notice(
        drift.devices,
        too_few=translate("Quality", "Too few films to compare the devices."),
        steady=translate("Quality", "The devices are as they were."),
        moved=translate("Quality", "The films come from other devices than before."),
        act=translate("Quality", "Measure the model on films of the new ones: the tab Evaluate."),
    )


def model_notice(drift: Drift) -> Notice:
    """Say whether the films are answered by the same models as before."""
    return _mix_notice(
        drift.models,
        too_few=translate("Quality", "Too few films to compare the models."),
        steady=translate("Quality", "The films are answered by the same models as before."),
        moved=translate("Quality", "The films are answered by other models than before."),
        act=translate(
            "Quality", "Scores of different models mean different things: measure the new one."
        ),
    )


def _mix_notice(mix: Mix, *, too_few: str, steady: str, moved: str, act: str) -> Notice:
    if mix.alarm is Alarm.TOO_FEW:
        return _too_few(too_few)
    before, now = sum(row[1] for row in mix.shares), sum(row[2] for row in mix.shares)
    one = translate("Quality", "{0} {1} % (before {2} %)")
    shares = ", ".join(
        one.format(name, f"{new / now * 100:.0f}", f"{old / before * 100:.0f}")
        for name, old, new in mix.shares
    )
    if mix.alarm is Alarm.STEADY:
        return Notice("info", steady, shares)
    size = translate("Quality", "Index {0}; chance alone reaches {1}.").format(
        f"{mix.psi:.2f}", f"{mix.by_chance:.2f}"
    )
    kind: Literal["caution", "error"] = "caution" if mix.alarm is Alarm.WATCH else "error"
    return Notice(kind, moved, f"{shares}. {size} {act}")


def drift_sheet(picture: DriftPicture) -> Sheet:
    """Return what the tab Drift says, for paper."""
    drift = picture.drift
    names = (
        translate("Quality", "Scores"),
        translate("Quality", "Refusals"),
        translate("Quality", "Devices"),
        translate("Quality", "Models"),
    )
    said = (score_notice, refusal_notice, device_notice, model_notice)
    notices = [say(drift) for say in said]
    rows = [(n, f"{one.text} {one.hint}".strip()) for n, one in zip(names, notices, strict=True)]
    title = translate("Quality", "Drift: the last four weeks and the 22 before")
    return Sheet(title, tuple(rows), (picture.svg,))


def share(estimate: Estimate) -> str:
    """Return a percentage with its interval."""
    if math.isnan(estimate.value):
        return translate("Quality", "not measured")
    value, low, high = (f"{n * 100:.1f}" for n in (estimate.value, estimate.low, estimate.high))
    return f"{value} % ({low} to {high} %)"


def reading_words(before: float, after: float, timed: tuple[int, int]) -> str:
    """Say how long readers had a film before them; nothing where no time was kept."""
    said = []
    if timed[0]:
        words = translate("Quality", "{0} before the answer, half of them within {1} s")
        said.append(words.format(f"{timed[0]:,}", f"{before:.0f}"))
    if timed[1]:
        words = translate("Quality", "{0} with the answer, half of them within {1} s")
        said.append(words.format(f"{timed[1]:,}", f"{after:.0f}"))
    return "; ".join(said)


def _seconds(milliseconds: float) -> str:
    if math.isnan(milliseconds):
        return ""
    words = translate("Quality", "half of the films within {0} s")
    return words.format(f"{milliseconds / 1000:.2f}")


def _too_few(words: str) -> Notice:
    hint = translate("Quality", "It takes {0} in the last four weeks and {0} before.")
    return Notice("info", words, hint.format(LEAST_FILMS))
