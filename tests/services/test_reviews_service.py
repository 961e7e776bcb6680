from pathlib import Path

import pytest

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.audit import AuditAction
from cxr_desktop.domain.errors import InvalidRequest, PermissionDenied
from cxr_desktop.domain.history import HistoryQuery
from cxr_desktop.domain.review import REVIEW_TEXT_LIMIT, Agreement, Review, clean_review_text
from cxr_desktop.domain.roles import Group, Permission
from tests.support.examples import NOON, an_event
from tests.support.world import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.mark.parametrize(
    ("grey", "reader", "expected"),
    [
        (230, Verdict.ABNORMAL, Agreement.AGREE),
        (230, Verdict.NORMAL, Agreement.DISAGREE),
        (230, Verdict.UNCERTAIN, Agreement.OPEN),
        (120, Verdict.NORMAL, Agreement.OPEN),
        (120, Verdict.UNCERTAIN, Agreement.AGREE),
        (20, Verdict.ABNORMAL, Agreement.DISAGREE),
    ],
)
def test_agreement_follows_from_the_stored_answer(
    world: World, grey: int, reader: Verdict, expected: Agreement
) -> None:
    exam = world.exam(grey=grey)
    assert world.reviews.add(world.actor("doc"), exam.exam_id, reader).agreement is expected


def test_a_review_is_kept_with_who_when_and_an_event_without_its_text(world: World) -> None:
    exam = world.exam("doc")
    world.clock.forward(60)
    review = world.reviews.add(world.actor("rad"), exam.exam_id, Verdict.NORMAL, " Mrs Doe: \t ok ")
    assert (review.user, review.time, review.text) == ("rad", world.clock(), "Mrs Doe:   ok")
    assert world.reviews.of(world.actor("doc"), exam.exam_id) == (review,)
    event = world.audit.log[-1]
    assert (event.action, event.user, event.subject) == (
        AuditAction.EXAM_REVIEWED,
        "rad",
        exam.exam_id,
    )
    assert dict(event.detail) == {"verdict": "normal", "agreement": "disagree", "kind": "review"}


def test_the_stored_answer_is_never_touched(world: World) -> None:
    exam = world.exam("doc")
    before = world.history.get(exam.exam_id)
    world.reviews.add(world.actor("doc"), exam.exam_id, Verdict.NORMAL, "No opacity")
    assert world.history.get(exam.exam_id) is before


def test_another_users_exam_is_neither_reviewed_nor_shown(world: World) -> None:
    exam = world.exam("rad")
    with pytest.raises(PermissionDenied):
        world.reviews.add(world.actor("doc"), exam.exam_id, Verdict.NORMAL)
    with pytest.raises(PermissionDenied):
        world.reviews.of(world.actor("doc"), exam.exam_id)
    assert world.history.reviews == []
    assert world.actions()[-1] is AuditAction.PERMISSION_DENIED


@pytest.mark.parametrize("missing", [Permission.REVIEW, Permission.SEE_RESULT])
def test_reviewing_needs_both_permissions(world: World, missing: Permission) -> None:
    exam = world.exam("doc")
    allowed = frozenset({Permission.RUN, Permission.SEE_RESULT, Permission.REVIEW}) - {missing}
    world.users.save_group(Group("Doctors", allowed), an_event())
    with pytest.raises(PermissionDenied):
        world.reviews.add(world.actor("doc"), exam.exam_id, Verdict.NORMAL)
    assert world.history.reviews == []


def test_who_may_not_see_answers_learns_nothing_from_reviews(world: World) -> None:
    exam = world.exam("tech")
    world.exam("tech", 20)
    world.reviews.add(world.actor("rad"), exam.exam_id, Verdict.ABNORMAL, "Effusion")
    tech = world.actor("tech")
    with pytest.raises(PermissionDenied):
        world.reviews.of(tech, exam.exam_id)
    for query in (
        HistoryQuery(agreement=Agreement.AGREE),
        HistoryQuery(reviewed=False),
        HistoryQuery(),
    ):
        rows = world.browse.search(tech, query).rows
        assert [(row.reader, row.agreement) for row in rows] == [(None, None)] * 2
    assert world.browse.search(tech, HistoryQuery(text="effusion")).total == 0
    assert world.browse.search(world.actor("rad"), HistoryQuery(text="effusion")).total == 1


def test_an_unknown_exam_a_refusal_and_a_long_text_are_refused(world: World) -> None:
    exam = world.exam("doc")
    doc = world.actor("doc")
    with pytest.raises(InvalidRequest):
        world.reviews.add(doc, "none", Verdict.NORMAL)
    with pytest.raises(InvalidRequest):
        world.reviews.add(doc, exam.exam_id, Verdict.REFUSED)
    with pytest.raises(InvalidRequest):
        world.reviews.add(doc, exam.exam_id, Verdict.NORMAL, "x" * (REVIEW_TEXT_LIMIT + 1))
    assert world.history.reviews == []


def test_a_text_keeps_its_lines_and_loses_what_cannot_be_seen() -> None:
    assert clean_review_text(" a \r\n\x07b\u202e\r\nc\n\n") == "a\n b\nc"


def test_a_review_without_exam_zone_or_verdict_is_no_review() -> None:
    for exam_id, time, verdict in (
        ("", NOON, Verdict.NORMAL),
        ("e", NOON.replace(tzinfo=None), Verdict.NORMAL),
        ("e", NOON, Verdict.REFUSED),
    ):
        with pytest.raises(ValueError, match=r"review|reader"):
            Review(exam_id, "rad", time, verdict, Agreement.AGREE)
