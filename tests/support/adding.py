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

# No name of these occurs anywhere else: to be looked for where none may be.
NAMES = (
    *("Aurelianne", "Balthasarius", "Cressidonia", "Dagobertine", "Evangelinda"),
    *("Florimundus", "Gwendolynne", "Hyacinthius", "Isidorabella", "Jeremiachim"),
    *("Kunigundula", "Leopoldinus", "Melisandrine", "Nepomukius", "Ottokarinda"),
    *("Philippinus", "Quirinalda", "Rosamundine", "Sigismundus", "Theodelinde"),
)


def name_of(exam_id: str) -> str:
    """Return the patient's name of an exam that `add_exams` makes."""
    return NAMES[int(exam_id.rpartition("-")[2]) % len(NAMES)]


def film_of(exam_id: str) -> bytes:
    """Return the made-up film of an exam: about 200 kB, different for each, with a name in it."""
    tail = exam_id.rpartition("-")[2]
    name = name_of(exam_id) if tail.isdigit() else exam_id
    return name.encode() + hashlib.sha256(exam_id.encode()).digest() * 6400


def add_exams(root: Path, name: str, count: int) -> None:
    """Add `count` exams as user `name`, each with its film."""
    paths = DataPaths(root)
    paths.prepare()
    history, archive = (
        SqliteHistory(Database.open(paths, key=database_key)),
        FilmFolder(paths.films, data_keys),
    )
    for number in range(count):
        exam_id = f"{name}-{number}"
        film = root.parent / f"{exam_id}.incoming"
        film.write_bytes(film_of(exam_id))
        patient = f"Doe^{name_of(exam_id)}"
        record = an_exam(exam_id, user=name, patient_name=patient, film=film_of(exam_id))
        archive.keep(film, record.film.sha256)
        archive.keep_thumbnail(record.film.sha256, f"small picture of {patient}".encode())
        history.add_all([(record, an_event(user=name, subject=exam_id))])
        film.unlink()
        sys.stdout.write(f"{exam_id}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    add_exams(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
