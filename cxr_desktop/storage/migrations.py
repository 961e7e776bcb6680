"""The database's shape, as the steps that led to it.

TO CHANGE THE DATABASE: write one function here and add it at the end of `MIGRATIONS`. It runs
once for each database, inside a transaction, after a copy was kept. Never edit one that was
released, and never use anything in it that may change later: a database made today must equal one
that grew.
"""

from __future__ import annotations

from typing import Protocol

import sqlite_utils

from cxr_desktop.storage.deletions_shape import m0015_deletions
from cxr_desktop.storage.first_shape import FIRST_SHAPE
from cxr_desktop.storage.late_exams_shape import m0022_late_exams
from cxr_desktop.storage.lists_shape import m0024_lists_by_number
from cxr_desktop.storage.pieces_shape import m0023_pieces_of_words
from cxr_desktop.storage.quality_shape import m0010_quality
from cxr_desktop.storage.removals_shape import m0018_removals
from cxr_desktop.storage.reviews_shape import READ_FIRST, REVIEWS_SHAPE
from cxr_desktop.storage.saved_filters_shape import m0011_saved_filters
from cxr_desktop.storage.search_shape import m0020_search_a_million
from cxr_desktop.storage.signatures_shape import m0016_signatures
from cxr_desktop.storage.sort_shape import m0021_sort_indexes
from cxr_desktop.storage.tour_shape import m0017_tours
from cxr_desktop.storage.watched_shape import m0019_watched_files

# What a person was shown stays as it was shown: these rows are written once.
FOREVER = ("films", "exams", "heat_maps", "audit", "schema_migrations")


class Migration(Protocol):
    """One step; its name is stored."""

    __name__: str

    def __call__(self, db: sqlite_utils.Database, /) -> None:
        """Change the open database."""
        ...


READING = ("run", "see_result", "see_others")
FIRST_GROUPS = (
    ("Technicians", ("run",)),
    ("Doctors", ("run", "see_result")),
    ("Radiologists", READING),
    ("Administrators", (*READING, "manage_users", "manage_settings", "manage_models")),
)


def m0001_first(db: sqlite_utils.Database) -> None:
    """Make accounts, exams, search and audit log, with the groups an installation starts with."""
    for statement in FIRST_SHAPE:
        db.execute(statement)
    for table in FOREVER:
        _write_once(db, table)
    db.execute(
        "CREATE TRIGGER users_stay BEFORE DELETE ON users "
        "BEGIN SELECT RAISE(ABORT, 'accounts are disabled, never deleted'); END"
    )
    db.execute("INSERT INTO audit_head VALUES (1, 0, ?)", ("0" * 64,))
    for name, permissions in FIRST_GROUPS:
        db.execute("INSERT INTO groups (name, name_key) VALUES (?, ?)", (name, name.casefold()))
        for permission in permissions:
            db.execute("INSERT INTO group_permissions VALUES (?, ?)", (name, permission))


def _write_once(db: sqlite_utils.Database, table: str) -> None:
    for deed in ("UPDATE", "DELETE"):
        db.execute(
            f"CREATE TRIGGER {table}_no_{deed.lower()} BEFORE {deed} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is written once'); END"
        )


# An account's own exceptions to what its group may do; a permission is allowed or denied, not both.
USER_PERMISSIONS = """
CREATE TABLE user_permissions (
    user_name TEXT NOT NULL REFERENCES users (name),
    permission TEXT NOT NULL,
    effect TEXT NOT NULL CHECK (effect IN ('allow', 'deny')),
    PRIMARY KEY (user_name, permission)
) STRICT, WITHOUT ROWID
"""


def m0002_user_permissions(db: sqlite_utils.Database) -> None:
    """Let an account differ from its group; who manages users gets the audit log and backups."""
    db.execute(USER_PERMISSIONS)
    for permission in ("view_audit", "manage_backups"):
        db.execute(
            "INSERT INTO group_permissions SELECT group_name, ? FROM group_permissions"
            " WHERE permission = 'manage_users'",
            (permission,),
        )


def m0003_reviews(db: sqlite_utils.Database) -> None:
    """Make room for what readers say, and let the groups that read films say it."""
    for statement in REVIEWS_SHAPE:
        db.execute(statement)
    _write_once(db, "reviews")
    db.execute(
        "INSERT OR IGNORE INTO group_permissions SELECT name, 'review' FROM groups"
        " WHERE name IN ('Doctors', 'Radiologists', 'Administrators')"
    )


def m0004_export(db: sqlite_utils.Database) -> None:
    """Let the groups that see every exam take lists of them out of the program."""
    db.execute(
        "INSERT OR IGNORE INTO group_permissions SELECT name, 'export' FROM groups"
        " WHERE name IN ('Radiologists', 'Administrators')"
    )


