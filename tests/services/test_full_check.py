"""The check of everything: when it is due, what it finds, and that it goes on after a cancel."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from cxr_desktop.domain.audit import AuditAction
from cxr_desktop.domain.errors import (
    InvalidRequest,
    JobCancelled,
    PermissionDenied,
    StorageUnavailable,
)
from cxr_desktop.domain.ports import NoProgress
from cxr_desktop.services.full_check import CheckEverything, CheckNow
from cxr_desktop.settings.store import TomlSettings
from tests.support.engine_fakes import FakeClock
from tests.support.fakes import MemoryAudit
from tests.support.world import World

DAY = 24 * 3600


class Parts:
    """A data folder of three films; `damaged` ones are not sound."""

    def __init__(self) -> None:
        self.damaged: set[str] = set()
        self.database_sound = True
        self.read: list[str] = []

    def database_is_sound(self) -> bool:
        return self.database_sound

    def log_is_sound(self) -> bool:
        return True

    def films(self) -> Sequence[str]:
        if not self.database_sound:
            raise StorageUnavailable("Damaged.")
        return ["a", "b", "c"]

    def film_is_sound(self, sha256: str) -> bool:
        self.read.append(sha256)
        return sha256 not in self.damaged


class CancelOnce:
    """Cancels the first time that films are half through."""

    def __init__(self) -> None:
        self.left = 1

    def report(self, step: str, fraction: float) -> None:
        if step == "Checking the films" and fraction > 0.5 and self.left:
            self.left = 0
            raise JobCancelled


class Place:
    def __init__(self, folder: Path) -> None:
        self.parts, self.audit = Parts(), MemoryAudit()
        self.settings = TomlSettings(folder / "settings.toml")
        self.clock = FakeClock()
        self.check = self.started_again()

    def started_again(self) -> CheckEverything:
        return CheckEverything(self.parts, self.settings, self.audit, self.clock)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_it_is_made_once_a_week_also_after_a_new_start(place: Place) -> None:
    assert place.check.last() is None
    made = place.check.run_if_due(NoProgress())
    assert made is not None
    assert made.found_nothing
    assert place.audit.log[-1].action is AuditAction.FOLDER_CHECKED
    place.clock.forward(6 * DAY)
    again = place.started_again()
    assert again.last() == made
    assert again.run_if_due(NoProgress()) is None
    place.clock.forward(2 * DAY)
    assert again.run_if_due(NoProgress()) is not None


def test_zero_days_means_never(place: Place) -> None:
    place.settings.set("check.days", 0)
    assert place.check.run_if_due(NoProgress()) is None
    assert place.audit.log == []


def test_a_damaged_film_is_found_and_remembered(place: Place) -> None:
    place.parts.damaged = {"b"}
    made = place.check.run(NoProgress())
    assert made.words == "The full check found: 1 of 3 films are damaged or missing."
    assert place.started_again().last() == made


def test_a_damaged_database_is_found(place: Place) -> None:
    place.parts.database_sound = False
    assert "database is damaged" in place.check.run(NoProgress()).words


def test_cancelled_it_goes_on_where_it_was(place: Place) -> None:
    job = CancelOnce()
    with pytest.raises(JobCancelled):
        place.check.run(job)
    assert place.audit.log == []
    assert place.check.run(job).films == 3
    assert place.parts.read == ["a", "b", "c"]


def test_who_manages_backups_checks_at_once_and_is_named_in_the_log(
    place: Place, tmp_path: Path
) -> None:
    world = World(tmp_path)
    now = CheckNow(place.check, world.access)
    admin = world.actor("admin")
    assert now.last(admin) is None
    made = now(admin, NoProgress())
    assert now.last(admin) == made
    assert place.audit.log[-1].user == "admin"
    for step in (now.last, lambda actor: now(actor, NoProgress())):
        with pytest.raises(PermissionDenied):
            step(world.actor("tech"))


def test_there_is_one_check_at_a_time(place: Place) -> None:
    class AskAgain:
        def report(self, step: str, fraction: float) -> None:
            with pytest.raises(InvalidRequest, match="under way"):
                place.check.run(NoProgress())

    assert place.check.run(AskAgain()).found_nothing
    assert place.check.run(NoProgress()).found_nothing
