"""The tables as migration 1 made them: never edited, only followed by a migration."""

from __future__ import annotations

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

FIRST_SHAPE = (
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
)
