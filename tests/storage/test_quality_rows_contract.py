"""One contract for the rows of quality reports, held by the fake and by the database."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.ports import HistoryStore
from cxr_desktop.domain.quality_rows import QualityRow, QualityRows
from cxr_desktop.domain.review import Agreement, Review, ReviewStore
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.exams import SqliteHistory
from cxr_desktop.storage.quality_rows import SqliteQualityRows
from cxr_desktop.storage.reviews import SqliteReviews
from tests.support.examples import NOON, an_event, an_exam
from tests.support.fakes import MemoryHistory, MemoryQualityRows, MemoryReviews

DAY = timedelta(days=1)


@dataclass
class Stores:
    history: HistoryStore
    reviews: ReviewStore
    rows: QualityRows


@pytest.fixture(params=["memory", "sqlite"])
def stores(request: pytest.FixtureRequest) -> Stores:
    if request.param == "memory":
        history = MemoryHistory()
        return Stores(history, MemoryReviews(history), MemoryQualityRows(history))
    database: Database = request.getfixturevalue("database")
    return Stores(SqliteHistory(database), SqliteReviews(database), SqliteQualityRows(database))


def test_rows_of_a_time_come_in_its_order_page_by_page(stores: Stores) -> None:
    times = [NOON + DAY, NOON, NOON, NOON - DAY, NOON + 2 * DAY]
    for number, time in enumerate(times):
        stores.history.add(an_exam(f"e{number}", time=time), an_event())
    found: list[QualityRow] = []
    while page := stores.rows.page(NOON, NOON + 2 * DAY, found[-1] if found else None, 2):
        found += page
    assert [row.exam_id for row in found] == ["e1", "e2", "e0"]


def test_a_row_says_what_reports_need_and_the_latest_review_counts(stores: Stores) -> None:
    stores.history.add(an_exam("e1", probability=0.9), an_event())
    for said in (Verdict.ABNORMAL, Verdict.NORMAL):
        review = Review("e1", "rad", NOON, said, Agreement.of(said, Verdict.ABNORMAL))
        stores.reviews.add(review, an_event())
    (row,) = stores.rows.page(NOON, NOON + DAY, None, 10)
    assert (row.model, row.verdict, row.probability) == (
        "yolov5x-cls-cxr 1.0",
        Verdict.ABNORMAL,
        0.9,
    )
    assert row.reader is Verdict.NORMAL
    assert (row.sex, row.view_position, row.years) == ("F", "PA", 56)
    assert (row.manufacturer, row.milliseconds) == ("Maker", 105.875)


@pytest.mark.parametrize(
    ("age", "born", "taken", "years"),
    [
        ("018M", None, None, 1),
        ("", date(2000, 3, 2), date(2026, 3, 1), 25),
        ("", date(2030, 1, 1), date(2026, 3, 1), None),
        ("56", None, None, None),
    ],
)
def test_the_age_is_that_of_the_tag_or_follows_from_the_dates(
    stores: Stores, age: str, born: date | None, taken: date | None, years: int | None
) -> None:
    exam = an_exam("e1")
    study = replace(exam.study, age=age, birth_date=born, study_date=taken)
    stores.history.add(replace(exam, study=study), an_event())
    (row,) = stores.rows.page(NOON, NOON + DAY, None, 10)
    assert row.years == years
