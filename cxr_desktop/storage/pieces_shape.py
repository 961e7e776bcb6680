"""What migration 23 made: letters inside words, and orders of what readers said.

Never edited, only followed by another.
"""

from __future__ import annotations

import sqlite_utils

from cxr_desktop.storage.search_text import exam_words, pieces

# Takes the place of exams_search. Its words come as `search_text.pieces`; rowid is exams.seq.
EXAM_PIECES = """
CREATE VIRTUAL TABLE exam_pieces USING fts5 (
    pieces, content = '', columnsize = 0, tokenize = 'ascii'
)
"""
# A list by patient with the words (`search_text.exam_words`) that an exam is found by.
EXAMS_BY_NAME = """
CREATE TABLE exams_by_name (
    patient_key TEXT NOT NULL,
    time TEXT NOT NULL,
    seq INTEGER NOT NULL REFERENCES exams (seq),
    words TEXT NOT NULL,
    PRIMARY KEY (patient_key, time, seq)
) STRICT, WITHOUT ROWID
"""
# `review`: 0 none, 1 agrees, 2 one unsure, 3 disagrees; `report`: 0 new, 1 read, 2 signed,
# 3 addended; `made`: the exam's time. An exam removed for good has no rank.
EXAM_RANKS = """
CREATE TABLE exam_ranks (
    exam_seq INTEGER PRIMARY KEY REFERENCES exams (seq),
    made TEXT NOT NULL,
    review INTEGER NOT NULL,
    report INTEGER NOT NULL
) STRICT
"""
RANK = "CASE {} WHEN 'agree' THEN 1 WHEN 'open' THEN 2 ELSE 3 END"
RANKS = f"""
INSERT INTO exam_ranks
SELECT seq, time,
    coalesce((
        SELECT {RANK.format("agreement")} FROM reviews WHERE exam_seq = exams.seq
        ORDER BY reviews.seq DESC LIMIT 1
    ), 0),
    coalesce((
        SELECT CASE WHEN EXISTS (
            SELECT 1 FROM reviews
            WHERE exam_seq = exams.seq AND reviews.audit_seq > signatures.audit_seq
        ) THEN 3 ELSE 2 END FROM signatures WHERE exam_seq = exams.seq
    ), EXISTS (SELECT 1 FROM reviews WHERE exam_seq = exams.seq))
FROM exams WHERE seq NOT IN (SELECT exam_seq FROM removals) ORDER BY seq
"""  # noqa: S608 - our own names
FOLLOW = (
    """
CREATE TRIGGER ranks_of_exam AFTER INSERT ON exams
BEGIN INSERT INTO exam_ranks VALUES (NEW.seq, NEW.time, 0, 0); END
""",
    f"""
CREATE TRIGGER ranks_of_review AFTER INSERT ON reviews
BEGIN UPDATE exam_ranks SET review = {RANK.format("NEW.agreement")}, report = CASE
    WHEN EXISTS (SELECT 1 FROM signatures WHERE exam_seq = NEW.exam_seq) THEN 3 ELSE 1 END
    WHERE exam_seq = NEW.exam_seq; END
""",  # noqa: S608 - our own names
    """
CREATE TRIGGER ranks_of_signature AFTER INSERT ON signatures
BEGIN UPDATE exam_ranks SET report = 2 WHERE exam_seq = NEW.exam_seq; END
""",
    """
CREATE TRIGGER ranks_of_removed AFTER INSERT ON removals
BEGIN DELETE FROM exam_ranks WHERE exam_seq = NEW.exam_seq; END
""",
)
KEPT = "seq NOT IN (SELECT exam_seq FROM removals)"
TEXTS = "patient_name, patient_id, accession_number, file_name"
IN_ORDER = f"SELECT seq, {TEXTS} FROM exams NOT INDEXED WHERE {KEPT} ORDER BY seq"  # noqa: S608 - the same
BY_NAME = (
    f"SELECT patient_key, time, seq, {TEXTS} FROM exams INDEXED BY exams_by_patient"  # noqa: S608 - the same
    f" WHERE {KEPT} ORDER BY patient_key, time, seq"
)
# One part instead of several: asking for a single exam's words takes a third of the time.
MERGE = (
    "INSERT INTO exam_pieces (exam_pieces) VALUES ('optimize')",
    "INSERT INTO said_search (said_search) VALUES ('optimize')",
)
ADD_PIECES = "INSERT INTO exam_pieces (rowid, pieces) VALUES (?, ?)"
ADD_BY_NAME = "INSERT INTO exams_by_name VALUES (?, ?, ?, ?)"


def m0023_pieces_of_words(db: sqlite_utils.Database) -> None:
    """Find letters inside words; walk along the patients; sort by film, review and report."""
    for statement in (EXAM_PIECES, EXAMS_BY_NAME, EXAM_RANKS, RANKS, *FOLLOW):
        db.execute(statement)
    for seq, *texts in db.execute(IN_ORDER):
        db.execute(ADD_PIECES, (seq, pieces(exam_words(texts))))
    for key, time, seq, *texts in db.execute(BY_NAME):
        db.execute(ADD_BY_NAME, (key, time, seq, exam_words(texts)))
    for statement in (
        *MERGE,
        "DROP TABLE exams_search",
        "DROP INDEX exams_by_film",
        "CREATE INDEX exams_by_film ON exams (film_sha256, time)",
        "CREATE INDEX ranks_by_review ON exam_ranks (review, made)",
        "CREATE INDEX ranks_by_report ON exam_ranks (report, made)",
    ):
        db.execute(statement)
