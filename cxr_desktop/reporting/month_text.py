"""The month's report as one page of text: no patient's name or number stands in it."""

from __future__ import annotations

import math
from datetime import datetime
from html import escape

from cxr_desktop.domain.assessment import DISCLAIMER, Verdict
from cxr_desktop.domain.month import GroupFigures, MonthFacts, MonthFigures
from cxr_desktop.domain.performance import Estimate
from cxr_desktop.domain.quality_rows import Contradicted

LISTED = (40, 24, 12, 6, 0)  # exams listed at most, from roomy to tight
SIZE = 33  # dots (`domain.report.DOTS_PER_MM`)
WORDS = {
    Verdict.NORMAL: "Normal",
    Verdict.UNCERTAIN: "Uncertain",
    Verdict.ABNORMAL: "Abnormal",
}
SECOND_LOOK = "Second look: abnormal to the model, normal to the reader"
MISSED = "Missed by the model: normal to the model, abnormal to the reader"
CAUTION = (
    "Counted from exams that readers reviewed, with the latest review of each. If mainly doubtful "
    "films are reviewed, the figures say little about the others. Intervals are at 95 % (Wilson)."
)


def month_layouts(facts: MonthFacts) -> tuple[str, ...]:
    """Return the page from roomy to tight (`domain.report.ReportPage`)."""
    return tuple(_page(facts, most) for most in LISTED)


def _page(facts: MonthFacts, most: int) -> str:
    figures = facts.figures
    title = f"Quality of the model’s answers, {figures.first:%Y-%m}"
    models = ", ".join(figures.models) or "–"
    second_look = _listed(
        SECOND_LOOK,
        figures.second_look,
        most,
        f"{figures.whole.overcalled:,}, {figures.signed_normal:,} of them signed (marked s)",
    )
    missed = _listed(MISSED, figures.missed, most, f"{figures.whole.missed:,}")
    return (
        f'<html><body style="font-size:{SIZE}px; color:#000000;">'
        f"{head(facts.hospital, title)}"
        f"<p>Model: {escape(models)}. Exams: {figures.exams:,}, {figures.whole.reviewed:,} of them "
        f"reviewed, {figures.signed:,} signed; reader and model say the same in "
        f"{_share(figures.whole.agreement)}. {_time(figures.median_ms)} "
        f"{_readings(figures)}</p>"
        f"{_table(facts)}{_groups(facts)}{_refusals(facts)}"
        f"{second_look}{missed}"
        f"<p>{CAUTION}</p>{foot(facts.printed_by, facts.printed_at, facts.program_version)}"
        "</body></html>"
    )


def head(hospital: str, title: str) -> str:
    """Return what stands at the top of a page on quality."""
    return (
        f'<p style="font-size:{SIZE * 2}px; font-weight:bold;">{escape(hospital)}</p>'
        f'<p style="font-size:{round(SIZE * 1.5)}px; font-weight:bold;">{escape(title)}</p>'
    )


def foot(printed_by: str, printed_at: datetime, program_version: str) -> str:
    """Return what stands at its end."""
    return (
        f"<hr><p><b>{DISCLAIMER}</b> Printed by {escape(printed_by)}, "
        f"{printed_at.astimezone():%Y-%m-%d %H:%M}, CXR Desktop {escape(program_version)}.</p>"
    )


def _table(facts: MonthFacts) -> str:
    readers = (*WORDS, None)
    head = "".join(f"<td><b>reader: {_said(reader).lower()}</b></td>" for reader in readers)
    rows = "".join(
        f"<tr><td><b>model: {WORDS[said].lower()}</b></td>"
        + "".join(f"<td>{facts.figures.table.get((said, reader), 0):,}</td>" for reader in readers)
        + "</tr>"
        for said in WORDS
    )
    return f'<table width="100%" cellpadding="4"><tr><td></td>{head}</tr>{rows}</table>'


def _groups(facts: MonthFacts) -> str:
    head = "".join(
        f"<td><b>{name}</b></td>"
        for name in ("Group", "Exams", "Reviewed", "Same answer", "Missed", "Overcalled")
    )
    rows = "".join(_group(group) for group in facts.figures.groups)
    return f'<hr><table width="100%" cellpadding="3"><tr>{head}</tr>{rows}</table>'


def _group(group: GroupFigures) -> str:
    name = f"{group.kind}: {group.name}" if group.kind else "all exams"
    cells = (
        name,
        f"{group.exams:,}",
        f"{group.reviewed:,}",
        _share(group.agreement),
        f"{group.missed:,}",
        f"{group.overcalled:,}",
    )
    return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"


def _refusals(facts: MonthFacts) -> str:
    counted = facts.figures.refusals
    reasons = ", ".join(
        f"{escape(reason.replace('_', ' '))} {count:,}" for reason, count in counted.items()
    )
    return (
        f"<hr><p><b>Refused films:</b> {sum(counted.values()):,}{reasons and f' ({reasons})'}</p>"
    )


def _listed(title: str, rows: tuple[Contradicted, ...], most: int, count: str) -> str:
    shown = ", ".join(
        f"{row.time.astimezone():%d %H:%M} ({row.exam_id[:8]}, {row.probability:.2f}"
        f"{', s' if row.signed else ''})"
        for row in rows[:most]
    )
    left = len(rows) - most
    more = f" … and {left} more" if left > 0 and most else ""
    return f"<p><b>{title}: {count}</b><br>{shown}{more}</p>"


def _time(milliseconds: float) -> str:
    if math.isnan(milliseconds):
        return ""
    return f"Half of the films were answered within {milliseconds / 1000:.2f} s."


def _readings(figures: MonthFigures) -> str:
    """Say how long readers had a film before them, apart for those who had seen the answer."""
    said = ""
    for count, seconds, words in (
        (figures.timed[0], figures.seconds_before, "before the answer"),
        (figures.timed[1], figures.seconds_with, "with the answer"),
    ):
        if count == 1:
            said += f"The one reading {words} took {seconds:.0f} s. "
        elif count:
            said += f"Half of the {count:,} readings {words} took at most {seconds:.0f} s. "
    return said


def _said(reader: Verdict | None) -> str:
    return "none yet" if reader is None else WORDS[reader]


def _share(estimate: Estimate) -> str:
    if math.isnan(estimate.value):
        return "not measured"
    value, low, high = (f"{n * 100:.1f}" for n in (estimate.value, estimate.low, estimate.high))
    return f"{value} % ({low} to {high} %)"
