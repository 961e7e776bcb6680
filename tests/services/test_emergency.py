from dataclasses import replace
from pathlib import Path

import pytest

from cxr_desktop.domain.audit import AuditAction
from cxr_desktop.domain.errors import InvalidRequest, PermissionDenied
from cxr_desktop.domain.history import HistoryQuery
from cxr_desktop.domain.ports import NoProgress
from cxr_desktop.domain.roles import Permission
from cxr_desktop.services.emergency import LASTS
from tests.support.examples import an_event
from tests.support.world import World

REASON = "Radiologist off duty, patient of the ward in distress"


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path)
    made.exam("rad")
    return made


def test_it_opens_the_exams_of_others_for_an_hour(world: World) -> None:
    exam_id = world.history.records[0].exam_id
    doc = world.emergency.begin(world.actor("doc"), REASON)
    assert doc.may(Permission.SEE_OTHERS)
    assert doc.emergency_until == world.clock() + LASTS
    assert world.browse.search(doc, HistoryQuery()).total == 1
    assert world.browse.open(doc, exam_id).assessment is not None
    world.browse.film(doc, exam_id, NoProgress())
    world.clock.forward(LASTS.total_seconds() - 1)
    assert world.browse.search(doc, HistoryQuery()).total == 1
    world.clock.forward(1)
    assert world.browse.search(doc, HistoryQuery()).total == 0
    with pytest.raises(PermissionDenied):
        world.browse.open(doc, exam_id)
    assert world.actor("doc").emergency_until is None


def test_it_is_noted_with_its_reason(world: World) -> None:
    world.emergency.begin(world.actor("doc"), f"  {REASON}\n ")
    event = world.audit.log[-1]
    assert event.action is AuditAction.EMERGENCY_ACCESS
    assert (event.user, event.detail["reason"]) == ("doc", REASON)
    assert event.detail["until"] == (world.clock() + LASTS).isoformat(timespec="seconds")


@pytest.mark.parametrize("reason", ["", "   ", "urgent", "\n" * 40, "x" * 301])
def test_without_a_reason_there_is_none(world: World, reason: str) -> None:
    with pytest.raises(InvalidRequest, match="reason"):
        world.emergency.begin(world.actor("doc"), reason)
    assert not world.actor("doc").may(Permission.SEE_OTHERS)
    assert AuditAction.EMERGENCY_ACCESS not in world.actions()


def test_what_an_account_is_denied_stays_denied(world: World) -> None:
    denied = replace(world.actor("doc").user, denied=frozenset({Permission.SEE_OTHERS}))
    world.users.update(denied, an_event())
    assert not world.emergency.begin(world.actor("doc"), REASON).may(Permission.SEE_OTHERS)


def test_a_clock_set_back_ends_it(world: World) -> None:
    world.emergency.begin(world.actor("doc"), REASON)
    world.clock.forward(-3600)
    assert not world.actor("doc").may(Permission.SEE_OTHERS)


def test_it_manages_nothing(world: World) -> None:
    before = world.actor("doc").permissions
    after = world.emergency.begin(world.actor("doc"), REASON).permissions
    assert after - before == {Permission.SEE_OTHERS}
