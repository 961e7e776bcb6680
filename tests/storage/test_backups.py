"""Backups of real data folders: complete, checked, incremental, restored bit for bit."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cxr_desktop.domain.backup import BackupInfo
from cxr_desktop.domain.errors import InvalidRequest, JobCancelled, StorageUnavailable
from cxr_desktop.domain.ports import NoProgress
from cxr_desktop.files import PART
from cxr_desktop.storage.audit import SqliteAuditLog
from cxr_desktop.storage.backup_parts import PLACE, Manifest, Part, read_manifest
from cxr_desktop.storage.backup_reader import BackupReader
from cxr_desktop.storage.backup_writer import BackupWriter
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.exams import SqliteHistory
from cxr_desktop.storage.paths import DataPaths
from tests.support.adding import add_exams
from tests.support.locked import database_key, from_outside, open_vault

ROOT = Path(__file__).resolve().parents[2]
START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
QUIET = NoProgress()


class Site:
    """A data folder with two exams, a model and settings; and a stick to back it up to."""

    def __init__(self, folder: Path) -> None:
        self.paths = DataPaths(folder / "data")
        self.stick = folder / "stick"
        self.stick.mkdir()
        add_exams(self.paths.root, "amina", 2)
        self.paths.settings.write_text('[general]\ninstitution = "District"\n')
        model = self.paths.models / "mine"
        model.mkdir()
        (model / "model.onnx").write_bytes(b"network" * 1000)
        self.now = START
        self.free = 10**12
        self.writer = BackupWriter(
            self.paths, "1.0", lambda: self.now, lambda _: self.free, database_key
        )
        self.vault = open_vault()
        self.reader = BackupReader(self.vault)

    def run(self, keep: int = 7) -> BackupInfo:
        """Make a backup, an hour after the last one."""
        self.now += timedelta(hours=1)
        return self.writer.run(self.stick, keep, QUIET)

    def contents(self, root: Path) -> dict[str, bytes]:
        """Return what a data folder holds besides the database."""
        return {
            path.relative_to(root).as_posix(): path.read_bytes()
            for path in root.rglob("*")
            if path.is_file() and not path.name.startswith("history.sqlite3")
        }

    def pool(self) -> set[str]:
        """Return the names in the pool."""
        return {path.name for path in (self.stick / PLACE / "pool").rglob("*") if path.is_file()}


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def test_a_restored_backup_is_the_data_folder_it_was_made_of(site: Site, tmp_path: Path) -> None:
    info = site.run()
    before = site.contents(site.paths.root)
    target = tmp_path / "new" / "data"
    restored = site.reader.restore(info.path, target, QUIET)
    assert site.contents(target) == before
    history = SqliteHistory(Database.open(DataPaths(target), key=database_key))
    original = SqliteHistory(Database(site.paths.database, key=database_key)).get("amina-1")
    assert history.get("amina-1").study == original.study
    assert history.get("amina-1").film == original.film
    log = SqliteAuditLog(Database(DataPaths(target).database, key=database_key))
    last = log.entry(log.verify())
    assert last is not None
    assert last.seal == info.seal == restored.seal


def test_what_is_written_while_the_program_works_does_not_disturb(site: Site) -> None:
    class AddsMeanwhile:
        def report(self, step: str, fraction: float) -> None:
            if step == "Checking the copy of the database":
                add_exams(site.paths.root, "late", 1)

    site.writer.run(site.stick, 7, AddsMeanwhile())
    site.reader.verify(site.run().path, QUIET)


def test_a_film_is_copied_once_for_all_backups(site: Site) -> None:
    first = site.run()
    inodes = {p.name: p.stat().st_ino for p in (site.stick / PLACE / "pool").rglob("*")}
    add_exams(site.paths.root, "bilal", 1)
    second = site.run()
    after = {p.name: p.stat().st_ino for p in (site.stick / PLACE / "pool").rglob("*")}
    assert {name: after[name] for name in inodes} == inodes
    assert second.files == first.files + 2  # a film and its small picture
    assert [info.path for info in site.writer.backups(site.stick)] == [second.path, first.path]


def test_only_the_newest_stay_and_what_nobody_needs_goes(site: Site) -> None:
    site.run()
    site.paths.settings.write_text('[general]\ninstitution = "Another"\n')
    pool = site.pool()
    for _ in range(3):
        site.run(keep=2)
    kept = site.writer.backups(site.stick)
    assert len(kept) == 2
    for info in kept:
        site.reader.verify(info.path, QUIET)
    assert len(site.pool() - pool) == 1  # the new settings came
    assert len(pool - site.pool()) == 1  # the old ones went


def test_another_data_folders_backups_are_left_alone(site: Site, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = Site(tmp_path / "other")
    other.stick = site.stick
    theirs = other.run()
    for _ in range(3):
        site.run(keep=1)
    assert len(site.writer.backups(site.stick)) == 1
    assert [info.path for info in other.writer.backups(site.stick)] == [theirs.path]
    site.reader.verify(theirs.path, QUIET)


def damage(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def some_film(backup: Path) -> Path:
    manifest = json.loads((backup / "manifest.json").read_text())
    sha256 = next(row[0] for name, row in manifest["parts"].items() if name.startswith("films/"))
    return backup.parent.joinpath("pool", sha256[:2], sha256)


@pytest.mark.parametrize(
    "harm",
    [
        lambda backup: damage(backup / "history.sqlite3"),
        lambda backup: damage(backup / "manifest.json"),
        lambda backup: damage(some_film(backup)),
        lambda backup: some_film(backup).unlink(),
        lambda backup: (backup / "manifest.json").write_text("[]"),
        lambda backup: (backup / "manifest.json").unlink(),
        lambda backup: (backup / "history.sqlite3").unlink(),
    ],
    ids=["database", "manifest", "film", "no film", "other", "no manifest", "no database"],
)
def test_harm_is_found_and_nothing_is_restored(
    site: Site, tmp_path: Path, harm: Callable[[Path], object]
) -> None:
    backup = site.run().path
    harm(backup)
    with pytest.raises(StorageUnavailable):
        site.reader.verify(backup, QUIET)
    with pytest.raises(StorageUnavailable):
        site.reader.restore(backup, tmp_path / "new", QUIET)
    assert not (tmp_path / "new").exists()
    assert list(tmp_path.glob(".new*")) == []


def test_a_path_that_leads_out_of_the_folder_is_not_restored(site: Site, tmp_path: Path) -> None:
    backup = site.run().path
    good = read_manifest(backup)
    for name in ("../evil", "/evil", "a/../../evil", "C:evil", "a\\evil", "", "a//b"):
        parts = {**good.parts, name: Part("0" * 64, 1)}
        bad = Manifest(good.time, good.data_folder, "1", good.events, good.seal, parts)
        (backup / "manifest.json").write_text(bad.text())
        with pytest.raises(StorageUnavailable):
            site.reader.restore(backup, tmp_path / "new", QUIET)


def test_a_changed_audit_log_is_not_backed_up_as_sound(site: Site) -> None:
    first = site.run()
    with from_outside(site.paths.database) as outside:
        outside.execute("UPDATE audit SET user = 'eve' WHERE seq = 1")
    with pytest.raises(StorageUnavailable, match="changed from outside"):
        site.run()
    assert [info.path for info in site.writer.backups(site.stick)] == [first.path]


def test_a_damaged_database_makes_no_backup(site: Site) -> None:
    first = site.run()
    content = bytearray(site.paths.database.read_bytes())
    content[8192:12288] = b"\xff" * 4096
    site.paths.database.write_bytes(content)
    with pytest.raises(StorageUnavailable):
        site.run()
    site.reader.verify(first.path, QUIET)


def test_a_film_that_went_bad_is_kept_as_it_is(site: Site, tmp_path: Path) -> None:
    film = next(p for p in site.paths.films.rglob("*") if p.is_file())
    damage(film)
    info = site.run()
    site.reader.restore(info.path, tmp_path / "new", QUIET)
    assert site.contents(tmp_path / "new") == site.contents(site.paths.root)


def test_too_little_space_is_said_before_anything_is_written(site: Site) -> None:
    site.free = 1000
    with pytest.raises(StorageUnavailable, match="MB are free"):
        site.run()
    assert list((site.stick / PLACE).glob("*backup-*")) == []
    assert site.pool() == set()


def test_a_stick_that_is_not_there_is_said(site: Site) -> None:
    site.stick.rmdir()
    with pytest.raises(StorageUnavailable, match="could not be read"):
        site.run()
    with pytest.raises(StorageUnavailable, match="could not be read"):
        site.writer.backups(site.stick)


def test_the_data_folder_is_no_place_for_its_backup(site: Site) -> None:
    with pytest.raises(InvalidRequest, match="lost with it"):
        site.writer.run(site.paths.backups, 7, QUIET)


def test_cancelling_leaves_the_backups_there_were(site: Site) -> None:
    first = site.run()
    steps: list[str] = []

    class Cancels:
        def __init__(self, after: int) -> None:
            self.left = after

        def report(self, step: str, fraction: float) -> None:
            assert 0.0 <= fraction <= 1.0
            steps.append(step)
            self.left -= 1
            if self.left < 0:
                raise JobCancelled

    add_exams(site.paths.root, "late", 1)
    for after in range(7):
        with pytest.raises(JobCancelled):
            site.writer.run(site.stick, 7, Cancels(after))
        assert [info.path for info in site.writer.backups(site.stick)] == [first.path]
        assert list((site.stick / PLACE).glob(f".*{PART}")) == []
    assert "Copying films and settings" in steps


def test_a_folder_that_is_not_empty_is_not_restored_into(site: Site, tmp_path: Path) -> None:
    backup = site.run().path
    with pytest.raises(InvalidRequest, match="not empty"):
        site.reader.restore(backup, site.paths.root, QUIET)
    with pytest.raises(InvalidRequest, match="no complete backup"):
        site.reader.verify(site.stick, QUIET)
    (tmp_path / "empty").mkdir()
    site.reader.restore(backup, tmp_path / "empty", QUIET)
    assert (tmp_path / "empty" / "history.sqlite3").is_file()


def test_what_was_abandoned_a_day_ago_is_removed(site: Site) -> None:
    site.run()
    old = site.stick / PLACE / f".20260101-000000{PART}"
    old.mkdir()
    (old / "history.sqlite3").write_bytes(b"half")
    fresh = site.stick / PLACE / f".20260102-000000{PART}"
    fresh.mkdir()
    os.utime(old, (0, 0))
    site.run()
    assert not old.exists()
    assert fresh.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="kills as a power cut does")
def test_a_power_cut_leaves_complete_backups_and_recognisable_rests(site: Site) -> None:
    complete: set[str] = {site.run().path.name}
    for milliseconds in (0, 15, 40, 90, 160):
        words = [sys.executable, "-m", "tests.support.backing_up"]
        with subprocess.Popen(
            [*words, str(site.paths.root), str(site.stick)],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stderr is not None
            complete.add(process.stderr.readline().strip())
            with suppress(subprocess.TimeoutExpired):
                process.wait(milliseconds / 1000)
            process.kill()
            complete.update(process.stderr.read().split())
        there = {p.name for p in (site.stick / PLACE).iterdir() if p.is_dir()} - {"pool"}
        assert complete <= there
        assert all(n in complete or n.startswith((".", "backup-")) for n in there)
        for path in (site.stick / PLACE).glob("backup-*"):
            site.reader.verify(path, QUIET)
    site.now = START + timedelta(days=30)
    site.reader.verify(site.run(keep=60).path, QUIET)
    shutil.rmtree(site.stick)
