"""A backup put in the place of the data folder: checked before, whole after, the old one kept."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from cxr_desktop.domain.audit import AuditAction, AuditEvent
from cxr_desktop.domain.errors import StorageUnavailable
from cxr_desktop.domain.ports import NoProgress
from cxr_desktop.storage.audit import SqliteAuditLog
from cxr_desktop.storage.backup_reader import BackupReader
from cxr_desktop.storage.backup_writer import BackupWriter
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.restoring import (
    RestoreBeside,
    restore_waits,
    use_restored,
    waiting_folder,
)
from cxr_desktop.ui.opening import NotOpened, OpenedData, open_data, take_lock
from tests.power.subjects import Opened
from tests.support.engine_fakes import FakeClock
from tests.support.examples import an_event

QUIET = NoProgress()
PASSWORD = "four quiet winter trains"


@pytest.fixture
def opened(tmp_path: Path) -> Opened:
    """A folder that somebody is signed in to."""
    made = Opened(tmp_path / "data")
    made.access.create_first_administrator("ada", "", PASSWORD)
    return made


@pytest.fixture
def backup(opened: Opened, tmp_path: Path) -> Path:
    stick = tmp_path / "stick"
    stick.mkdir()
    writer = BackupWriter(opened.paths, "1", FakeClock(), key=opened.vault.database_key)
    return writer.run(stick, 7, QUIET).path


def log_of(opened: Opened) -> SqliteAuditLog:
    return SqliteAuditLog(Database(opened.paths.database, key=opened.vault.database_key))


def restorer(opened: Opened) -> RestoreBeside:
    return RestoreBeside(opened.paths, BackupReader(opened.vault), log_of(opened))


def event() -> AuditEvent:
    return AuditEvent(AuditAction.RESTORE_PREPARED, "ada", FakeClock()(), "backup")


def test_a_restored_folder_takes_the_place_of_a_damaged_one(
    opened: Opened, backup: Path, tmp_path: Path
) -> None:
    log_of(opened).append(an_event(subject="after the backup"))
    damaged = bytearray(opened.paths.database.read_bytes())
    chance = random.Random(1)
    for _ in range(200):
        damaged[chance.randrange(4096, len(damaged))] ^= 0xFF
    opened.paths.database.write_bytes(damaged)
    restorer(opened).prepare(backup, event(), QUIET)
    assert opened.paths.database.read_bytes() == damaged
    opened.vault.close()
    aside = use_restored(opened.paths.root, FakeClock())
    assert aside is not None
    assert (aside / "history.sqlite3").read_bytes() == damaged
    again = Opened(opened.paths.root)
    again.access.sign_in("ada", PASSWORD)
    log = log_of(again)
    assert log.verify() > 0
    told = [one.action for one in log.events()]
    assert AuditAction.RESTORE_PREPARED in told
    assert "after the backup" not in [one.subject for one in log.events()]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([aside.name, "data", "stick"])


def test_a_damaged_backup_is_not_restored(opened: Opened, backup: Path) -> None:
    database = backup / "history.sqlite3"
    database.write_bytes(database.read_bytes()[:-1] + b"x")
    with pytest.raises(StorageUnavailable, match="damaged"):
        restorer(opened).prepare(backup, event(), QUIET)
    assert not restore_waits(opened.paths.root)
    assert list(opened.paths.root.parent.glob(".data*")) == []


def test_restoring_may_be_taken_back_or_done_anew(opened: Opened, backup: Path) -> None:
    keeper = restorer(opened)
    left = opened.paths.root.with_name(".data.restored.cut-off.part")
    left.mkdir()
    keeper.prepare(backup, event(), QUIET)
    keeper.prepare(backup, event(), QUIET)
    assert not left.exists()
    assert keeper.waits()
    keeper.give_up()
    assert not keeper.waits()
    assert use_restored(opened.paths.root, FakeClock()) is None
    assert list(opened.paths.root.parent.glob("*restore*")) == []


def test_a_start_that_is_cut_off_between_the_two_moves_goes_on(
    opened: Opened, backup: Path
) -> None:
    restorer(opened).prepare(backup, event(), QUIET)
    opened.vault.close()
    opened.paths.root.rename(opened.paths.root.with_name("data.before-restore-cut"))
    use_restored(opened.paths.root, FakeClock())
    Opened(opened.paths.root).access.sign_in("ada", PASSWORD)
    assert not restore_waits(opened.paths.root)


def test_the_window_uses_it_at_its_start_but_never_under_another_window(
    opened: Opened, backup: Path
) -> None:
    root = opened.paths.root
    restorer(opened).prepare(backup, event(), QUIET)
    opened.vault.close()
    other = take_lock(root)
    refused = open_data(root)
    assert isinstance(refused, NotOpened)
    assert "already open" in refused.error.message
    assert waiting_folder(root).is_dir()
    other.unlock()
    data = open_data(root)
    assert isinstance(data, OpenedData)
    data.program.access.sign_in("ada", PASSWORD)
    data.close()
    assert not restore_waits(root)
    assert len(list(root.parent.glob("data.before-restore-*"))) == 1
