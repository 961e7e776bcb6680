"""The database's shape, as the steps that led to it.

TO CHANGE THE DATABASE: write one function here and add it at the end of `MIGRATIONS`. It runs
once for each database, inside a transaction, after a copy was kept. Never edit one that was
released, and never use anything in it that may change later: a database made today must equal one
that grew.
"""

from __future__ import annotations

from typing import Protocol

import sqlite_utils

from cxr_desktop.storage.quality_shape import m0007_quality
from cxr_desktop.storage.reviews_shape import REVIEWS_SHAPE
from cxr_desktop.storage.saved_filters_shape import m0008_saved_filters

# What a person was shown stays as it was shown: these rows are written once.
FOREVER = ("films", "exams", "heat_maps", "audit", "schema_migrations")


class Migration(Protocol):
    """One step; its name is stored."""

    __name__: str

    def __call__(self, db: sqlite_utils.Database, /) -> None:
        """Change the open database."""
        ...


SCHEMA = """
CREATE TABLE schema_migrations (
    position INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    applied_at TEXT NOT NULL,
    program_version TEXT NOT NULL
) STRICT
"""

AUDIT = """
CREATE TABLE audit (
    seq INTEGER PRIMARY KEY,
    action TEXT NOT NULL,
    user TEXT NOT NULL,
    time TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE
) STRICT
"""

# How long the chain is and where it ends: a cut-off end shows.
AUDIT_HEAD = """
CREATE TABLE audit_head (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    events INTEGER NOT NULL,
    hash TEXT NOT NULL
) STRICT
"""

GROUPS = """
CREATE TABLE groups (
    seq INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    name_key TEXT NOT NULL UNIQUE CHECK (name_key <> '')
) STRICT
"""

GROUP_PERMISSIONS = """
CREATE TABLE group_permissions (
    group_name TEXT NOT NULL REFERENCES groups (name),
    permission TEXT NOT NULL,
    PRIMARY KEY (group_name, permission)
) STRICT, WITHOUT ROWID
"""

USERS = """
CREATE TABLE users (
    seq INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    name_key TEXT NOT NULL UNIQUE CHECK (name_key <> ''),
    full_name TEXT NOT NULL,
    group_name TEXT NOT NULL REFERENCES groups (name),
    disabled INTEGER NOT NULL CHECK (disabled IN (0, 1)),
    must_change_password INTEGER NOT NULL CHECK (must_change_password IN (0, 1)),
    password_hash TEXT NOT NULL CHECK (password_hash <> '')
) STRICT
"""

# By a hash of the name: people type passwords into the name field.
SIGN_IN_FAILURES = """
CREATE TABLE sign_in_failures (
    name_sha256 TEXT PRIMARY KEY,
    failures INTEGER NOT NULL,
    last REAL NOT NULL
) STRICT, WITHOUT ROWID
"""

FILMS = """
CREATE TABLE films (
    sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64),
    first_time TEXT NOT NULL
) STRICT
"""

EXAMS = """
CREATE TABLE exams (
    seq INTEGER PRIMARY KEY,
    exam_id TEXT NOT NULL UNIQUE CHECK (exam_id <> ''),
    audit_seq INTEGER NOT NULL UNIQUE REFERENCES audit (seq),
    time TEXT NOT NULL,
    user TEXT NOT NULL,
    film_sha256 TEXT NOT NULL REFERENCES films (sha256),
    file_name TEXT NOT NULL,
    file_format TEXT NOT NULL,
    film_rows INTEGER NOT NULL,
    film_columns INTEGER NOT NULL,
    patient_name TEXT NOT NULL,
    patient_id TEXT NOT NULL,
    birth_date TEXT,
    sex TEXT NOT NULL,
    age TEXT NOT NULL,
    study_date TEXT,
    study_description TEXT NOT NULL,
    accession_number TEXT NOT NULL,
    study_uid TEXT NOT NULL,
    modality TEXT NOT NULL,
    body_part TEXT NOT NULL,
    view_position TEXT NOT NULL,
    laterality TEXT NOT NULL,
    institution TEXT NOT NULL,
    manufacturer TEXT NOT NULL,
    model_id TEXT NOT NULL,
    model_version TEXT NOT NULL,
    model_sha256 TEXT NOT NULL,
    scores TEXT NOT NULL,
    probability REAL NOT NULL CHECK (probability BETWEEN 0 AND 1),
    verdict TEXT NOT NULL,
    normal_below REAL NOT NULL,
    abnormal_from REAL NOT NULL,
    device TEXT NOT NULL,
    meaning TEXT NOT NULL,
    read_ms REAL NOT NULL,
    prepare_ms REAL NOT NULL,
    infer_ms REAL NOT NULL,
    program_version TEXT NOT NULL,
    cautions TEXT NOT NULL,
    patient_key TEXT NOT NULL,
    zone INTEGER NOT NULL AS (
        CASE verdict WHEN 'normal' THEN 0 WHEN 'uncertain' THEN 1 WHEN 'abnormal' THEN 2 ELSE 3 END
    )
) STRICT
"""

# float32, little-endian, row by row.
HEAT_MAPS = """
CREATE TABLE heat_maps (
    exam_seq INTEGER PRIMARY KEY REFERENCES exams (seq),
    map_rows INTEGER NOT NULL,
    map_columns INTEGER NOT NULL,
    region_x INTEGER NOT NULL,
    region_y INTEGER NOT NULL,
    region_width INTEGER NOT NULL,
    region_height INTEGER NOT NULL,
    content BLOB NOT NULL CHECK (length(content) = 4 * map_rows * map_columns)
) STRICT
"""

# Holds the words only (search_text.py); rowid is exams.seq.
EXAMS_SEARCH = """
CREATE VIRTUAL TABLE exams_search USING fts5 (
    patient_name, patient_id, accession_number, file_name,
    content = '', columnsize = 0, prefix = '1 2 3',
    tokenize = 'unicode61 remove_diacritics 2'
)
"""

# One for each way to sort the History, ending in the time; seq comes along by itself.
INDEXES = (
    "CREATE INDEX exams_by_time ON exams (time)",
    "CREATE INDEX exams_by_patient ON exams (patient_key, time)",
    "CREATE INDEX exams_by_zone ON exams (zone, time)",
    "CREATE INDEX exams_by_probability ON exams (probability, time)",
    "CREATE INDEX exams_by_user ON exams (user, time)",
    "CREATE INDEX exams_by_film ON exams (film_sha256)",
    "CREATE INDEX audit_by_time ON audit (time)",
)

READING = ("run", "see_result", "see_others")
FIRST_GROUPS = (
    ("Technicians", ("run",)),
    ("Doctors", ("run", "see_result")),
    ("Radiologists", READING),
    ("Administrators", (*READING, "manage_users", "manage_settings", "manage_models")),
)


def m0001_first(db: sqlite_utils.Database) -> None:
    """Make accounts, exams, search and audit log, with the groups an installation starts with."""
    for statement in (
        SCHEMA,
        AUDIT,
        AUDIT_HEAD,
        GROUPS,
        GROUP_PERMISSIONS,
        USERS,
        SIGN_IN_FAILURES,
        FILMS,
        EXAMS,
        HEAT_MAPS,
        EXAMS_SEARCH,
        *INDEXES,
    ):
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


MIGRATIONS: tuple[Migration, ...] = (
    m0001_first,
    m0002_user_permissions,
    m0003_reviews,
    m0004_export,
    m0005_measurements,
    m0006_recovery_key,
    m0007_quality,
    m0008_saved_filters,
)
