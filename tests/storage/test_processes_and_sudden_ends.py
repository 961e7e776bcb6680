"""Several processes at one data folder, and processes that end in the middle of their work."""

import hashlib
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cxr_desktop.domain.history import HistoryQuery
from cxr_desktop.storage.audit import SqliteAuditLog
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.exams import SqliteHistory
from cxr_desktop.storage.image_store import FilmFolder
from cxr_desktop.storage.paths import DataPaths
from tests.support.adding import film_of
from tests.support.locked import data_keys, database_key

TOP = Path(__file__).parents[2]
KILLS = 5
LIMIT_S = 120


def adding(root: Path, name: str, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.support.adding", str(root), name, str(count)]
    return subprocess.Popen(command, cwd=TOP, stdout=subprocess.PIPE, text=True)


def everything_is_whole(root: Path) -> set[str]:
    """Check the data folder and return the ids of the exams in it."""
    paths = DataPaths(root)
    database = Database.open(paths, key=database_key)
    with database.read() as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    history, archive = SqliteHistory(database), FilmFolder(paths.films, data_keys)
    page = history.search(HistoryQuery(limit=100_000))
    assert SqliteAuditLog(database).verify() == page.total
    assert history.search(HistoryQuery(text="doe")).total == page.total
    for row in page.rows:
        record = history.get(row.exam_id)
        assert record.assessment.heat_map is not None
        film = archive.content(record.film.sha256)
        assert film == film_of(row.exam_id)
        assert hashlib.sha256(film).hexdigest() == record.film.sha256
    return {row.exam_id for row in page.rows}


@pytest.mark.slow
def test_two_processes_that_start_at_once_store_everything(tmp_path: Path) -> None:
    running = [adding(tmp_path / "data", name, 100) for name in ("amina", "bilal")]
    said = [process.communicate(timeout=LIMIT_S)[0].split() for process in running]
    assert [process.returncode for process in running] == [0, 0]
    assert [len(ids) for ids in said] == [100, 100]
    assert everything_is_whole(tmp_path / "data") == {*said[0], *said[1]}


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="SIGKILL is a thing of POSIX")
def test_every_exam_that_was_reported_survives_a_sudden_end(tmp_path: Path) -> None:
    root, reported = tmp_path / "data", set[str]()
    chance = random.Random()
    for kill in range(KILLS):
        process = adding(root, f"user{kill}", 100_000)
        assert process.stdout is not None
        for _ in range(chance.randrange(1, 12)):
            reported.add(process.stdout.readline().strip())
        time.sleep(chance.uniform(0, 0.05))  # the moment is what is tried, nothing is awaited
        process.kill()
        reported |= {line.strip() for line in process.stdout if line.endswith("\n")}
        process.stdout.close()
        assert process.wait(timeout=LIMIT_S) == -9
    stored = everything_is_whole(root)
    assert reported <= stored
    assert len(stored) - len(reported) <= KILLS


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from cxr_desktop.domain.errors import StorageUnavailable
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.exams import SqliteHistory
from cxr_desktop.storage.image_store import FilmFolder
from cxr_desktop.storage.paths import DataPaths
from tests.support.adding import film_of
from tests.support.examples import an_event, an_exam
from tests.support.locked import data_keys, database_key

paths = DataPaths(Path(sys.argv[1]))
history = SqliteHistory(Database.open(paths, key=database_key))
archive = FilmFolder(paths.films, data_keys)
film = paths.root / "film"
film.write_bytes(film_of("big"))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000))
try:
    archive.keep(film, an_exam(film=film_of("big")).film.sha256)
except StorageUnavailable as refusal:
    print("film:", refusal.message)
for number in range(1000):
    try:
        history.add_all([(an_exam(f"e{number}"), an_event())])
    except StorageUnavailable as refusal:
        print("exam:", refusal.message)
        break
    print("stored", flush=True)
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="file size limits are a thing of POSIX")
def test_a_disk_that_fills_up_loses_nothing_that_was_stored(tmp_path: Path) -> None:
    paths = DataPaths(tmp_path / "data")
    paths.prepare()
    ended = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(paths.root)],
        cwd=TOP,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=True,
    )
    lines = ended.stdout.splitlines()
    assert lines[0] == "film: The disk is full, so nothing was stored."
    assert lines[-1].startswith("exam: The disk")
    assert [path for path in paths.films.rglob("*") if path.is_file()] == []
    database = Database.open(paths, key=database_key)
    stored = SqliteHistory(database).search(HistoryQuery()).total
    assert stored == lines.count("stored")
    assert SqliteAuditLog(database).verify() == stored
