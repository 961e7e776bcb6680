"""One contract for signatures, held by the fake and by the database."""

import sqlite3
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlcipher3 import dbapi2 as sqlite

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.deletion import Deletion
from cxr_desktop.domain.errors import InvalidRequest, StorageUnavailable
from cxr_desktop.domain.history import HistoryQuery, ReportState
from cxr_desktop.domain.ports import HistoryStore
from cxr_desktop.domain.review import Agreement, Review, ReviewKind, ReviewStore
from cxr_desktop.domain.signing import Signature, SignatureStore, reader_report
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.deletions import SqliteDeletions
from cxr_desktop.storage.exams import SqliteHistory
from cxr_desktop.storage.reviews import SqliteReviews
from cxr_desktop.storage.signatures import SqliteSignatures
from tests.support.examples import NOON, an_event, an_exam
from tests.support.fakes import MemoryHistory, MemoryReviews, MemorySignatures

Stores = tuple[HistoryStore, ReviewStore, SignatureStore]
SIGNED = Signature("e1", "rad", "Dr Amina Khan", NOON, Verdict.NORMAL, 1, "ab" * 32)


def said(kind: ReviewKind = ReviewKind.REVIEW, user: str = "doc", minutes: int = 0) -> Review:
    time = NOON + timedelta(minutes=minutes)
    return Review("e1", user, time, Verdict.NORMAL, Agreement.DISAGREE, "Clear.", kind)


@pytest.fixture(params=["memory", "sqlite"])
def stores(request: pytest.FixtureRequest) -> Stores:
    made: Stores
    if request.param == "memory":
        history = MemoryHistory()
        made = (history, MemoryReviews(history), MemorySignatures(history))
    else:
        database: Database = request.getfixturevalue("database")
        made = (SqliteHistory(database), SqliteReviews(database), SqliteSignatures(database))
    for number in range(3):
        made[0].add_all(
            [(an_exam(f"e{number}", time=NOON + timedelta(minutes=number)), an_event())]
        )
    made[1].add(said(), an_event())
    return made


def states(history: HistoryStore, **asked: object) -> dict[str, ReportState]:
    page = history.search(HistoryQuery(**asked))  # type: ignore[arg-type]  # checked by the call
    return {row.exam_id: row.state for row in page.rows}


def test_a_signature_comes_back_and_is_listed(stores: Stores) -> None:
    history, reviews, signatures = stores
    assert history.signature("e1") is None
    assert states(history)["e1"] is ReportState.READ
    signatures.sign(SIGNED, an_event())
    assert history.signature("e1") == SIGNED
    assert history.signature("e0") is None
    assert states(history) == {
        "e0": ReportState.NEW,
        "e1": ReportState.SIGNED,
        "e2": ReportState.NEW,
    }
    assert list(states(history, signed=True)) == ["e1"]
    assert sorted(states(history, signed=False)) == ["e0", "e2"]
    reviews.add(said(ReviewKind.ADDENDUM, "rad", 5), an_event())
    assert states(history)["e1"] is ReportState.ADDENDED
    report = reader_report(history.get("e1"), reviews.of("e1"), history.signature("e1"))
    assert report is not None
    assert [one.kind for one in report.addenda] == [ReviewKind.ADDENDUM]


def test_only_addenda_follow(stores: Stores) -> None:
    _history, reviews, signatures = stores
    signatures.sign(SIGNED, an_event())
    for kind in (ReviewKind.REVIEW, ReviewKind.FIRST):
        with pytest.raises(InvalidRequest):
            reviews.add(said(kind, "rad", 1), an_event())
    assert len(reviews.of("e1")) == 1


@pytest.mark.parametrize("covers", [2, 3])
def test_what_changed_meanwhile_is_not_signed(stores: Stores, covers: int) -> None:
    history, _reviews, signatures = stores
    late = Signature("e1", "rad", "", NOON, Verdict.NORMAL, covers, "ab" * 32)
    with pytest.raises(InvalidRequest):
        signatures.sign(late, an_event())
    assert history.signature("e1") is None


def test_nothing_is_signed_twice_and_nothing_unknown(stores: Stores) -> None:
    signatures = stores[2]
    signatures.sign(SIGNED, an_event())
    for exam_id in ("e1", "nobody"):
        again = Signature(exam_id, "doc", "", NOON, Verdict.NORMAL, 1, "cd" * 32)
        with pytest.raises(InvalidRequest):
            signatures.sign(again, an_event())


