from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from cxr_desktop.domain.audit import AuditAction
from cxr_desktop.domain.errors import InvalidRequest, StorageUnavailable
from cxr_desktop.domain.ports import NoProgress
from cxr_desktop.services.backup import BackUp
from cxr_desktop.storage.folder_files import check_folder
from tests.support.world import World

QUIET = NoProgress()


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_without_a_folder_there_is_nothing_to_do_by_itself(world: World) -> None:
    assert world.backups.run_if_due(QUIET) is None
    assert world.backups.status(world.actor("admin")).folder == ""
    with pytest.raises(InvalidRequest, match="No folder"):
        world.backups.run(world.actor("admin"), QUIET)
    assert AuditAction.BACKUP_FAILED not in world.actions()


def test_choosing_a_folder_is_noted(world: World) -> None:
    world.backups.choose_folder(world.actor("admin"), Path("stick"))
    event = world.audit.log[-1]
    assert (event.action, event.subject) == (AuditAction.SETTING_CHANGED, "backup.folder")
    assert world.backups.status(world.actor("admin")).folder == "stick"


@pytest.mark.parametrize("place", ["data", "data/films", ".", "nowhere", "file"])
def test_a_folder_that_cannot_keep_backups_is_refused_when_it_is_chosen(
    world: World, tmp_path: Path, place: str
) -> None:
    (tmp_path / "data" / "films").mkdir(parents=True)
    (tmp_path / "file").touch()
    check = partial(check_folder, data=tmp_path / "data")
    backups = BackUp(
        world.maker,
        world.maker,
        world.store,
        world.access,
        world.audit,
        world.clock,
        world.maker,
        check,
    )
    with pytest.raises(InvalidRequest):
        backups.choose_folder(world.actor("admin"), tmp_path / place)
    assert backups.status(world.actor("admin")).folder == ""
    assert AuditAction.SETTING_CHANGED not in world.actions()


def test_the_daily_backup_runs_once_a_day(world: World) -> None:
    world.backups.choose_folder(world.actor("admin"), Path("stick"))
    assert world.backups.run_if_due(QUIET) is not None
    assert world.audit.log[-1].user == "(program)"
    assert world.audit.log[-1].detail["seal"] == "1-0123456789abcdef"
    world.clock.forward(19 * 3600)
    assert world.backups.run_if_due(QUIET) is None
    world.clock.forward(2 * 3600)
    assert world.backups.run_if_due(QUIET) is not None
    assert len(world.backups.status(world.actor("admin")).backups) == 2


def test_a_backup_from_the_future_does_not_stop_todays(world: World) -> None:
    world.backups.choose_folder(world.actor("admin"), Path("stick"))
    world.backups.run_if_due(QUIET)
    world.clock.forward(-30 * 24 * 3600)
    assert world.backups.run_if_due(QUIET) is not None


def test_a_failed_run_is_noted_with_its_reason_but_no_path(world: World) -> None:
    world.backups.choose_folder(world.actor("admin"), Path("stick"))
    world.maker.fails_with = StorageUnavailable("The backup disk is full.")
    works: list[Callable[[], object]] = [
        lambda: world.backups.run(world.actor("admin"), QUIET),
        lambda: world.backups.run_if_due(QUIET),
    ]
    for work in works:
        with pytest.raises(StorageUnavailable):
            work()
        event = world.audit.log[-1]
        assert event.action is AuditAction.BACKUP_FAILED
        assert event.detail == {"reason": "The backup disk is full."}


def test_a_stick_that_is_not_there_is_told_not_raised(world: World) -> None:
    world.backups.choose_folder(world.actor("admin"), Path("stick"))
    world.maker.gone = True
    status = world.backups.status(world.actor("admin"))
    assert status.problem == "No disk."
    with pytest.raises(StorageUnavailable):
        world.backups.run_if_due(QUIET)
    assert world.actions()[-1] is AuditAction.BACKUP_FAILED
