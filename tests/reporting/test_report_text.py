"""The words of a report: escaped, complete, and with none missing where a field is empty."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from cxr_desktop.domain.assessment import DISCLAIMER, Verdict
from cxr_desktop.domain.history import ExamView
from cxr_desktop.domain.radiograph import Caution, StudyInfo
from cxr_desktop.domain.report import Letterhead, ReportFacts
from cxr_desktop.domain.review import Agreement, Review, ReviewKind
from cxr_desktop.domain.signing import ReaderReport, Signature
from cxr_desktop.reporting.logo import read_logo
from cxr_desktop.reporting.report_text import report_layouts
from tests.support.examples import NOON, an_exam
from tests.support.report_fakes import LOGO


def said(text: str) -> ReaderReport:
    return ReaderReport(
        Review("e1", "rad", NOON, Verdict.NORMAL, Agreement.DISAGREE, text),
    )


def signed(report: ReaderReport, name: str = "Dr Amina Khan", **changes: object) -> ReaderReport:
    signature = Signature("e1", "rad", name, NOON, Verdict.NORMAL, 1, "ab" * 32)
    return replace(report, signature=signature, **changes)  # type: ignore[arg-type]  # by the field's name


def addendum(minutes: int, text: str) -> Review:
    time = NOON + timedelta(minutes=minutes)
    return Review("e1", "doc", time, Verdict.NORMAL, Agreement.AGREE, text, ReviewKind.ADDENDUM)


def facts(**changes: object) -> ReportFacts:
    made = ReportFacts(
        letterhead=Letterhead("District Hospital", "Road 1 | Gilgit"),
        exam=ExamView.of(an_exam(), with_result=True),
        said=said("Line 1\nLine 2"),
        printed_by="Dr Khan",
        printed_at=NOON,
        program_version="0.1.0",
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # by the field's name


def plain(layout: str) -> str:
    return layout.replace("\u2068", "").replace("\u2069", "")


def test_everything_a_reader_needs_stands_in_every_layout() -> None:
    for layout in map(plain, report_layouts(facts())):
        for words in (
            *("District Hospital", "Road 1<br>Gilgit", "Doe, Jane", "P-1", "1970-01-31", "56 y"),
            *("Abnormal", "P(abnormal) = 0.900", "From 0.7 on", "9 were abnormal"),
            *("yolov5x-cls-cxr 1.0", "Line 1<br>Line 2", "Signature", "Dr Khan", DISCLAIMER),
        ):
            assert words in layout


@pytest.mark.parametrize("count", [0, 1, 3])
def test_every_caution_that_stood_beside_the_answer_is_told_in_every_layout(count: int) -> None:
    told = tuple(Caution(f"code_{number}", f"Mind <{number}>.") for number in range(count))
    exam = ExamView.of(replace(an_exam(), cautions=told), with_result=True)
    for layout in map(plain, report_layouts(facts(exam=exam))):
        assert layout.count("Caution:") == count
        assert all(f"<b>Caution:</b> Mind &lt;{number}&gt;." in layout for number in range(count))


def test_no_text_of_a_file_or_a_keyboard_is_markup() -> None:
    evil = '<img src="x"><b>&amp;</b>'
    exam = an_exam(patient_name=evil, patient_id=evil, accession_number=evil, file_name=evil)
    review = Review("e1", evil, NOON, Verdict.NORMAL, Agreement.AGREE, evil)
    shown = facts(
        exam=ExamView.of(exam, with_result=True),
        said=signed(ReaderReport(review, (replace(review, kind=ReviewKind.ADDENDUM),)), name=evil),
        printed_by=evil,
        letterhead=Letterhead(evil, evil),
    )
    for layout in report_layouts(shown):
        assert evil not in layout
        assert '<img src="x"' not in layout
        assert layout.count("<img") == 1


def test_a_report_without_review_study_map_or_film_says_so() -> None:
    exam = replace(an_exam(heat_map=False), study=StudyInfo())
    shown = facts(exam=ExamView.of(exam, with_result=True), said=None, with_film=False)
    for layout in report_layouts(shown):
        assert "No reader has reviewed this exam yet." in layout
        assert "could not be read" in layout
        assert "<img" not in layout
        assert "–" in layout


@pytest.mark.parametrize(
    ("probability", "words"),
    [
        (0.1, "Below 0.3"),
        (0.5, "From 0.3 to below 0.7"),
        (0.0004, "below 0.001"),
        (0.9996, "above"),
    ],
)
def test_the_zone_is_said_with_its_limits(probability: float, words: str) -> None:
    exam = ExamView.of(an_exam(probability=probability), with_result=True)
    assert words in report_layouts(facts(exam=exam))[0]


def test_only_the_tighter_layouts_cut_a_long_text_and_say_so() -> None:
    first, *_, last = report_layouts(facts(said=said("word " * 400)))
    assert "cut here" not in first
    assert "cut here; whole in the program" in last


def test_a_signed_report_names_who_signed_and_has_no_line_left_to_sign() -> None:
    report = signed(replace(said("Clear."), addenda=(addendum(5, "Seen with the CT."),)))
    for layout in map(plain, report_layouts(facts(said=report))):
        assert "Signed electronically by <b>Dr Amina Khan (rad)</b>" in layout
        assert "abababababababab…" in layout
        assert "Signature ___" not in layout
        assert layout.index("Signed electronically") < layout.index("Seen with the CT.")
        assert "no longer what was signed" not in layout


def test_an_unsigned_report_leaves_the_line_open() -> None:
    report = replace(said("Clear."), addenda=(addendum(5, "And the heart."),))
    for layout in map(plain, report_layouts(facts(said=report))):
        assert layout.index("And the heart.") < layout.index("Signature ___")
        assert "Signed" not in layout


def test_what_is_no_longer_what_was_signed_says_so() -> None:
    report = signed(said("Clear."), intact=False)
    for layout in report_layouts(facts(said=report)):
        assert "no longer what was signed" in layout


def test_tight_layouts_keep_the_latest_addenda_and_count_the_others() -> None:
    many = tuple(addendum(number, f"Addition {number}.") for number in range(1, 9))
    first, *_, last = map(plain, report_layouts(facts(said=signed(said(""), addenda=many))))
    assert all(f"Addition {number}." in first for number in range(1, 9))
    assert "6 earlier addenda" in last
    assert "Addition 8." in last


def test_no_word_claims_more_than_decision_support() -> None:
    for layout in report_layouts(facts(with_map=True)):
        assert "rule out" not in layout.lower()
        assert "diagnos" not in layout.lower()


def test_a_logo_is_a_small_png_or_nothing(tmp_path: Path) -> None:
    good, wide = tmp_path / "logo.png", bytearray(LOGO)
    good.write_bytes(LOGO)
    assert read_logo(str(good)) == LOGO
    wide[16:20] = (50_000).to_bytes(4)
    for content in (b"GIF89a", LOGO[:20], LOGO + bytes(1024 * 1024), bytes(wide), b""):
        good.write_bytes(content)
        assert read_logo(str(good)) is None
    assert read_logo(str(tmp_path / "none.png")) is None
    assert read_logo("\x00") is None
