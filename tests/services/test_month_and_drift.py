from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from cxr_desktop.domain.assessment import DISCLAIMER, Timings, Verdict
from cxr_desktop.domain.audit import AuditAction
from cxr_desktop.domain.drift import Alarm
from cxr_desktop.domain.errors import FilmRefused, PermissionDenied, RefusalCode
from cxr_desktop.domain.month import MonthFigures
from cxr_desktop.domain.ports import NoProgress
from cxr_desktop.domain.radiograph import StudyInfo
from tests.support.world import World

MARCH = date(2026, 3, 15)
SECOND = 1.0
MONTH = 31 * 24 * 3600.0


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Four exams in March, three of them reviewed, one refused film, and one exam in April."""
    made = World(tmp_path)
    for grey, said, study in (
        (20, Verdict.NORMAL, StudyInfo(sex="F", age="030Y", view_position="PA")),
        (20, Verdict.ABNORMAL, StudyInfo(sex="F", age="070Y", view_position="AP")),
        (230, Verdict.NORMAL, StudyInfo(sex="M", age="070Y", patient_name="Planted^Name")),
        (120, None, StudyInfo()),
    ):
        made.reader.study = study
        exam = made.exam("doc", grey)
        made.clock.forward(SECOND)
        if said is not None:
            made.reviews.add(made.actor("rad"), exam.exam_id, said)
    made.reader.refuses["bad.png"] = RefusalCode.NOT_FRONTAL
    with pytest.raises(FilmRefused):
        made.classify(made.actor("doc"), made.film(9, "bad.png"), NoProgress())
    made.reader.refuses.clear()
    made.clock.forward(MONTH)
    made.exam("doc", 230)
    return made


def march(world: World, person: str = "rad") -> MonthFigures:
    return world.quality.month(world.actor(person), MARCH, NoProgress())


def test_the_month_counts_model_against_reader(world: World) -> None:
    found = march(world)
    assert (found.first, found.exams, found.whole.reviewed) == (date(2026, 3, 1), 4, 3)
    assert found.table[Verdict.NORMAL, Verdict.ABNORMAL] == 1
    assert found.table[Verdict.UNCERTAIN, None] == 1
    assert found.whole.agreement.value == pytest.approx(1 / 3)
    assert [row.exam_id for row in found.second_look] == ["exam-3"]
    assert [row.exam_id for row in found.missed] == ["exam-2"]
    assert found.refusals == {"not_frontal": 1}
    assert found.models == ("fake 1.0",)


def test_signed_reports_are_counted_and_stand_first_for_a_second_look(world: World) -> None:
    world.clock.forward(-MONTH)
    world.exam("doc", 230, "later.png")
    world.reviews.add(world.actor("rad"), "exam-6", Verdict.NORMAL)
    world.signing.sign(world.actor("rad"), "exam-6", 1)
    world.signing.sign(world.actor("rad"), "exam-2", 1)
    found = march(world)
    assert (found.signed, found.signed_normal, found.whole.overcalled) == (2, 1, 2)
    assert [row.exam_id for row in found.second_look] == ["exam-6", "exam-3"]
    page = world.quality.month.page(world.actor("rad"), found).layouts[0]
    assert "2, 1 of them signed" in page
    assert "(exam-6, 0.90, s)" in page


def test_readings_before_and_with_the_answer_are_timed_apart(world: World) -> None:
    world.clock.forward(-MONTH)
    opened = world.clock()
    world.let_rad_read_first()
    world.exam("doc", 20, "first.png")
    world.clock.forward(90)
    world.reviews.add(world.actor("rad"), "exam-6", Verdict.NORMAL, opened=opened)
    found = march(world)
    assert (found.timed, found.seconds_before) == ((1, 0), 90)
    page = world.quality.month.page(world.actor("rad"), found).layouts[0]
    assert "The one reading before the answer took 90 s" in page
    assert "with the answer" not in page


def test_groups_by_age_sex_and_view_add_up(world: World) -> None:
    groups = {(group.kind, group.name): group for group in march(world).groups}
    for kind in ("age", "sex", "view", "device"):
        assert sum(group.exams for (of, _), group in groups.items() if of == kind) == 4
    ages = [name for of, name in groups if of == "age"]
    assert ages == ["18 to 39", "65 and older", "unknown"]
    assert groups["age", "65 and older"].exams == 2
    assert groups["sex", "female"].missed == 1
    assert groups["sex", "male"].overcalled == 1
    assert groups["view", "unknown"].exams == 2
    assert groups["device", "unknown"].exams == 4


def test_the_commonest_makers_are_groups_and_the_time_is_the_middle_one(world: World) -> None:
    record = world.history.records[0]
    for number in range(20):
        study = replace(record.study, manufacturer=f"Maker {number % 8}" if number < 16 else "Big")
        timings = Timings(read=100.0 * number)
        world.history.records.append(
            replace(
                record,
                exam_id=f"more-{number}",
                study=study,
                assessment=replace(record.assessment, timings=timings),
            )
        )
    found = march(world)
    devices = [group.name for group in found.groups if group.kind == "device"]
    assert len(devices) == 6
    assert {"unknown", "big"} <= set(devices)
    assert 500 < found.median_ms < 1000


def test_the_page_of_a_month_with_one_exam_does_not_speak_of_several(world: World) -> None:
    figures = world.quality.month(world.actor("rad"), date(2026, 4, 1), NoProgress())
    assert figures.exams == 1
    page = world.quality.month.page(world.actor("rad"), figures)
    for layout in page.layouts:
        assert "Exams: 1, 0 of them reviewed, 0 signed" in layout
        assert "1 exams" not in layout


def test_a_month_without_exams_is_counted_too(world: World) -> None:
    found = world.quality.month(world.actor("rad"), date(2026, 12, 31), NoProgress())
    assert (found.exams, found.second_look, found.refusals) == (0, (), {})


def test_the_page_names_no_patient_and_is_noted(world: World) -> None:
    figures = march(world)
    page = world.quality.month.page(world.actor("rad"), figures)
    for layout in page.layouts:
        assert "2026-03" in layout
        assert "District Hospital" in layout
        assert "Planted" not in layout
        assert DISCLAIMER in layout
    assert "exam-3" in page.layouts[0]
    event = world.audit.log[-1]
    assert (event.action, event.detail) == (AuditAction.REPORT_MADE, {"month": "2026-03"})


def test_a_markup_in_a_name_stays_text(world: World) -> None:
    world.letterhead.values["report.letterhead"] = "<b>Clinic"
    page = world.quality.month.page(world.actor("rad"), march(world))
    assert "&lt;b&gt;Clinic" in page.layouts[0]


@pytest.mark.parametrize("person", ["tech", "doc"])
def test_who_may_not_measure_gets_neither(world: World, person: str) -> None:
    with pytest.raises(PermissionDenied):
        march(world, person)
    with pytest.raises(PermissionDenied):
        world.quality.month.page(world.actor(person), march(world))
    with pytest.raises(PermissionDenied):
        world.quality.drift(world.actor(person), NoProgress())


def test_drift_counts_films_and_refusals_of_every_week(world: World) -> None:
    found = world.quality.drift(world.actor("rad"), NoProgress())
    weeks = {week.monday: week for week in found.drift.weeks}
    assert len(weeks) == 26
    first, last = weeks[date(2026, 2, 23)], weeks[date(2026, 3, 30)]
    assert (first.films, first.refused) == (4, 1)
    assert (last.films, last.refused) == (1, 0)
    assert found.drift.scores is Alarm.TOO_FEW
    assert found.svg.startswith("<svg")


def test_years_and_days_are_those_of_the_hospitals_clock(world: World) -> None:
    record = world.history.records[0]
    late = record.time.replace(month=3, day=31, hour=23, minute=59)
    world.history.records[0] = replace(record, time=late)
    assert march(world).exams == 4
