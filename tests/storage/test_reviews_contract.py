"""One contract for readers' own answers, held by the fake and by the database."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlcipher3 import dbapi2 as sqlite3

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.audit import AuditAction
from cxr_desktop.domain.errors import InvalidRequest, StorageUnavailable
from cxr_desktop.domain.history import HistoryQuery
from cxr_desktop.domain.ports import AuditLog, HistoryStore
from cxr_desktop.domain.review import Agreement, Opinion, Review, ReviewKind, ReviewStore
from cxr_desktop.storage.audit import SqliteAuditLog
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.exams import SqliteHistory
from cxr_desktop.storage.reviews import SqliteReviews
from tests.support.examples import NOON, an_event, an_exam
from tests.support.fakes import MemoryAudit, MemoryHistory, MemoryReviews


@dataclass
class Stores:
    """The three that work together."""

    history: HistoryStore
    reviews: ReviewStore
    audit: AuditLog

    def say(
        self,
        exam_id: str,
        reader: Verdict,
        text: str = "",
        *,
        minutes: int = 0,
        user: str = "rad",
        kind: ReviewKind = ReviewKind.REVIEW,
        opened: datetime | None = None,
        opinion: Opinion | None = None,
    ) -> Review:
        """Store what a reader says of an exam."""
        model = self.history.get(exam_id).assessment.verdict
        time = NOON + timedelta(minutes=minutes)
        agreement = Agreement.of(reader, model)
        review = Review(
            exam_id, user, time, reader, agreement, text, kind, opened, opinion
        )  # fmt: skip
        self.reviews.add(review, an_event(AuditAction.EXAM_REVIEWED, subject=exam_id))
        return review

    def found(self, **query: object) -> list[str]:
        """Return the ids that a search finds, oldest first."""
        page = self.history.search(HistoryQuery(descending=False, **query))  # type: ignore[arg-type]  # checked by the call
        assert page.total == len(page.rows)
        return [row.exam_id for row in page.rows]


@pytest.fixture(params=["memory", "sqlite"])
def stores(request: pytest.FixtureRequest) -> Stores:
    if request.param == "memory":
        audit = MemoryAudit()
        history = MemoryHistory(audit)
        made = Stores(history, MemoryReviews(history), audit)
    else:
        database: Database = request.getfixturevalue("database")
        made = Stores(SqliteHistory(database), SqliteReviews(database), SqliteAuditLog(database))
    for number, (name, probability) in enumerate((("khan", 0.9), ("doe", 0.1), ("mori", 0.5))):
        record = an_exam(
            name, patient_name=name, probability=probability, time=NOON + timedelta(hours=number)
        )
        made.history.add_all([(record, an_event(subject=name))])
    return made


def test_a_review_comes_back_as_it_was_stored(stores: Stores) -> None:
    review = stores.say("khan", Verdict.ABNORMAL, "Effusion left.\n\nحديث")
    assert list(stores.reviews.of("khan")) == [review]
    assert list(stores.reviews.of("doe")) == []
    assert list(stores.reviews.of("nowhere")) == []


def test_the_latest_review_counts_and_older_ones_stay(stores: Stores) -> None:
    first = stores.say("khan", Verdict.NORMAL)
    second = stores.say("khan", Verdict.ABNORMAL, minutes=-5, user="doc")
    assert list(stores.reviews.of("khan")) == [second, first]
    row = stores.history.search(HistoryQuery(text="khan")).rows[0]
    assert (row.reader, row.agreement) == (Verdict.ABNORMAL, Agreement.AGREE)
    assert stores.found(agreement=Agreement.DISAGREE) == []
    assert stores.found(agreement=Agreement.AGREE) == ["khan"]


def test_a_row_without_a_review_says_so(stores: Stores) -> None:
    row = stores.history.search(HistoryQuery(text="doe")).rows[0]
    assert (row.reader, row.agreement) == (None, None)


def test_the_list_is_narrowed_by_agreement(stores: Stores) -> None:
    stores.say("khan", Verdict.NORMAL)
    stores.say("mori", Verdict.NORMAL)
    assert stores.found(agreement=Agreement.DISAGREE) == ["khan"]
    assert stores.found(agreement=Agreement.OPEN) == ["mori"]
    assert stores.found(reviewed=True) == ["khan", "mori"]
    assert stores.found(reviewed=False) == ["doe"]
    assert stores.found(agreement=Agreement.OPEN, text="khan") == []


def test_the_list_is_narrowed_to_what_a_reader_said_something_of(stores: Stores) -> None:
    stores.say("khan", Verdict.NORMAL, user="doc")
    stores.say("khan", Verdict.NORMAL, user="rad")
    stores.say("mori", Verdict.NORMAL, user="rad")
    assert stores.found(read_by="rad") == ["khan", "mori"]
    assert stores.found(read_by="doc") == ["khan"]
    assert stores.found(read_by="doc", text="mori") == []
    assert stores.found(read_by="nobody") == []


def test_words_of_a_review_are_found_with_those_of_the_exam(stores: Stores) -> None:
    stores.say("khan", Verdict.ABNORMAL, "Small effusion")
    stores.say("mori", Verdict.ABNORMAL, "Large effusion; Khan sign")
    assert stores.found(text="effus") == ["khan", "mori"]
    assert stores.found(text="khan") == ["khan", "mori"]
    assert stores.found(text="khan effus") == ["khan", "mori"]
    assert stores.found(text="small khan") == ["khan"]
    assert stores.found(text="effusion doe") == []
    assert stores.found(text="effus", verdict=Verdict.UNCERTAIN) == ["mori"]
    assert stores.found(text="effus", in_reviews=False) == []
    assert stores.found(text="khan", in_reviews=False) == ["khan"]


@pytest.mark.parametrize("text", ['"', "review : x", "effusion) OR (", "*", "\x00", "\ud800", "-"])
def test_no_typed_text_breaks_the_search_of_reviews(stores: Stores, text: str) -> None:
    stores.say("khan", Verdict.ABNORMAL, "Effusion")
    assert stores.history.search(HistoryQuery(text=text)).total in {0, 1, 3}


def test_when_and_why_something_was_said_comes_back(stores: Stores) -> None:
    opened = NOON - timedelta(seconds=34.5)
    first = stores.say("khan", Verdict.NORMAL, kind=ReviewKind.FIRST, opened=opened)
    added = stores.say("khan", Verdict.NORMAL, "more", kind=ReviewKind.ADDENDUM, minutes=1)
    said = stores.say(
        "khan", Verdict.NORMAL, kind=ReviewKind.OPINION, opinion=Opinion.MISSED, minutes=2
    )
    assert list(stores.reviews.of("khan")) == [said, added, first]
    assert first.seconds == 34.5


def test_a_reader_reads_an_exam_first_only_once(stores: Stores) -> None:
    stores.say("khan", Verdict.NORMAL, kind=ReviewKind.FIRST)
    stores.say("doe", Verdict.NORMAL, kind=ReviewKind.FIRST)
    stores.say("khan", Verdict.NORMAL, kind=ReviewKind.FIRST, user="doc")
    with pytest.raises(InvalidRequest):
        stores.say("khan", Verdict.ABNORMAL, kind=ReviewKind.FIRST)
    assert len(stores.reviews.of("khan")) == 2


def test_rows_tell_nothing_of_the_answer_to_whom_it_is_withheld_from(stores: Stores) -> None:
    stores.say("khan", Verdict.ABNORMAL, "effusion", user="doc")
    stores.say("doe", Verdict.NORMAL, "effusion")
    page = stores.history.search(HistoryQuery(withheld_from="rad", descending=False))
    told = [(row.exam_id, row.verdict, row.probability, row.reader) for row in page.rows]
    assert told == [
        ("khan", None, None, None),
        ("doe", Verdict.NORMAL, 0.1, Verdict.NORMAL),
        ("mori", None, None, None),
    ]
    assert [row.agreement for row in page.rows] == [None, Agreement.AGREE, None]
    assert stores.found(withheld_from="rad", text="effusion") == ["doe"]
    assert stores.found(withheld_from="rad", agreement=Agreement.AGREE) == ["doe"]
    assert stores.found(withheld_from="rad", verdict=Verdict.ABNORMAL) == []
    assert stores.found(withheld_from="rad", verdict=Verdict.NORMAL) == ["doe"]
    assert stores.found(withheld_from="rad", reviewed=True) == ["khan", "doe"]


@pytest.mark.parametrize("sort", ["verdict", "probability"])
@pytest.mark.parametrize("text", ["", "film"])
def test_the_order_tells_nothing_of_a_withheld_answer(stores: Stores, sort: str, text: str) -> None:
    stores.say("doe", Verdict.NORMAL)
    assert stores.found(withheld_from="rad", sort=sort, text=text) == ["khan", "mori", "doe"]
    assert stores.found(sort=sort, text=text) == ["doe", "mori", "khan"]


def test_an_unknown_exam_takes_no_review_and_no_event(stores: Stores) -> None:
    before = stores.audit.verify()
    review = Review("nowhere", "rad", NOON, Verdict.NORMAL, Agreement.AGREE)
    with pytest.raises(InvalidRequest):
        stores.reviews.add(review, an_event(AuditAction.EXAM_REVIEWED))
    assert stores.audit.verify() == before


def test_review_and_event_are_stored_together(stores: Stores) -> None:
    stores.say("khan", Verdict.NORMAL)
    assert stores.audit.events(limit=1)[0].action is AuditAction.EXAM_REVIEWED
    assert stores.audit.verify() == 4


def test_the_exam_stays_as_it_was_answered(stores: Stores) -> None:
    stores.say("khan", Verdict.NORMAL, "No opacity")
    assert stores.history.get("khan").assessment.verdict is Verdict.ABNORMAL


@pytest.mark.parametrize("deed", ["UPDATE reviews SET verdict = 'normal'", "DELETE FROM reviews"])
def test_a_review_in_the_database_is_written_once(database: Database, deed: str) -> None:
    history = SqliteHistory(database)
    history.add_all([(an_exam("khan"), an_event(subject="khan"))])
    stores = Stores(history, SqliteReviews(database), SqliteAuditLog(database))
    stores.say("khan", Verdict.ABNORMAL)
    with pytest.raises((sqlite3.Error, StorageUnavailable)), database.write() as db:
        db.execute(deed)
    assert stores.reviews.of("khan")[0].verdict is Verdict.ABNORMAL
