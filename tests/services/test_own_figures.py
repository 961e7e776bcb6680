"""The hospital's own figures: counted by hand here, and by the program."""

from datetime import date
from pathlib import Path

import pytest

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.errors import FilmRefused, JobCancelled, PermissionDenied, RefusalCode
from cxr_desktop.domain.history import HistoryQuery
from cxr_desktop.domain.performance import NOT_MEASURED, wilson
from cxr_desktop.domain.ports import NoProgress
from cxr_desktop.services import history_pages, refused_films
from tests.support.engine_fakes import CancelAt
from tests.support.world import World

ABNORMAL, UNCERTAIN, NORMAL = 230, 120, 20
GIVEN = (
    (ABNORMAL, Verdict.ABNORMAL),
    (ABNORMAL, Verdict.ABNORMAL),
    (ABNORMAL, Verdict.NORMAL),
    (UNCERTAIN, Verdict.ABNORMAL),
    (UNCERTAIN, Verdict.UNCERTAIN),
    (NORMAL, Verdict.ABNORMAL),
    (NORMAL, Verdict.NORMAL),
    (NORMAL, Verdict.NORMAL),
    (NORMAL, None),
)


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path)
    for number, (grey, reader) in enumerate(GIVEN):
        exam = made.exam("doc", grey, f"film{number}.png")
        made.clock.forward(60)
        if reader is not None:
            made.reviews.add(made.actor("rad"), exam.exam_id, reader)
    made.clock.forward(60)
    return made


def test_readers_are_the_reference(world: World) -> None:
    (figures,) = world.figures(world.actor("rad"), HistoryQuery(), NoProgress()).models
    assert (figures.model, figures.exams, figures.reviewed) == ("fake 1.0", 9, 8)
    assert figures.agreement == wilson(5, 8)
    assert (figures.abnormal_films, figures.missed) == (4, 1)
    assert figures.sensitivity == wilson(3, 4)
    assert (figures.normal_films, figures.overcalled) == (3, 1)
    assert figures.specificity == wilson(2, 3)


def test_only_the_latest_review_of_an_exam_counts(world: World) -> None:
    world.reviews.add(world.actor("rad"), "exam-6", Verdict.NORMAL)
    (figures,) = world.figures(world.actor("rad"), HistoryQuery(), NoProgress()).models
    assert figures.missed == 0
    assert figures.reviewed == 8


def test_weeks_count_exams_by_answer_from_their_monday(world: World) -> None:
    world.clock.forward(7 * 24 * 3600)
    world.exam("doc", NORMAL, "later.png")
    world.clock.forward(60)
    first, second = world.figures(world.actor("rad"), HistoryQuery(), NoProgress()).weeks
    assert first.monday == date(2026, 2, 23)  # 1 March 2026 is a Sunday
    assert (first.normal, first.uncertain, first.abnormal, first.reviewed) == (4, 2, 3, 8)
    assert (second.monday, second.exams) == (date(2026, 3, 2), 1)


def test_refused_films_are_counted_by_reason(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refused_films, "PAGE", 2)
    monkeypatch.setattr(history_pages, "PAGE", 2)
    for number in range(5):
        path = world.film(1, f"bad{number}.png")
        world.reader.refuses[path.name] = RefusalCode.DAMAGED
        with pytest.raises(FilmRefused):
            world.classify(world.actor("doc"), path, NoProgress())
    world.clock.forward(1)
    found = world.figures(world.actor("rad"), HistoryQuery(), NoProgress())
    assert found.refusals == {"damaged": 5}
    assert found.models[0].exams == 9
    assert world.figures(world.actor("doc"), HistoryQuery(), NoProgress()).refusals == {}


def test_the_filters_hold_and_nothing_reviewed_is_not_measured(world: World) -> None:
    found = world.figures(world.actor("rad"), HistoryQuery(reviewed=False), NoProgress())
    (figures,) = found.models
    assert (figures.exams, figures.reviewed) == (1, 0)
    assert (str(figures.sensitivity), str(figures.agreement)) == (str(NOT_MEASURED),) * 2
    nobody = world.figures(world.actor("rad"), HistoryQuery(text="nobody"), NoProgress())
    assert (nobody.models, nobody.weeks) == ((), ())


def test_who_may_not_see_answers_gets_no_figures(world: World) -> None:
    with pytest.raises(PermissionDenied):
        world.figures(world.actor("tech"), HistoryQuery(), NoProgress())


def test_counting_can_be_cancelled(world: World) -> None:
    with pytest.raises(JobCancelled):
        world.figures(world.actor("rad"), HistoryQuery(), CancelAt("9 of 9"))