def test_who_reads_first_sees_what_is_signed(stores: Stores) -> None:
    history, _reviews, signatures = stores
    assert history.search(HistoryQuery(withheld_from="rad")).rows[0].verdict is None
    signatures.sign(SIGNED, an_event())
    told = {row.exam_id: row for row in history.search(HistoryQuery(withheld_from="rad")).rows}
    assert (told["e1"].reader, told["e1"].state) == (Verdict.NORMAL, ReportState.SIGNED)
    assert told["e0"].verdict is None
    found = history.search(
        HistoryQuery(withheld_from="rad", text="clear", verdict=Verdict.ABNORMAL)
    )
    assert [row.exam_id for row in found.rows] == ["e1"]


def test_a_deleted_exam_is_not_signed(database: Database) -> None:
    SqliteHistory(database).add_all([(an_exam("e1"), an_event())])
    SqliteReviews(database).add(said(), an_event())
    SqliteDeletions(database).note(Deletion("e1", "admin", NOON, "wrong"), an_event())
    with pytest.raises(InvalidRequest):
        SqliteSignatures(database).sign(SIGNED, an_event())


INSERT = (
    "INSERT INTO reviews (exam_seq, audit_seq, time, user, verdict, agreement, text, kind)"
    " SELECT 1, max(audit.seq), '', 'x', '{}', 'agree', '', '{}' FROM audit"
)


@pytest.mark.parametrize(
    "deed",
    [
        "UPDATE signatures SET user = 'x'",
        "DELETE FROM signatures",
        "UPDATE reviews SET text = 'x'",
        INSERT.format("normal", "review"),
        INSERT.format("abnormal", "addendum"),
    ],
)
def test_the_database_itself_keeps_what_was_signed(database: Database, deed: str) -> None:
    SqliteHistory(database).add_all([(an_exam("e1"), an_event())])
    SqliteReviews(database).add(said(), an_event())
    SqliteSignatures(database).sign(SIGNED, an_event())
    with pytest.raises((sqlite.Error, sqlite3.Error, StorageUnavailable)), database.write() as db:
        db.execute(deed)
    assert SqliteHistory(database).signature("e1") == SIGNED
    assert len(SqliteReviews(database).of("e1")) == 1
    with database.write() as db:  # it is the lock that refused, nothing else
        db.execute(INSERT.format("normal", "addendum"))


def test_lists_are_sorted_by_what_readers_said_and_by_how_far_the_report_is(
    stores: Stores,
) -> None:
    history, reviews, signatures = stores
    history.add_all([(an_exam("e3", time=NOON + timedelta(minutes=3)), an_event())])
    for exam_id, agreement in (("e2", Agreement.AGREE), ("e3", Agreement.OPEN)):
        reviews.add(replace(said(), exam_id=exam_id, agreement=agreement), an_event())
    signatures.sign(SIGNED, an_event())
    signatures.sign(replace(SIGNED, exam_id="e2"), an_event())
    reviews.add(replace(said(ReviewKind.ADDENDUM), exam_id="e2"), an_event())

    def order(**asked: object) -> list[str]:
        page = history.search(HistoryQuery(descending=False, **asked))  # type: ignore[arg-type]  # checked by the call
        return [row.exam_id for row in page.rows]

    assert order(sort="report") == ["e0", "e3", "e1", "e2"]
    assert order(sort="review") == ["e0", "e3", "e1", "e2"]
    assert order(sort="review", user="amina", after="e3") == ["e1", "e2"]
    assert order(sort="report", signed=True) == ["e1", "e2"]
    assert order(sort="report", text="doe", after="e0") == ["e3", "e1", "e2"]
    assert order(sort="review", withheld_from="nobody") == ["e0", "e3", "e1", "e2"]
    reviews.add(replace(said(), exam_id="e0", agreement=Agreement.AGREE), an_event())
    assert order(sort="review") == ["e0", "e3", "e1", "e2"]
    reviews.add(replace(said(), exam_id="e0"), an_event())
    assert order(sort="review") == ["e3", "e0", "e1", "e2"]
    assert order(sort="report") == ["e0", "e3", "e1", "e2"]
