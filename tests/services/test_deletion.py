"""Deleting exams and bringing them back, as a service."""

from pathlib import Path

import pytest

from cxr_desktop.domain.audit import AuditAction
from cxr_desktop.domain.errors import InvalidRequest
from cxr_desktop.domain.history import HistoryQuery
from tests.support.world import World

REASON = "the film of another patient"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_the_reason_is_noted_and_shown_to_who_may_delete(world: World) -> None:
    exam = world.exam("doc")
    world.deleting.delete(world.actor("admin"), exam.exam_id, f"  {REASON}\n")
    event = world.audit.log[-1]
    assert (event.action, event.user) == (AuditAction.EXAM_DELETED, "admin")
    assert (event.subject, event.detail) == (exam.exam_id, {"reason": REASON})
    deletion = world.browse.open(world.actor("admin"), exam.exam_id).deletion
    assert deletion is not None
    assert (deletion.user, deletion.reason) == ("admin", REASON)


def test_whoever_may_not_delete_cannot_open_a_deleted_exam(world: World) -> None:
    exam = world.exam("doc")
    world.deleting.delete(world.actor("admin"), exam.exam_id, REASON)
    assert world.browse.search(world.actor("doc"), HistoryQuery()).total == 0
    with pytest.raises(InvalidRequest, match="deleted"):
        world.browse.open(world.actor("doc"), exam.exam_id)


def test_brought_back_it_opens_again_with_the_same_answer(world: World) -> None:
    exam = world.exam("doc")
    world.deleting.delete(world.actor("admin"), exam.exam_id, REASON)
    world.deleting.bring_back(world.actor("admin"), exam.exam_id, "it was the right one")
    assert world.actions()[-1] is AuditAction.EXAM_BROUGHT_BACK
    again = world.browse.open(world.actor("doc"), exam.exam_id)
    assert (again.assessment, again.deletion) == (exam.assessment, None)


@pytest.mark.parametrize("reason", ["", "   \n\t  ", "why", "x" * 301])
def test_without_a_reason_nothing_is_deleted(world: World, reason: str) -> None:
    exam = world.exam("doc")
    with pytest.raises(InvalidRequest):
        world.deleting.delete(world.actor("admin"), exam.exam_id, reason)
    assert world.history.deleted == {}
