"""A process that adds exams, for tests of several processes and of sudden ends.

`python -m tests.support.adding DATA_FOLDER NAME COUNT` prints each exam's id once it is stored.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

from cxr_desktop.storage.database import Database
from cxr_desktop.storage.exams import SqliteHistory
from cxr_desktop.storage.image_store import FilmFolder
from cxr_desktop.storage.paths import DataPaths
from tests.support.examples import an_event, an_exam
from tests.support.locked import data_keys, database_key


def film_of(exam_id: str) -> bytes:
    """Return the made-up film of an exam: about 200 kB, different for each."""
    return hashlib.sha256(exam_id.encode()).digest() * 6400


def add_exams(root: Path, name: str, count: int) -> None:
    """Add `count` exams as user `name`, each with its film."""
    paths = DataPaths(root)
    paths.prepare()
    history, archive = SqliteHistory(Database.open(paths, key=database_key)), FilmFolder(paths.films, data_keys)
    for number in range(count):
        exam_id = f"{name}-{number}"
        film = paths.root / f"{exam_id}.incoming"
        film.write_bytes(film_of(exam_id))
        record = an_exam(exam_id, user=name, film=film_of(exam_id))
        archive.keep(film, record.film.sha256)
        history.add(record, an_event(user=name, subject=exam_id))
        film.unlink()
        sys.stdout.write(f"{exam_id}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    add_exams(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
