"""How fast the History answers with many exams.

`python -m benchmarks.history_search COUNT` fills an encrypted database with COUNT made-up exams,
every second of them reviewed, and prints, in milliseconds, the 50th, 95th and highest of each kind
of question.
"""

from __future__ import annotations

import hashlib
import secrets
import sys
import tempfile
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from benchmarks.lines import say
from cxr_desktop.domain.assessment import (
    Assessment,
    HeatMap,
    LabelScore,
    ModelRef,
    OperatingPoints,
    Verdict,
)
from cxr_desktop.domain.audit import AuditAction, AuditEvent
from cxr_desktop.domain.history import ExamRecord, FilmRef, HistoryQuery, SortKey
from cxr_desktop.domain.model_input import FilmRegion
from cxr_desktop.domain.radiograph import StudyInfo
from cxr_desktop.domain.review import Agreement, Review
from cxr_desktop.storage.audit import SqliteAuditLog, append_event
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.exams import SqliteHistory, insert_exam
from cxr_desktop.storage.reviews import insert_review

START = datetime(2020, 1, 1, tzinfo=UTC)
BATCH = 50_000
CACHE = "PRAGMA cache_size = -600000"  # KiB: else every index page is written many times
REPEATS = 60
POINTS = OperatingPoints(0.3, 0.7)
MODEL = ModelRef("model", "1.0", "0" * 64)
SYLLABLES = ("ka", "ra", "mi", "sho", "ban", "ti", "lu", "ne", "go", "pra", "sa", "wen", "do", "fi")
FINDINGS = (
    *("effusion", "opacity", "nodule", "cardiomegaly", "fibrosis"),
    *("fracture", "atelectasis", "hilum", "clear"),
)
SORTS: tuple[SortKey, ...] = ("time", "patient", "verdict", "probability", "user")


def main(count: int) -> None:
    """Fill, ask, print."""
    chance = np.random.default_rng(1)
    with tempfile.TemporaryDirectory() as folder:
        key = secrets.token_hex(32)
        database = Database.open(Path(folder) / "history.sqlite3", key=lambda: key)
        begun = time.perf_counter()
        names = fill(database, count, chance)
        size = database.path.stat().st_size / 2**20
        say(f"{count} exams filled in {time.perf_counter() - begun:.0f} s, {size:.0f} MiB")
        history = SqliteHistory(database)
        for kind, queries in questions(names, count, chance):
            ask(history, kind, queries)
        add_singly(database, history, count, chance)
        begun = time.perf_counter()
        SqliteAuditLog(database).verify()
        say(f"audit log verified in {time.perf_counter() - begun:.1f} s")


def fill(database: Database, count: int, chance: np.random.Generator) -> list[str]:
    """Store `count` exams, many to a transaction; return some of the patients' names."""
    names: list[str] = []
    for start in range(0, count, BATCH):
        with database.write() as db:
            db.execute(CACHE)
            for number in range(start, min(start + BATCH, count)):
                record = made_up(number, chance)
                insert_exam(db, record, append_event(db, event_of(record)))
        names.append(record.study.patient_name)
    review_every_other(database)
    return names


def review_every_other(database: Database) -> None:
    """Let readers say something of every second exam, in words of their own."""
    statement = (
        "SELECT exam_id, verdict, seq, patient_name, patient_id, accession_number, file_name"
        " FROM exams WHERE seq % 2 = 0"
    )
    with database.read() as db:
        exams = db.execute(statement).fetchall()
    for start in range(0, len(exams), BATCH):
        with database.write() as db:
            db.execute(CACHE)
            for number, (exam_id, said, *exam) in enumerate(exams[start : start + BATCH]):
                reader = Verdict.NORMAL if number % 10 else Verdict.ABNORMAL
                agreement = Agreement.of(reader, Verdict(said))
                text = f"{FINDINGS[number % len(FINDINGS)]} {FINDINGS[number % 5]} seen"
                review = Review(exam_id, "rad", START, reader, agreement, text)
                event = AuditEvent(AuditAction.EXAM_REVIEWED, "rad", START, exam_id)
                insert_review(db, review, exam, append_event(db, event))


