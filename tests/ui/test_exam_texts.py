"""Names, dates, spacing and times as a person reads and types them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cxr_desktop.domain.assessment import Timings
from cxr_desktop.domain.history import ExamView
from cxr_desktop.domain.radiograph import PixelSpacing, StudyInfo
from cxr_desktop.ui.widgets.exam_facts import (
    answer_rows,
    film_rows,
    spacing_text,
    stored_film_rows,
    timing_text,
)
from cxr_desktop.ui.widgets.patient_text import age_text, person_name, sex_text, view_text
from cxr_desktop.ui.widgets.plain_label import BREAK, breakable
from cxr_desktop.ui.widgets.typed_study import TypedStudy, parse_date
from tests.support.examples import an_exam
from tests.support.reading import a_film

TODAY = date(2026, 3, 31)


def test_the_side_marker_is_left_to_the_reader_of_every_film() -> None:
    row = ("Side marker", "not read; check it yourself")
    assert row in film_rows(a_film(Path("/a.png")))
    assert row in stored_film_rows(an_exam().film)


def test_a_signed_report_is_said_beside_the_film() -> None:
    record = an_exam()
    for signed in (False, True):
        shown = ExamView.of(record, with_result=True, signed=signed)
        assert (("Report", "signed") in answer_rows(shown)) is signed


@pytest.mark.parametrize(
    "name,shown",
    [
        ("Khan^Fatima", "Khan, Fatima"),
        ("Khan^Fatima^Bibi^Dr^MD", "Khan, Fatima Bibi (Dr MD)"),
        ("Yamada^Tarou=山田^太郎", "Yamada, Tarou / 山田, 太郎"),
        ("فاطمة^خان", "فاطمة, خان"),
        ("Fatima Khan", "Fatima Khan"),
        ("^Fatima", "Fatima"),
        ("", ""),
        ("===", ""),
    ],
)
def test_names_are_shown_as_people_write_them(name: str, shown: str) -> None:
    assert person_name(name) == shown


def test_ages_sexes_and_views_are_words() -> None:
    assert (age_text("056Y"), age_text("003M"), age_text("56")) == ("56 y", "3 m", "56")
    assert (sex_text("F"), sex_text("m"), sex_text("X")) == ("Female", "Male", "X")
    assert view_text(StudyInfo(modality="DX", view_position="PA", laterality="U")) == "DX PA"
    assert view_text(StudyInfo(modality="CR", laterality="L")) == "CR L"


@pytest.mark.parametrize(
    "text,day",
    [
        ("2026-03-31", date(2026, 3, 31)),
        ("31/03/2026", date(2026, 3, 31)),
        (" 1.3.2026 ", date(2026, 3, 1)),
        ("2026/3/1", date(2026, 3, 1)),
        ("31/02/2026", None),
        ("03/31/2026", None),
        ("31/03/26", None),
        ("٣١/٠٣/٢٠٢٦", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_dates_are_read_year_first_or_day_first_and_never_guessed(
    text: str, day: date | None
) -> None:
    assert parse_date(text) == day


def test_only_past_dates_may_be_stored() -> None:
    assert TypedStudy(birth_date="2026-03-31").problems(TODAY) == {}
    assert set(TypedStudy(birth_date="2026-04-01").problems(TODAY)) == {"birth_date"}
    assert set(TypedStudy(study_date="0001-01-01").problems(TODAY)) == {"study_date"}
    assert TypedStudy(study_date="  ").problems(TODAY) == {}


def test_nothing_typed_is_no_study() -> None:
    assert TypedStudy(patient_name="  ").study() is None
    assert TypedStudy(patient_id=" 7 ").study() == StudyInfo(patient_id="7")


def test_spacing_says_in_which_plane_it_was_measured() -> None:
    assert spacing_text(None) == ""
    assert spacing_text(PixelSpacing(0.148, 0.148)) == "0.148 mm"
    assert spacing_text(PixelSpacing(0.1, 0.2, at_detector=True)) == "0.1 × 0.2 mm, at the detector"


def test_the_time_is_told_in_all_and_by_step() -> None:
    text = timing_text(Timings(read=40.2, prepare=4.9, infer=165.0))
    assert text == "0.21 s: read 40 ms, prepare 5 ms, model 165 ms"


def test_only_long_words_get_places_to_break() -> None:
    assert breakable("Khan, Fatima 2026-03-31") == "Khan, Fatima 2026-03-31"
    long = "shenzhen_abnormal_CHNCXR_0416_1.png"
    assert breakable(long).replace(BREAK, "") == long
    assert max(map(len, breakable("9" * 120).split(BREAK))) <= 13
