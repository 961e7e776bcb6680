"""Lists that are held while exams come and change, against a plain reading of all exams."""

from __future__ import annotations

import random
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import get_args

import pytest

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.audit import AuditAction
from cxr_desktop.domain.deletion import Deletion
from cxr_desktop.domain.errors import InvalidRequest
from cxr_desktop.domain.history import HistoryQuery, SortKey
from cxr_desktop.domain.retention import Due
from cxr_desktop.domain.review import Agreement, Review, ReviewKind
from cxr_desktop.domain.signing import Signature
from cxr_desktop.storage import history_lists, history_search, history_words
from cxr_desktop.storage.audit import SqliteAuditLog
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.deletions import SqliteDeletions
from cxr_desktop.storage.exams import SqliteHistory
from cxr_desktop.storage.history_words import KeptWords
from cxr_desktop.storage.retention import SqliteRetention
from cxr_desktop.storage.reviews import SqliteReviews
from cxr_desktop.storage.signatures import SqliteSignatures
from tests.support.examples import NOON, an_event, an_exam
from tests.support.fakes import (
    MemoryDeletions,
    MemoryHistory,
    MemoryRetention,
    MemoryReviews,
    MemorySignatures,
)

SORTS: tuple[SortKey, ...] = get_args(SortKey)
NAMES = ("Doe^Jane", "Doe^John", "Mori", "élan", "王小明", "محمد علی")
SAID = ("effusion", "Doe's effusion, not clear", "hilum 王", "")
TYPED = (
    *("", "", "", "d", "m", "doe", "ohn", "im", "p", "p1", "王", "王小", "م", "علی"),
    *("e", "ef", "eff", "effu", "n", "not", "hil"),
    *("d p1", "doe ohn", "d e", "doe effu", "e n", "eff cle", "王 hil", "nobody"),
)
MINUTE = timedelta(minutes=1)


class Twice:
    """A database and a list in memory: what happens, happens in both."""

    def __init__(self, database: Database, seed: int) -> None:
        self.chance, self.number = random.Random(seed), 0
        self.sqlite, self.memory = SqliteHistory(database), MemoryHistory()
        self.audit = SqliteAuditLog(database)
        # What is written is written as another program would, without a word to the one asked.
        database = Database.open(database.path, key=database.key)
        self.written = SqliteHistory(database)
        self.reviews = (SqliteReviews(database), MemoryReviews(self.memory))
        self.signatures = (SqliteSignatures(database), MemorySignatures(self.memory))
        self.deletions = (SqliteDeletions(database), MemoryDeletions(self.memory))
        self.retention = (SqliteRetention(database), MemoryRetention(self.memory))

    def happen(self) -> None:
        """Let something happen to some exam, or come."""
        deed = self.chance.choice((self.come, self.come, self.say, self.sign, self.delete, self.go))
        deed()

    def come(self) -> None:
        """Store one exam, now and then with an earlier time than one before."""
        self.number += 1
        record = an_exam(
            f"e{self.number}",
            time=NOON + MINUTE * (self.number - self.chance.choice((0, 0, 0, 5))),
            user=self.chance.choice(("amina", "bilal")),
            patient_name=self.chance.choice(NAMES),
            patient_id=f"P{self.chance.randrange(9)}",
            file_name=f"IM{self.chance.randrange(5)}.dcm",
            film=bytes([self.chance.randrange(7)]),
            probability=self.chance.randrange(11) / 10,
            heat_map=False,
        )
        for history in (self.written, self.memory):
            history.add_all([(record, an_event(subject=record.exam_id))])

    def say(self) -> None:
        """Review one; what is signed takes an addendum of the same verdict."""
        exam_id = self.one()
        signature = self.memory.signature(exam_id)
        said = signature.verdict if signature else self.chance.choice((*Verdict,)[:3])
        kind = ReviewKind.ADDENDUM if signature else ReviewKind.REVIEW
        agreement = Agreement.of(said, self.memory.get(exam_id).assessment.verdict)
        user, text = self.chance.choice(("rad", "other")), self.chance.choice(SAID)
        review = Review(exam_id, user, NOON, said, agreement, text, kind)
        for store in self.reviews:
            store.add(review, an_event(AuditAction.EXAM_REVIEWED, subject=exam_id))

    def sign(self) -> None:
        """Sign one that somebody read."""
        exam_id = self.one()
        read = self.memory.reviewed(exam_id)
        if not read or exam_id in self.memory.signatures or exam_id in self.memory.deleted:
            return
        signed = Signature(exam_id, "rad", "Dr R", NOON, read[0].verdict, len(read), "ab" * 32)
        for store in self.signatures:
            store.sign(signed, an_event(AuditAction.REPORT_SIGNED, subject=exam_id))

    def delete(self) -> None:
        """Delete one, or bring it back."""
        exam_id = self.one()
        back = exam_id in self.memory.deleted
        deletion = Deletion(exam_id, "rad", NOON, "not a chest", brought_back=back)
        for store in self.deletions:
            store.note(deletion, an_event(AuditAction.EXAM_DELETED, subject=exam_id))

    def go(self) -> None:
        """Remove for good the first one that is deleted, or the first of all."""
        oldest = self.memory.records[0].time
        due = self.chance.choice((Due(NOON + MINUTE, None), Due(None, oldest + MINUTE / 2)))
        for store in self.retention:
            store.remove(due, 1, lambda _: an_event(AuditAction.EXAMS_REMOVED))

    def one(self) -> str:
        """Return any exam, rather one of the latest."""
        return self.chance.choice(self.memory.records[-self.chance.choice((3, 90)) :]).exam_id

    def asked(self) -> HistoryQuery:
        """Make up a question."""
        any_of = self.chance.choice
        query = HistoryQuery(
            text=any_of(TYPED),
            sort=any_of(SORTS),
            descending=any_of((True, False)),
            offset=any_of((0, 0, 3, 40)),
            limit=any_of((1, 5, 50)),
            withheld_from=any_of(("", "", "rad")),
            in_reviews=any_of((True, True, False)),
        )
        filters: tuple[dict[str, object], ...] = (
            {},
            {},
            {"verdict": Verdict.ABNORMAL},
            {"user": "amina"},
            {"reviewed": any_of((True, False))},
            {"agreement": any_of((*Agreement,)), "user": "bilal"},
            {"signed": any_of((True, False))},
            {"read_by": "rad"},
            {"deleted": True},
            {"deleted": True},
            {"model": "yolov5x-cls-cxr 1.0", "since": NOON + 9 * MINUTE},
            {"before": NOON + 30 * MINUTE},
            {"exam_ids": ("e1", "e5", "e9")},
        )
        return replace(query, **any_of(filters))  # type: ignore[arg-type]  # as written above


