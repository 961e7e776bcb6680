"""Read first: an answer is withheld from who must read first until they have read the film."""

from datetime import timedelta
from pathlib import Path

import pytest

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.errors import InvalidRequest, PermissionDenied
from cxr_desktop.domain.history import ExamRow, HistoryQuery
from cxr_desktop.domain.ports import NoProgress
from cxr_desktop.domain.review import Agreement, Opinion, Review, ReviewKind
from cxr_desktop.domain.roles import BUILT_IN_GROUPS, Group, Permission, User
from tests.support.examples import NOON, an_event
from tests.support.world import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path)
    made.let_rad_read_first()
    return made


def row(world: World, exam_id: str) -> ExamRow:
    """Return the exam's line as the radiologist sees it."""
    page = world.browse.search(world.actor("rad"), HistoryQuery())
    return next(one for one in page.rows if one.exam_id == exam_id)


def test_only_the_radiologists_read_first_at_the_start() -> None:
    groups = [group.name for group in BUILT_IN_GROUPS if _actor_reads_first(group)]
    assert groups == ["Radiologists"]


def _actor_reads_first(group: Group) -> bool:
    permissions = User("x", "X", group.name).permissions([group])
    return Permission.SEE_RESULT in permissions and Permission.SEE_AT_ONCE not in permissions


def test_a_film_that_was_just_run_gives_no_answer_yet(world: World) -> None:
    exam = world.exam("rad")
    assert (exam.assessment, exam.awaits_reading) == (None, True)
    assert world.history.get(exam.exam_id).assessment.verdict is Verdict.ABNORMAL


def test_nothing_tells_the_answer_before_the_reading(world: World) -> None:
    exam_id = world.exam("doc").exam_id
    world.reviews.add(world.actor("doc"), exam_id, Verdict.ABNORMAL, "Effusion")
    rad = world.actor("rad")
    opened = world.browse.open(rad, exam_id)
    assert (opened.assessment, opened.awaits_reading) == (None, True)
    assert world.reviews.of(rad, exam_id) == ()
    line = row(world, exam_id)
    assert (line.verdict, line.probability, line.reader, line.agreement) == (None,) * 4
    for query in (
        HistoryQuery(verdict=Verdict.ABNORMAL),
        HistoryQuery(agreement=Agreement.AGREE),
        HistoryQuery(text="effusion"),
    ):
        assert world.browse.search(rad, query).total == 0
    with pytest.raises(InvalidRequest, match="own reading comes first"):
        world.report(rad, exam_id, NoProgress())
    path = world.folder / "list.csv"
    world.export(rad, HistoryQuery(), path, NoProgress())
    assert "abnormal" not in str(world.tables.written["list.csv"])
    assert world.figures(rad, HistoryQuery(), NoProgress()).models == ()


def test_the_reading_is_stored_with_both_times_and_brings_the_answer(world: World) -> None:
    exam_id = world.exam("doc").exam_id
    world.clock.forward(60)
    opened = world.clock()
    world.clock.forward(34)
    rad = world.actor("rad")
    review = world.reviews.add(rad, exam_id, Verdict.NORMAL, "Clear", opened)
    assert (review.kind, review.seconds) == (ReviewKind.FIRST, 34.0)
    assert review.agreement is Agreement.DISAGREE
    seen = world.browse.open(rad, exam_id)
    assert seen.assessment is not None
    assert not seen.awaits_reading
    assert row(world, exam_id).verdict is Verdict.ABNORMAL
    assert world.reviews.of(rad, exam_id) == (review,)
    assert world.audit.log[-2].detail["kind"] == "first"
    assert world.report(rad, exam_id, NoProgress()).exam_id == exam_id


def test_a_reading_that_came_first_is_never_followed_by_another_verdict(world: World) -> None:
    exam_id = world.exam("doc").exam_id
    rad = world.actor("rad")
    world.reviews.add(rad, exam_id, Verdict.NORMAL)
    with pytest.raises(InvalidRequest, match="stays"):
        world.reviews.add(rad, exam_id, Verdict.ABNORMAL)
    assert [review.verdict for review in world.history.reviews] == [Verdict.NORMAL]


def test_an_addendum_and_an_opinion_repeat_the_verdict(world: World) -> None:
    exam_id = world.exam("doc").exam_id
    rad = world.actor("rad")
    world.reviews.add(rad, exam_id, Verdict.NORMAL)
    added = world.reviews.addendum(rad, exam_id, "Nipple shadow")
    said = world.reviews.opine(rad, exam_id, Opinion.FALSE_ALARM)
    assert (added.kind, added.verdict, added.text) == (
        ReviewKind.ADDENDUM,
        Verdict.NORMAL,
        "Nipple shadow",
    )
    assert (said.kind, said.opinion, said.verdict) == (
        ReviewKind.OPINION,
        Opinion.FALSE_ALARM,
        Verdict.NORMAL,
    )
    assert world.audit.log[-1].detail["opinion"] == "false_alarm"
    assert row(world, exam_id).agreement is Agreement.DISAGREE


def test_an_addendum_needs_a_text_and_both_need_a_reading(world: World) -> None:
    exam_id = world.exam("doc").exam_id
    rad = world.actor("rad")
    with pytest.raises(InvalidRequest, match="not read this exam"):
        world.reviews.addendum(rad, exam_id, "More")
    with pytest.raises(InvalidRequest, match="not read this exam"):
        world.reviews.opine(rad, exam_id, Opinion.OTHER)
    world.reviews.add(rad, exam_id, Verdict.NORMAL)
    with pytest.raises(InvalidRequest, match="needs a text"):
        world.reviews.addendum(rad, exam_id, " \n")
    assert len(world.history.reviews) == 1


def test_a_clock_that_was_set_back_costs_the_duration_not_the_reading(world: World) -> None:
    exam_id = world.exam("doc").exam_id
    later = world.clock() + timedelta(hours=1)
    review = world.reviews.add(world.actor("rad"), exam_id, Verdict.NORMAL, "", later)
    assert (review.opened, review.seconds) == (None, None)


def test_who_sees_at_once_reviews_with_the_answer_in_view(world: World) -> None:
    exam = world.exam("doc")
    assert exam.assessment is not None
    doc = world.actor("doc")
    assert world.reviews.add(doc, exam.exam_id, Verdict.NORMAL).kind is ReviewKind.REVIEW
    again = world.reviews.add(doc, exam.exam_id, Verdict.ABNORMAL)
    assert again.kind is ReviewKind.REVIEW


def test_who_may_see_answers_but_not_review_has_nothing_to_wait_for(world: World) -> None:
    exam_id = world.exam("doc").exam_id
    seeing = frozenset({Permission.SEE_RESULT, Permission.SEE_OTHERS})
    world.users.save_group(Group("Radiologists", seeing), an_event())
    assert world.browse.open(world.actor("rad"), exam_id).assessment is not None


def test_another_users_exam_stays_out_of_reach(world: World) -> None:
    allowed = frozenset({Permission.SEE_RESULT, Permission.REVIEW})
    world.users.save_group(Group("Radiologists", allowed), an_event())
    exam_id = world.exam("doc").exam_id
    with pytest.raises(PermissionDenied):
        world.reviews.opine(world.actor("rad"), exam_id, Opinion.OTHER)


def test_a_time_of_opening_is_aware_and_before_the_reading(world: World) -> None:
    for opened in (NOON.replace(tzinfo=None), NOON + timedelta(seconds=1)):
        with pytest.raises(ValueError, match="opened"):
            Review("e", "rad", NOON, Verdict.NORMAL, Agreement.AGREE, opened=opened)
