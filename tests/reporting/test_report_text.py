"""The words of a report: escaped, complete, and with none missing where a field is empty."""

from dataclasses import replace
from pathlib import Path

import pytest

from cxr_desktop.domain.assessment import DISCLAIMER, Verdict
from cxr_desktop.domain.history import ExamView
from cxr_desktop.domain.radiograph import StudyInfo
from cxr_desktop.domain.report import Letterhead, ReportFacts
from cxr_desktop.domain.review import Agreement, Review
from cxr_desktop.reporting.logo import read_logo
from cxr_desktop.reporting.report_text import report_layouts
from tests.support.examples import NOON, an_exam
from tests.support.report_fakes import LOGO


def facts(**changes: object) -> ReportFacts:
    made = ReportFacts(
        letterhead=Letterhead("District Hospital", "Road 1 | Gilgit"),
        exam=ExamView.of(an_exam(), with_result=True),
        review=Review("e1", "rad", NOON, Verdict.NORMAL, Agreement.DISAGREE, "Line 1\nLine 2"),
        reader="rad",
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


def test_no_text_of_a_file_or_a_keyboard_is_markup() -> None:
    evil = '<img src="x"><b>&amp;</b>'
    exam = an_exam(patient_name=evil, patient_id=evil, accession_number=evil, file_name=evil)
    review = Review("e1", evil, NOON, Verdict.NORMAL, Agreement.AGREE, evil)
    shown = facts(
        exam=ExamView.of(exam, with_result=True),
        review=review,
        reader=evil,
        printed_by=evil,
        letterhead=Letterhead(evil, evil),
    )
    for layout in report_layouts(shown):
        assert evil not in layout
        assert '<img src="x"' not in layout
        assert layout.count("<img") == 1


def test_a_report_without_review_study_map_or_film_says_so() -> None:
    exam = replace(an_exam(heat_map=False), study=StudyInfo())
    shown = facts(exam=ExamView.of(exam, with_result=True), review=None, with_film=False)
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
    long = Review("e1", "rad", NOON, Verdict.NORMAL, Agreement.AGREE, "word " * 400)
    first, *_, last = report_layouts(facts(review=long))
    assert "cut here" not in first
    assert "cut here; whole in the program" in last


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