EXAM_MEASUREMENTS = """
CREATE TABLE exam_measurements (
    seq INTEGER PRIMARY KEY,
    exam_seq INTEGER NOT NULL REFERENCES exams (seq),
    audit_seq INTEGER NOT NULL UNIQUE REFERENCES audit (seq),
    time TEXT NOT NULL,
    user TEXT NOT NULL,
    measurements TEXT NOT NULL
) STRICT
"""


def m0005_measurements(db: sqlite_utils.Database) -> None:
    """Make room for what readers measure on a film."""
    db.execute(EXAM_MEASUREMENTS)
    db.execute("CREATE INDEX measurements_by_exam ON exam_measurements (exam_seq, seq)")
    _write_once(db, "exam_measurements")


RECOVERY_KEY = """
CREATE TABLE recovery_key (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    hash TEXT NOT NULL CHECK (hash <> '')
) STRICT
"""


def m0006_recovery_key(db: sqlite_utils.Database) -> None:
    """Make room for the hash of the recovery key."""
    db.execute(RECOVERY_KEY)


def m0007_read_first(db: sqlite_utils.Database) -> None:
    """Keep when and why a review was made; whoever saw answers goes on seeing them at once.

    Only the radiologists' group reads first from now on.
    """
    for statement in READ_FIRST:
        db.execute(statement)


def m0008_patients(db: sqlite_utils.Database) -> None:
    """Keep who issued a patient ID, and find a patient's exams by it."""
    db.execute("ALTER TABLE exams ADD COLUMN patient_id_issuer TEXT NOT NULL DEFAULT ''")
    db.execute("CREATE INDEX exams_by_patient_id ON exams (patient_id, time)")


USER_KEYS = """
CREATE TABLE user_keys (
    user_name TEXT NOT NULL REFERENCES users (name),
    action TEXT NOT NULL,
    keys TEXT NOT NULL,
    PRIMARY KEY (user_name, action)
) STRICT, WITHOUT ROWID
"""


def m0009_user_keys(db: sqlite_utils.Database) -> None:
    """Make room for the keys that people choose for themselves."""
    db.execute(USER_KEYS)


DOOR_EVENTS = """
CREATE TABLE door_events (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    taken INTEGER NOT NULL
) STRICT
"""


def m0012_door(db: sqlite_utils.Database) -> None:
    """Leave to the door (`door_shape.py`) what must be known before the database can be read."""
    db.execute("ALTER TABLE users DROP COLUMN password_hash")
    db.execute("DROP TABLE sign_in_failures")
    db.execute("DROP TABLE recovery_key")
    db.execute(DOOR_EVENTS)
    db.execute("INSERT INTO door_events VALUES (1, 0)")


EMERGENCIES = """
CREATE TABLE emergencies (
    seq INTEGER PRIMARY KEY,
    user_name TEXT NOT NULL REFERENCES users (name),
    audit_seq INTEGER NOT NULL UNIQUE REFERENCES audit (seq),
    since TEXT NOT NULL,
    until TEXT NOT NULL
) STRICT
"""
# A permission of old, and the one that was split off from it: who has or lacks one, both.
SPLIT = (("run", "import"), ("see_result", "report"))


def m0013_finer_permissions(db: sqlite_utils.Database) -> None:
    """Split opening films from running the model, reports from seeing; allow emergencies."""
    for old, new in SPLIT:
        db.execute(
            "INSERT OR IGNORE INTO group_permissions SELECT group_name, ? FROM group_permissions"
            " WHERE permission = ?",
            (new, old),
        )
        db.execute(
            "INSERT OR IGNORE INTO user_permissions SELECT user_name, ?, effect"
            " FROM user_permissions WHERE permission = ?",
            (new, old),
        )
    db.execute(
        "INSERT OR IGNORE INTO group_permissions SELECT name, 'emergency' FROM groups"
        " WHERE name IN ('Doctors', 'Radiologists', 'Administrators')"
    )
    db.execute(EMERGENCIES)
    db.execute("CREATE INDEX emergencies_by_user ON emergencies (user_name, seq)")
    _write_once(db, "emergencies")


def m0014_sign(db: sqlite_utils.Database) -> None:
    """Let the groups that read every exam sign reports."""
    db.execute(
        "INSERT OR IGNORE INTO group_permissions SELECT name, 'sign' FROM groups"
        " WHERE name IN ('Radiologists', 'Administrators')"
    )


MIGRATIONS: tuple[Migration, ...] = (
    m0001_first,
    m0002_user_permissions,
    m0003_reviews,
    m0004_export,
    m0005_measurements,
    m0006_recovery_key,
    m0007_read_first,
    m0008_patients,
    m0009_user_keys,
    m0010_quality,
    m0011_saved_filters,
    m0012_door,
    m0013_finer_permissions,
    m0014_sign,
    m0015_deletions,
    m0016_signatures,
    m0017_tours,
    m0018_removals,
    m0019_watched_files,
    m0020_search_a_million,
    m0021_sort_indexes,
    m0022_late_exams,
    m0023_pieces_of_words,
    m0024_lists_by_number,
)
