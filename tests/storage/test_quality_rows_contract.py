"""One contract for the counts of quality reports, held by the fake and by the database."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest

from cxr_desktop.domain.assessment import ModelRef, Verdict
from cxr_desktop.domain.ports import HistoryStore
from cxr_desktop.domain.quality_rows import QualityCount, QualityRows
from cxr_desktop.domain.review import Agreement, Review, ReviewKind, ReviewStore
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.exams import SqliteHistory
from cxr_desktop.storage.quality_rows import SqliteQualityRows
from cxr_desktop.storage.reviews import SqliteReviews
from tests.support.examples import NOON, an_event, an_exam
from tests.support.fakes import MemoryHistory, MemoryQualityRows, MemoryReviews

DAY = timedelta(days=1)
WHEN = (NOON, NOON + DAY)


@dataclass
class Stores:
    history: HistoryStore
    reviews: ReviewStore
    rows: QualityRows

    def review(self, exam_id: str, said: Verdict, model: Verdict) -> None:
        self.reviews.add(Review(exam_id, "rad", NOON, said, Agreement.of(said, model)), an_event())


@pytest.fixture(params=["memory", "sqlite"])
def stores(request: pytest.FixtureRequest) -> Stores:
    if request.param == "memory":
        history = MemoryHistory()
        return Stores(history, MemoryReviews(history), MemoryQualityRows(history))
    database: Database = request.getfixturevalue("database")
    return Stores(SqliteHistory(database), SqliteReviews(database), SqliteQualityRows(database))


def test_only_exams_of_that_time_count_its_first_moment_included(stores: Stores) -> None:
    for number, time in enumerate([NOON + DAY, NOON, NOON, NOON - DAY, NOON + DAY / 2]):
        stores.history.add_all([(an_exam(f"e{number}", time=time), an_event())])
    assert sum(count.exams for count in stores.rows.counts(*WHEN)) == 3
    assert sum(count.films for count in stores.rows.scores(*WHEN)) == 3
    assert list(stores.rows.milliseconds(*WHEN)) == [105.875] * 3


def test_readings_are_timed_apart_from_addenda_and_those_without_a_beginning(
    stores: Stores,
) -> None:
    stores.history.add_all([(an_exam("e1"), an_event())])
    stores.history.add_all([(an_exam("later", time=NOON + DAY), an_event())])
    plain = Review("e1", "rad", NOON, Verdict.NORMAL, Agreement.AGREE)
    opened = NOON - timedelta(seconds=40)
    for said in (
        plain,
        replace(plain, user="a", opened=opened),
        replace(plain, user="b", opened=opened - timedelta(seconds=20), kind=ReviewKind.FIRST),
        replace(plain, user="b", opened=opened, kind=ReviewKind.ADDENDUM, text="more"),
        replace(plain, exam_id="later", opened=opened),
    ):
        stores.reviews.add(said, an_event())
    assert sorted(stores.rows.reading_seconds(*WHEN)) == [(False, 40.0), (True, 60.0)]


def test_a_count_says_what_reports_need_and_the_latest_review_counts(stores: Stores) -> None:
    stores.history.add_all([(an_exam("e1", probability=0.9), an_event())])
    for said in (Verdict.ABNORMAL, Verdict.NORMAL):
        stores.review("e1", said, Verdict.ABNORMAL)
    (count,) = stores.rows.counts(*WHEN)
    assert (count.model, count.verdict, count.exams) == (
        "yolov5x-cls-cxr 1.0",
        Verdict.ABNORMAL,
        1,
    )
    assert count.reader is Verdict.NORMAL
    assert (count.sex, count.view_position, count.years) == ("F", "PA", 56)
    assert count.manufacturer == "Maker"


@pytest.mark.parametrize(
    ("age", "born", "taken", "years"),
    [
        ("018M", None, None, 1),
        ("", date(2000, 3, 2), date(2026, 3, 1), 25),
        ("", date(2000, 3, 1), date(2026, 3, 1), 26),
        ("", date(2030, 1, 1), date(2026, 3, 1), None),
        ("", None, date(2026, 3, 1), None),
        ("56", date(2000, 3, 2), date(2026, 3, 1), 25),
        ("56", None, None, None),
    ],
)
def test_the_age_is_that_of_the_tag_or_follows_from_the_dates(
    stores: Stores, age: str, born: date | None, taken: date | None, years: int | None
) -> None:
    exam = an_exam("e1")
    study = replace(exam.study, age=age, birth_date=born, study_date=taken)
    stores.history.add_all([(replace(exam, study=study), an_event())])
    (count,) = stores.rows.counts(*WHEN)
    assert count.years == years


def test_contradictions_come_in_the_order_of_their_time_up_to_a_limit(stores: Stores) -> None:
    for number in range(4):
        time = NOON + timedelta(hours=4 - number)
        stores.history.add_all([(an_exam(f"e{number}", time=time, probability=0.9), an_event())])
    stores.history.add_all([(an_exam("n", probability=0.01), an_event())])
    for exam_id in ("e0", "e1", "e2"):
        stores.review(exam_id, Verdict.NORMAL, Verdict.ABNORMAL)
    stores.review("e3", Verdict.ABNORMAL, Verdict.ABNORMAL)
    stores.review("n", Verdict.ABNORMAL, Verdict.NORMAL)
    found = stores.rows.contradicted(*WHEN, Verdict.ABNORMAL, 2)
    assert [(one.exam_id, one.time, one.probability) for one in found] == [
        ("e2", NOON + timedelta(hours=2), 0.9),
        ("e1", NOON + timedelta(hours=3), 0.9),
    ]
    (missed,) = stores.rows.contradicted(*WHEN, Verdict.NORMAL, 9)
    assert missed.exam_id == "n"


def test_scores_are_counted_by_tenths_the_latest_film_last(stores: Stores) -> None:
    old, new = ModelRef("old", "1.0", "0" * 64), ModelRef("new", "2.0", "1" * 64)
    scores = ((0.05, old, 5), (0.1, old, 1), (0.19, new, 9), (1.0, new, 2), (0.19, old, 8))
    for number, (score, model, hours) in enumerate(scores):
        exam = an_exam(f"e{number}", time=NOON + timedelta(hours=hours), probability=score)
        answer = replace(exam.assessment, model=model)
        stores.history.add_all([(replace(exam, assessment=answer), an_event())])
    counted = stores.rows.scores(*WHEN)
    by_tenth: dict[tuple[str, int], int] = {}
    for count in counted:
        place = count.model, min(int(count.lowest * 10), 9)
        by_tenth[place] = by_tenth.get(place, 0) + count.films
    assert by_tenth == {("old 1.0", 0): 1, ("old 1.0", 1): 2, ("new 2.0", 1): 1, ("new 2.0", 9): 1}
    assert counted[-1].model == "new 2.0"


def test_the_database_counts_what_is_alike_together(database: Database) -> None:
    history, rows = SqliteHistory(database), SqliteQualityRows(database)
    for number in range(5):
        history.add_all([(an_exam(f"e{number}", probability=0.9), an_event())])
    history.add_all([(an_exam("other", probability=0.01), an_event())])
    counts = rows.counts(*WHEN)
    assert sorted(count.exams for count in counts) == [1, 5]
    assert all(isinstance(count, QualityCount) for count in counts)
