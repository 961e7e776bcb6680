"""Whoever takes the disk finds no name on it: not after work, not after a sudden end."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cxr_desktop.domain.ports import NoProgress
from cxr_desktop.storage.backup_writer import BackupWriter
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.door import Door
from cxr_desktop.storage.exams import SqliteHistory
from cxr_desktop.storage.migrations import MIGRATIONS
from cxr_desktop.storage.paths import DataPaths
from tests.support.adding import NAMES, add_exams
from tests.support.engine_fakes import FakeClock
from tests.support.locked import database_key

TOP = Path(__file__).parents[2]
EXAMS = 100


def hits(root: Path) -> list[str]:
    """Return where a name of `NAMES` lies, in any file or file name, in two ways of writing it."""
    found = []
    for path in [root, *root.rglob("*")]:
        content = path.read_bytes() if path.is_file() else b""
        text = str(path.relative_to(root)).encode()
        found += [
            f"{path}: {name}"
            for name in NAMES
            for written in (name.encode(), name.lower().encode(), name.encode("utf-16-le"))
            if written in content or written in text
        ]
    return found


def test_a_name_in_a_plain_file_would_be_found(tmp_path: Path) -> None:
    (tmp_path / "note").write_text(f"seen: {NAMES[7].lower()}")
    (tmp_path / NAMES[3]).touch()
    assert len(hits(tmp_path)) == 2


@pytest.mark.slow
def test_after_a_hundred_exams_no_name_lies_in_the_data_folder_or_its_backup(
    tmp_path: Path,
) -> None:
    paths, stick = DataPaths(tmp_path / "data"), tmp_path / "stick"
    stick.mkdir()
    add_exams(paths.root, "ada", EXAMS)
    Door.open(paths)
    assert hits(paths.root) == []
    BackupWriter(paths, "1", FakeClock(), key=database_key).run(stick, 7, NoProgress())
    assert hits(stick) == []
    database = Database(paths.database, key=database_key)
    assert SqliteHistory(database).get("ada-7").study.patient_name == f"Doe^{NAMES[7]}"


def test_the_copy_before_a_change_of_shape_is_encrypted_too(tmp_path: Path) -> None:
    paths = DataPaths(tmp_path / "data")
    add_exams(paths.root, "ada", 3)

    def m9999_next(_: object) -> None:
        pass

    Database.open(paths, key=database_key, migrations=(*MIGRATIONS, m9999_next))
    assert [path.suffix for path in paths.backups.iterdir()] == [".sqlite3"]
    assert hits(paths.root) == []


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="SIGKILL is a thing of POSIX")
def test_after_sudden_ends_no_name_lies_in_the_data_folder(tmp_path: Path) -> None:
    root = tmp_path / "data"
    for exams in (1, 4, 9):
        words = [sys.executable, "-m", "tests.support.adding", str(root), f"user{exams}", "1000"]
        with subprocess.Popen(words, cwd=TOP, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            for _ in range(exams):
                process.stdout.readline()
            process.kill()
        assert (root / "history.sqlite3").is_file()
        assert hits(root) == []
