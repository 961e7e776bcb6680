"""A data folder as version 0.1 left it: nothing in it is encrypted."""

from __future__ import annotations

import hashlib
from pathlib import Path

from argon2 import PasswordHasher

from cxr_desktop.storage.database import Database
from cxr_desktop.storage.exams import SqliteHistory
from cxr_desktop.storage.migrations import MIGRATIONS
from cxr_desktop.storage.paths import DataPaths
from cxr_desktop.storage.pieces_shape import EXAM_PIECES
from tests.support.adding import film_of
from tests.support.examples import an_event, an_exam

OLD_EXAMS = 3
OLD_PASSWORD = "four quiet winter trains"
OLD_RECOVERY = "RECOVERY KEY"
SECRET = b"Secretname"
BEFORE_ENCRYPTION = MIGRATIONS[:6]
OLD_WORDS = """
INSERT INTO exams_search (rowid, patient_name, patient_id, accession_number, file_name)
SELECT seq, patient_name, patient_id, accession_number, file_name FROM exams
"""


def make_old_folder(root: Path) -> DataPaths:
    """Make one: accounts `ada` and `doc` (disabled), exams with films, a copy kept aside."""
    paths = DataPaths(root)
    paths.prepare()
    database = Database.open(paths, migrations=BEFORE_ENCRYPTION)
    hashed = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash
    account = (
        "INSERT INTO users (name, name_key, full_name, group_name, disabled,"
        " must_change_password, password_hash) VALUES (?, ?, '', 'Administrators', ?, 0, ?)"
    )
    with database.write() as db:
        for name, disabled in (("ada", 0), ("doc", 1)):
            db.execute(account, (name, name, disabled, hashed(OLD_PASSWORD)))
        db.execute("INSERT INTO recovery_key VALUES (1, ?)", (hashed(OLD_RECOVERY),))
        db.execute("INSERT INTO sign_in_failures VALUES (?, 2, 5.0)", (_hashed("doc"),))
    history = SqliteHistory(database)
    with database.write() as db:  # what stores exams today also writes what came later
        db.execute("ALTER TABLE exams ADD COLUMN patient_id_issuer TEXT NOT NULL DEFAULT ''")
        db.execute(EXAM_PIECES)
    for number in range(OLD_EXAMS):
        film = SECRET + film_of(f"old-{number}")
        record = an_exam(f"old-{number}", patient_name=f"{SECRET.decode()}^{number}", film=film)
        history.add_all([(record, an_event(subject=record.exam_id))])
        place = paths.films / record.film.sha256[:2] / record.film.sha256
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(film)
        place.with_suffix(".png").write_bytes(b"small " + SECRET)
    with database.write() as db:
        db.execute("ALTER TABLE exams DROP COLUMN patient_id_issuer")
        db.execute("DROP TABLE exam_pieces")
        db.execute(OLD_WORDS)
    copy = paths.backups / "before-migration-0006-20260301-120000-000000.sqlite3"
    copy.write_bytes(paths.database.read_bytes())
    return paths


def _hashed(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()
