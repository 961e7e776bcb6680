"""The one-page report as text: every word of a file or a keyboard is escaped, none is markup."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from html import escape

from cxr_desktop.domain.assessment import DISCLAIMER, Assessment, Verdict
from cxr_desktop.domain.radiograph import Caution
from cxr_desktop.domain.report import DOTS_PER_MM, PAGE_WIDTH_MM, ReportFacts
from cxr_desktop.domain.review import Review
from cxr_desktop.domain.signing import Signature
from cxr_desktop.domain.texts import local_minute

WORDS = {
    Verdict.NORMAL: "Normal",
    Verdict.UNCERTAIN: "Uncertain",
    Verdict.ABNORMAL: "Abnormal",
    Verdict.REFUSED: "Not read",
}
LIMITS = (
    "The model looks at one frontal chest film and says whether it looks normal or abnormal. It "
    "names no disease, knows nothing of the patient, and can miss small or hidden findings."
)
NOT_INTACT = "What is stored is no longer what was signed. Ask IT to verify the audit log."
MAP_LIMIT = "The heat map shows what raised the score, not the outline of a lesion."
FILM_WIDTH_MM, FILM_GAP_MM, LOGO_MM = 100.0, 5.0, 18.0
SEXES = {"F": "Female", "M": "Male", "O": "Other"}


@dataclass(frozen=True, slots=True)
class Tightness:
    """How much room a layout takes: height of the film, letters, characters and lines of a text,
    and how many addenda.
    """

    film_mm: float
    points: float
    characters: int = 4000
    lines: int = 4000
    addenda: int = 50


TIGHTNESSES = (
    Tightness(120, 10),
    Tightness(100, 10),
    Tightness(80, 9.5),
    Tightness(70, 8.5),
    Tightness(60, 8, 1500, 25, 6),
    Tightness(45, 7.5, 700, 10, 4),
    Tightness(35, 7, 400, 6, 3),
    Tightness(30, 6.5, 200, 3, 2),
)
ADDRESS_LINES = 5


def report_layouts(facts: ReportFacts) -> tuple[str, ...]:
    """Return the same report as HTML from roomy to tight (`domain.report.ReportPage`)."""
    return tuple(_page(facts, tightness) for tightness in TIGHTNESSES)


def _page(facts: ReportFacts, tightness: Tightness) -> str:
    size = _points(tightness.points)
    return (
        f'<html><body style="font-size:{size}px; color:#000000;">'
        f"{_head(facts, size)}{_patient(facts)}"
        f"{_film_and_answer(facts, tightness)}"
        f"{_review(facts, tightness)}{_foot(facts, size)}"
        "</body></html>"
    )


def _head(facts: ReportFacts, size: int) -> str:
    head = facts.letterhead
    lines = [line.strip() for line in head.address.split("|") if line.strip()]
    address = "<br>".join(map(_text, lines[:ADDRESS_LINES]))
    logo = (
        f'<td width="{_mm(LOGO_MM + 4)}"><img src="logo" height="{_mm(LOGO_MM)}"></td>'
        if head.logo is not None
        else ""
    )
    style = f"font-size:{round(size * 1.5)}px; font-weight:bold;"
    name = f'<span style="{style}">{_text(head.name)}</span>'
    above = (
        f'<table width="100%" cellspacing="0" cellpadding="0"><tr>{logo}'
        f'<td valign="middle">{name}<br>{address}</td></tr></table><hr>'
    )
    return (
        f"{above if head.name or address or logo else ''}"
        f'<p style="font-size:{round(size * 1.3)}px; font-weight:bold; margin-top:{_mm(1)}px;'
        f' margin-bottom:{_mm(1)}px;">Chest film: the model’s answer and the reader’s review</p>'
    )


def _patient(facts: ReportFacts) -> str:
    study = facts.exam.study
    left = (
        ("Patient", _name(study.patient_name)),
        ("Patient ID", study.patient_id),
        ("Birth date", _day(study.birth_date)),
        ("Sex, age", ", ".join(p for p in (_sex(study.sex), _age(study.age)) if p)),
    )
    view = " ".join(part for part in (study.modality, study.view_position) if part)
    right = (
        ("Film taken", _day(study.study_date)),
        ("Accession", study.accession_number),
        ("Study", ", ".join(part for part in (study.study_description, view) if part)),
        ("Answered", _moment(facts.exam.time)),
    )
    rows = "".join(
        f"<tr>{_cell(*one)}{_cell(*other)}</tr>" for one, other in zip(left, right, strict=True)
    )
    gap = f'<p style="font-size:{_mm(2)}px; margin:0px;">&nbsp;</p>'
    return f'<table width="100%" cellspacing="0" cellpadding="{_mm(0.6)}">{rows}</table>{gap}'


def _cell(name: str, value: str) -> str:
    shown = _text(value) if value else "–"
    return f'<td width="12%">{escape(name)}</td><td width="38%"><b>{shown}</b></td>'


def _film_and_answer(facts: ReportFacts, tightness: Tightness) -> str:
    answer = facts.exam.assessment
    words = "<p>No answer to show.</p>"
    if answer is not None:
        words = _answer(answer, facts.exam.cautions, tightness)
    if not facts.with_film:
        return f"{words}<p>The stored film could not be read and is not shown.</p>"
    film = facts.exam.film
    height = min(tightness.film_mm, FILM_WIDTH_MM * film.rows / film.columns)
    width = height * film.columns / film.rows
    if facts.with_map:
        words += f"<p>{MAP_LIMIT}</p>"
    return (
        '<table width="100%" cellspacing="0" cellpadding="0"><tr>'
        f'<td width="{_mm(width + FILM_GAP_MM)}" valign="top">'
        f'<img src="film" width="{_mm(width)}" height="{_mm(height)}"></td>'
        f'<td width="{_mm(PAGE_WIDTH_MM - width - FILM_GAP_MM)}" valign="top">{words}</td>'
        "</tr></table>"
    )


def _answer(answer: Assessment, cautions: Sequence[Caution], tightness: Tightness) -> str:
    size = _points(tightness.points)
    scores = f"P(abnormal) = {_score(answer.probability)}"
    model = f"{answer.model.id} {answer.model.version}"
    return (
        f"<p>The model’s answer<br>"
        f'<span style="font-size:{round(size * 2)}px; font-weight:bold;">'
        f"{WORDS[answer.verdict]}</span><br><b>{scores}</b></p>"
        f"<p>{_zone(answer)}</p>{_cautions(cautions)}"
        f"<p>{_text(answer.meaning)}</p>"
        f"<p>{LIMITS}</p>"
        f"<p>Model: {_text(model)}<br>SHA-256 {_text(answer.model.sha256[:16])}…</p>"
        f"<p><b>{DISCLAIMER}</b></p>"
    )


def _cautions(cautions: Sequence[Caution]) -> str:
    lines = "<br>".join(f"<b>Caution:</b> {_text(caution.message)}" for caution in cautions)
    return f"<p>{lines}</p>" if lines else ""


def _zone(answer: Assessment) -> str:
    low, high = f"{answer.points.normal_below:g}", f"{answer.points.abnormal_from:g}"
    match answer.verdict:
        case Verdict.NORMAL:
            return f"Below {low}: the model saw nothing that it takes for abnormal."
        case Verdict.UNCERTAIN:
            return f"From {low} to below {high}: the model leaves the film open."
        case Verdict.ABNORMAL:
            return f"From {high} on: the model takes the film for abnormal."
        case Verdict.REFUSED:
            return "The model did not read this film."


def _review(facts: ReportFacts, tightness: Tightness) -> str:
    title = "<hr><p><b>Review by a qualified reader</b></p>"
    line = "_" * 34
    to_sign = f'<p style="margin-top:{_mm(7)}px;">Name {line} &nbsp; Signature {line}</p>'
    if facts.said is None:
        return f"{title}<p>No reader has reviewed this exam yet.</p>{to_sign}"
    review, signature = facts.said.review, facts.said.signature
    said = (
        f"<p><b>{WORDS[review.verdict]}</b>, by {_text(review.user)}, {_moment(review.time)}</p>"
        f"<p>{_lines(review.text, tightness)}</p>"
    )
    if signature is None:
        return f"{title}{said}{_addenda(facts.said.addenda, tightness)}{to_sign}"
    before = tuple(one for one in facts.said.addenda if one.time <= signature.time)
    after = facts.said.addenda[len(before) :]
    return (
        f"{title}{said}{_addenda(before, tightness)}"
        f"{_signed(signature, intact=facts.said.intact)}{_addenda(after, tightness)}"
    )


def _signed(signature: Signature, *, intact: bool) -> str:
    who = _text(signature.name)
    if signature.name != signature.user:
        who += f" ({_text(signature.user)})"
    broken = "" if intact else f"<br><b>{NOT_INTACT}</b>"
    return (
        f'<p style="margin-top:{_mm(3)}px;">Signed electronically by <b>{who}</b>, '
        f"{_moment(signature.time)}. SHA-256 of what was signed: {signature.sha256[:16]}…"
        f"{broken}</p>"
    )


def _addenda(addenda: Sequence[Review], tightness: Tightness) -> str:
    shown = addenda[-tightness.addenda :]
    left = len(addenda) - len(shown)
    earlier = f"<p>… {left} earlier addenda are left out here; whole in the program.</p>"
    return (earlier if left else "") + "".join(
        f"<p><b>Addendum</b> by {_text(one.user)}, {_moment(one.time)}: "
        f"{_lines(one.text, tightness)}</p>"
        for one in shown
    )


def _lines(text: str, tightness: Tightness) -> str:
    return "<br>".join(map(_text, _fitting(text, tightness)))


def _fitting(text: str, tightness: Tightness) -> list[str]:
    """Return the lines that a layout has room for, and say where it left some out."""
    text = text.rstrip()
    lines = text[: tightness.characters].rstrip().split("\n")[: tightness.lines]
    if len("\n".join(lines)) < len(text):
        lines[-1] += " … (cut here; whole in the program)"
    return lines


def _foot(facts: ReportFacts, size: int) -> str:
    exam = facts.exam
    return (
        f'<hr><p style="font-size:{round(size * 0.8)}px;">Exam {_text(exam.exam_id)}, film '
        f"{_text(exam.film.file_name)} (SHA-256 {_text(exam.film.sha256[:16])}…), run by "
        f"{_text(exam.user)}. Printed by {_text(facts.printed_by)}, {_moment(facts.printed_at)}, "
        f"CXR Desktop {_text(facts.program_version)}.</p>"
    )


def _text(text: str) -> str:
    """Escape; isolate (U+2068, U+2069), so that Arabic and Latin text do not turn each other."""
    return f"\u2068{escape(text)}\u2069" if text else ""


def _name(name: str) -> str:
    groups = []
    for group in name.split("="):
        parts = [part.strip() for part in group.split("^")]
        given = " ".join(part for part in parts[1:] if part)
        groups.append(", ".join(part for part in (parts[0], given) if part))
    return " / ".join(group for group in groups if group)


def _sex(sex: str) -> str:
    return SEXES.get(sex.upper(), sex)


def _age(age: str) -> str:
    known = len(age) == 4 and age[:3].isdigit() and age[3] in "DWMY"
    return f"{int(age[:3])} {age[3].lower()}" if known else age


def _day(day: date | None) -> str:
    return day.isoformat() if day is not None else ""


def _moment(time: datetime) -> str:
    return local_minute(time)


def _score(value: float) -> str:
    if 0.0 < value < 0.001:
        return "below 0.001"
    return "above 0.999" if 0.999 < value < 1.0 else f"{value:.3f}"


def _mm(length: float) -> int:
    return max(1, round(length * DOTS_PER_MM))


def _points(size: float) -> int:
    return round(size * 25.4 / 72 * DOTS_PER_MM)
