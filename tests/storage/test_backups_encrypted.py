"""Backups of folders with accounts: encrypted, and opened by the passwords of their day."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cxr_desktop.domain.errors import SignInRefused, StorageUnavailable
from cxr_desktop.domain.ports import NoProgress
from cxr_desktop.storage.backup_parts import (
    DATABASE,
    DOOR,
    MANIFEST,
    Part,
    read_manifest,
    sha256_of,
)
from cxr_desktop.storage.backup_reader import BackupReader
from cxr_desktop.storage.backup_writer import BackupWriter
from cxr_desktop.storage.conversion import open_door
from tests.power.subjects import Opened, whole_exams
from tests.support.engine_fakes import FakeClock
from tests.support.locked import from_outside, open_vault
from tests.support.old_folder import OLD_EXAMS, OLD_PASSWORD, SECRET, make_old_folder

QUIET = NoProgress()
NEW = "seven loud summer boats"


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


@pytest.fixture
def opened(tmp_path: Path) -> Opened:
    """A folder that somebody is signed in to."""
    made = Opened(tmp_path / "data")
    made.access.create_first_administrator("ada", "", OLD_PASSWORD)
    return made


def back_up(opened: Opened, stick: Path) -> Path:
    writer = BackupWriter(opened.paths, "1", FakeClock(), key=opened.vault.database_key)
    return writer.run(stick, 7, QUIET).path


def test_a_restored_folder_opens_with_the_password_of_that_day(
    opened: Opened, stick: Path, tmp_path: Path
) -> None:
    backup = back_up(opened, stick)
    opened.access.change_password(opened.access.actor("ada"), OLD_PASSWORD, NEW)
    BackupReader().restore(backup, tmp_path / "new", QUIET)
    again = Opened(tmp_path / "new")
    with pytest.raises(SignInRefused):
        again.access.sign_in("ada", NEW)
    assert again.access.sign_in("ada", OLD_PASSWORD).name == "ada"


def test_without_a_key_every_file_is_compared_and_with_it_the_database_is_read(
    opened: Opened, stick: Path
) -> None:
    backup = back_up(opened, stick)
    with from_outside(backup / DATABASE, opened.vault.keys()) as forged:
        forged.execute("PRAGMA journal_mode = delete")
        forged.execute("UPDATE audit SET user = 'eve'")
    manifest = read_manifest(backup)
    database = backup / DATABASE
    parts = {**manifest.parts, DATABASE: Part(sha256_of(database), database.stat().st_size)}
    (backup / MANIFEST).write_text(replace(manifest, parts=parts).text())
    BackupReader().verify(backup, QUIET)  # a forger who can write the disk is not found like this
    BackupReader(open_vault()).verify(backup, QUIET)  # nor with the key of another folder
    with pytest.raises(StorageUnavailable, match="changed from outside"):
        BackupReader(opened.vault).verify(backup, QUIET)


def test_a_backup_without_its_keys_is_damaged(opened: Opened, stick: Path) -> None:
    backup = back_up(opened, stick)
    (backup / DOOR).unlink()
    with pytest.raises(StorageUnavailable, match="keys"):
        BackupReader().verify(backup, QUIET)


def test_a_backup_from_before_encryption_is_restored_and_then_encrypted(
    tmp_path: Path, stick: Path
) -> None:
    old = make_old_folder(tmp_path / "old")
    backup = BackupWriter(old, "0.1", FakeClock()).run(stick, 7, QUIET).path
    manifest = (backup / MANIFEST).read_text()
    assert SECRET in (backup / DATABASE).read_bytes()
    assert DOOR not in manifest
    BackupReader().verify(backup, QUIET)
    BackupReader().restore(backup, tmp_path / "new", QUIET)
    again = Opened(tmp_path / "new")
    open_door(again.paths)
    again.access.sign_in("ada", OLD_PASSWORD)
    stored = whole_exams(tmp_path / "new", again.vault.database_key, again.archive)
    assert len(stored) == OLD_EXAMS
