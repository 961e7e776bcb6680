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
from tests.support.reading_zip import write_zip

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


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="SIGKILL is a thing of POSIX")
def test_films_read_from_an_archive_lie_nowhere_unsealed_after_a_sudden_end(tmp_path: Path) -> None:
    root, scratch, packed = (tmp_path / name for name in ("data", "scratch", "study.zip"))
    scratch.mkdir()
    write_zip(packed, 6)
    words = [sys.executable, "-m", "tests.support.reading_zip", str(root), str(packed)]
    told = {**os.environ, "TMPDIR": str(scratch)}
    with subprocess.Popen(words, cwd=TOP, env=told, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        stored = [process.stdout.readline() for _ in range(4)]
        process.kill()
    assert [line.strip() for line in stored] == [f"{number}/IM{number}" for number in range(4)]
    assert len(list((root / "films").rglob("*.film"))) >= 4
    for folder in (root, scratch):
        assert hits(folder) == []
        assert films_in(folder) == []


def films_in(root: Path) -> list[Path]:
    """Return the files that begin like a DICOM file or a PNG."""
    heads = {path: path.read_bytes()[:132] for path in root.rglob("*") if path.is_file()}
    return [path for path, head in heads.items() if head[128:] == b"DICM" or head[1:4] == b"PNG"]


def test_a_film_in_a_plain_file_would_be_found(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(bytes(128) + b"DICM film")
    (tmp_path / "b").write_bytes(b"\x89PNG film")
    assert len(films_in(tmp_path)) == 2