def made_up(number: int, chance: np.random.Generator) -> ExamRecord:
    """Make one exam; names, ids and days repeat as they do in a hospital."""
    name = "^".join("".join(chance.choice(SYLLABLES, 3)).title() for _ in range(2))
    probability = float(chance.beta(0.5, 0.8))
    values = chance.standard_normal((7, 7)).astype(np.float32)
    return ExamRecord(
        exam_id=f"{number:032x}",
        time=START + timedelta(minutes=3 * number),
        user=f"user{chance.integers(12)}",
        film=FilmRef(
            hashlib.sha256(str(number).encode()).hexdigest(),
            f"IM{number:07d}.dcm",
            "DICOM",
            2500,
            2048,
        ),
        study=StudyInfo(
            patient_name=name,
            patient_id=f"P{chance.integers(400_000):06d}",
            accession_number=f"{chance.integers(10**8):08d}",
            study_uid=f"1.2.826.0.1.3680043.8.498.{number}",
            modality="DX",
            view_position="PA",
        ),
        assessment=Assessment(
            model=MODEL,
            scores=(LabelScore("normal", 1 - probability), LabelScore("abnormal", probability)),
            verdict=POINTS.verdict(probability),
            points=POINTS,
            device="CPU",
            heat_map=HeatMap(values, FilmRegion(0, 0, 2048, 2500)),
            meaning="Of 10 films with this score, 9 were abnormal.",
        ),
        program_version="0.1.0",
    )


def event_of(record: ExamRecord) -> AuditEvent:
    """Make the exam's audit event."""
    return AuditEvent(AuditAction.FILM_CLASSIFIED, record.user, record.time, record.exam_id)


def questions(
    names: list[str], count: int, chance: np.random.Generator
) -> Iterable[tuple[str, list[HistoryQuery]]]:
    """Give each kind of question with its examples."""
    asked = [str(chance.choice(names)) for _ in range(REPEATS)]
    for letters in (1, 2, 3, 5):
        typed = [HistoryQuery(text=name[:letters]) for name in asked]
        yield f"name, {letters} letters typed", typed
    yield "two words", [HistoryQuery(text=name.replace("^", " ")) for name in asked]
    ids = [f"P{chance.integers(400_000):06d}" for _ in asked]
    yield "patient id, 4 of 7", [HistoryQuery(text=text[:4]) for text in ids]
    yield "patient id", [HistoryQuery(text=text) for text in ids]
    yield (
        "3 letters, verdict, by patient",
        [HistoryQuery(text=n[:3], verdict=Verdict.ABNORMAL, sort="patient") for n in asked],
    )
    yield "verdict", [HistoryQuery(verdict=Verdict.UNCERTAIN) for _ in asked]
    yield "user", [HistoryQuery(user=f"user{chance.integers(12)}") for _ in asked]
    days = [(START + timedelta(minutes=3 * int(chance.integers(count)))).date() for _ in asked]
    yield "one day", [HistoryQuery(first_day=day, last_day=day) for day in days]
    yield "word of a review", [HistoryQuery(text=FINDINGS[n % 9][:5]) for n in range(REPEATS)]
    yield "name and word of a review", [HistoryQuery(text=f"{n[:3]} effus") for n in asked]
    for agreement in Agreement:
        yield f"review: {agreement}", [HistoryQuery(agreement=agreement) for _ in asked]
    yield "not reviewed", [HistoryQuery(reviewed=False) for _ in asked]
    for sort in SORTS:
        first = HistoryQuery(sort=sort, withheld_from="rad")
        yield f"reads first, first page by {sort}", [first for _ in asked]
    yield (
        "reads first, verdict",
        [HistoryQuery(verdict=Verdict.NORMAL, withheld_from="rad") for _ in asked],
    )
    for sort in SORTS:
        yield f"first page by {sort}", [HistoryQuery(sort=sort) for _ in asked]
        deep = int(count * 0.9)
        yield f"page at 90 % by {sort}", [HistoryQuery(sort=sort, offset=deep) for _ in asked]


def ask(history: SqliteHistory, kind: str, queries: list[HistoryQuery]) -> None:
    """Time each query and print the percentiles."""
    taken = []
    for query in queries:
        begun = time.perf_counter()
        history.search(query)
        taken.append((time.perf_counter() - begun) * 1000)
    tell(kind, taken)


def add_singly(
    database: Database, history: SqliteHistory, count: int, chance: np.random.Generator
) -> None:
    """Time exams stored and fetched one by one, as the program does."""
    adding, getting = [], []
    for number in range(count, count + REPEATS):
        record = made_up(number, chance)
        begun = time.perf_counter()
        history.add_all([(record, event_of(record))])
        stored = time.perf_counter()
        history.get(record.exam_id)
        adding.append((stored - begun) * 1000)
        getting.append((time.perf_counter() - stored) * 1000)
    tell("store one exam", adding)
    tell("fetch one exam", getting)
    with database.read() as db:
        total = db.execute("SELECT count(*) FROM exams").fetchone()[0]
    say(f"{total} exams at the end")


def tell(kind: str, taken: list[float]) -> None:
    """Print one line."""
    middle, high = np.percentile(taken, (50, 95))
    say(f"{kind:32} {middle:8.1f} {high:8.1f} {max(taken):8.1f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
