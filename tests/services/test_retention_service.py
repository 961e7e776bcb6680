"""Removing exams for good, as a service: a rule, an act, what is noted."""

from pathlib import Path

import pytest

from cxr_desktop.domain.audit import AuditAction
from cxr_desktop.domain.errors import InvalidRequest, JobCancelled
from cxr_desktop.domain.ports import NoProgress
from cxr_desktop.services.retention import Removed, RetentionRule
from tests.support.world import World

DAY = 24 * 3600.0
REASON = "ten years are over"


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Three exams, a day apart, of two films; the second is deleted on its day."""
    made = World(tmp_path)
    for number, name in enumerate(("a.png", "b.png", "a.png")):
        made.exam("doc", 230, name)
        if number == 1:
            made.deleting.delete(made.actor("admin"), "exam-2", "the wrong patient")
        made.clock.forward(DAY)
    return made


def remove(world: World, reason: str = REASON) -> Removed:
    return world.retention(world.actor("admin"), reason, NoProgress())


def test_as_installed_everything_is_kept(world: World) -> None:
    world.clock.forward(20_000 * DAY)
    assert world.retention.rule(world.actor("admin")) == RetentionRule(0, 0, 0)
    with pytest.raises(InvalidRequest, match="keeps every exam"):
        remove(world)
    assert len(world.history.records) == 3


def test_deleted_exams_go_after_their_days_and_their_films_with_them(world: World) -> None:
    world.store.values["retention.deleted_days"] = 30
    admin = world.actor("admin")
    assert world.retention.rule(admin).due == 0
    world.clock.forward(30 * DAY)
    assert world.retention.rule(admin) == RetentionRule(30, 0, 1)
    film = world.history.records[1].film.sha256
    assert remove(world) == Removed(1, 1)
    assert [record.exam_id for record in world.history.records] == ["exam-1", "exam-3"]
    assert film not in world.archive.films
    assert len(world.archive.films) == 1
    exams, films = world.audit.log[-2:]
    assert (exams.action, exams.user) == (AuditAction.EXAMS_REMOVED, "admin")
    assert exams.detail == {"exams": "1", "deleted_days": "30", "years": "0", "reason": REASON}
    assert (films.action, films.detail["films"]) == (AuditAction.FILMS_REMOVED, "1")


def test_a_film_that_another_exam_has_stays(world: World) -> None:
    world.store.values["retention.years"] = 1
    world.clock.forward(365.2425 * DAY - 2.5 * DAY)
    assert remove(world).films == 0
    assert [record.exam_id for record in world.history.records] == ["exam-2", "exam-3"]
    assert len(world.archive.films) == 2


@pytest.mark.parametrize("reason", ["", "old"])
def test_without_a_reason_nothing_goes(world: World, reason: str) -> None:
    world.store.values["retention.years"] = 1
    world.clock.forward(900 * DAY)
    with pytest.raises(InvalidRequest, match="reason"):
        remove(world, reason)
    assert len(world.history.records) == 3


def test_a_cancel_before_the_first_removes_nothing(world: World) -> None:
    class Cancelled:
        def report(self, step: str, fraction: float) -> None:
            raise JobCancelled

    world.store.values["retention.years"] = 1
    world.clock.forward(900 * DAY)
    with pytest.raises(JobCancelled):
        world.retention(world.actor("admin"), REASON, Cancelled())
    assert len(world.history.records) == 3


def test_films_left_from_a_cut_off_removal_go_with_the_next(world: World) -> None:
    world.store.values["retention.years"] = 1
    world.clock.forward(900 * DAY)
    forget = world.archive.forget
    world.archive.forget = lambda sha256: False  # type: ignore[method-assign] # asked for just now
    assert remove(world) == Removed(3, 0)
    world.archive.forget = forget  # type: ignore[method-assign] # some time later
    assert remove(world) == Removed(0, 2)
    assert world.archive.films == {}