@pytest.mark.parametrize("changed", [0, 4, 500])
@pytest.mark.parametrize("held", [(1, 1000), (4, 60), (20_000, 1000)])
@pytest.mark.parametrize("seed", range(4))
def test_what_is_listed_is_what_a_plain_reading_lists_whatever_happens(
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    seed: int,
    changed: int,
    held: tuple[int, int],
) -> None:
    monkeypatch.setattr(history_search, "CHANGED", changed)
    monkeypatch.setattr(history_lists, "HELD", 40)  # old lists stay in use
    monkeypatch.setattr(history_search, "TOP", 1000 if seed % 2 else 0)
    for name, value in zip(("MANY", "MOST_BYTES", "OLD"), (*held, changed), strict=True):
        monkeypatch.setattr(history_words, name, value)
    both = Twice(database, seed)
    for _ in range(25):
        both.come()
    for _ in range(60):
        both.happen()
        if both.chance.randrange(9) == 0:
            both.sqlite.get_ready(both.asked())
        for query in (both.asked(), both.asked()):
            found, exact = both.sqlite.search(query), both.memory.search(query)
            assert found == exact, query
            if exact.rows:
                behind = replace(query, after=exact.rows[-1].exam_id, offset=0)
                assert both.sqlite.search(behind) == both.memory.search(behind), behind
    both.audit.verify()


@pytest.mark.parametrize("sort", SORTS)
def test_a_list_goes_on_behind_an_exam_that_left_it_or_moved(
    database: Database, sort: SortKey
) -> None:
    both = Twice(database, 5)
    for _ in range(30):
        both.come()
    query = HistoryQuery(sort=sort, limit=4, reviewed=False)
    first = both.sqlite.search(query)
    last = first.rows[-1].exam_id
    review = Review(last, "rad", NOON, Verdict.NORMAL, Agreement.DISAGREE, "")
    both.reviews[0].add(review, an_event(AuditAction.EXAM_REVIEWED, subject=last))
    left = [row.exam_id for row in both.sqlite.search(replace(query, limit=40)).rows]
    behind = both.sqlite.search(replace(query, limit=40, after=last))
    at = 0 if sort in {"review", "report"} else 3  # read, it stands before all that nobody read
    assert [row.exam_id for row in behind.rows] == left[at:]
    assert behind.total == first.total - 1


def test_a_list_of_another_data_folder_is_not_used(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("history.sqlite3", "other.sqlite3")]
    for file, exams in zip(files, (("a", "b"), ("b", "a")), strict=True):
        history = SqliteHistory(Database.open(file))
        for name in exams:
            history.add_all([(an_exam(name, patient_name=name), an_event(subject=name))])
    history = SqliteHistory(Database.open(files[0]))
    query = HistoryQuery(sort="patient", user="amina", descending=False)
    for _ in range(2):
        assert [row.exam_id for row in history.search(query).rows] == ["a", "b"]
        shutil.copy(files[1], files[0])


def test_few_lists_are_held_and_none_after_they_are_forgotten(database: Database) -> None:
    both, lists = Twice(database, 0), history_lists.KeptLists()
    words = KeptWords()
    both.come()
    queries = [HistoryQuery(user="amina", sort=sort) for sort in SORTS]
    with database.read() as db:
        for query in queries:
            history_search.get_ready(db, query, lists, words)
    assert [lists.holds(query) for query in queries] == [False] * 8 + [True] * 3
    lists.forget()
    assert not any(lists.holds(query) for query in queries)


def test_after_no_exam_there_is_nothing_to_list(database: Database) -> None:
    with pytest.raises(InvalidRequest):
        SqliteHistory(database).search(HistoryQuery(after="nobody"))
