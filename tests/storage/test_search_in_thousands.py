"""The search of the database against a plain reading of all exams."""

import functools
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.errors import InvalidRequest
from cxr_desktop.domain.history import ExamRecord, HistoryQuery, SortKey
from cxr_desktop.domain.review import Agreement, Review
from cxr_desktop.services.history_pages import every_page
from cxr_desktop.storage import history_words
from cxr_desktop.storage.audit import append_event
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.exams import SqliteHistory, insert_exam
from cxr_desktop.storage.history_orders import INDEXES
from cxr_desktop.storage.reviews import insert_review
from tests.support.examples import NOON, an_event, an_exam
from tests.support.fakes import MemoryHistory

COUNT = 1200
NAMES = (
    "Doe^Jane",
    "Müller^Jürgen",
    "Nguyễn^Thị Hà",
    "محمد علی",
    "فاطمہ بی بی",
    "أحمد حسن",
    "王小明",
    "山田^太郎",
    "Иванов^Пётр",
    "Παπαδόπουλος^Γιώργος",
    "राम कुमार",
    "O'Brien^Seán",
    "İnan^Şükrü",
)


def found_by(record: ExamRecord) -> tuple[str, ...]:
    study = record.study
    return study.patient_name, study.patient_id, study.accession_number, record.film.file_name


@pytest.fixture(scope="module", params=[history_words.MANY, 1], ids=["looked up", "held"])
def histories(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[SqliteHistory, MemoryHistory]]:
    database = Database.open(tmp_path_factory.mktemp("many") / "history.sqlite3")
    memory, chance = MemoryHistory(), random.Random(7)
    with database.write() as db:
        for number in range(COUNT):
            record = an_exam(
                f"e{number}",
                time=NOON + timedelta(minutes=chance.randrange(60 * 24 * 400)),
                user=chance.choice(("amina", "bilal", "chen")),
                patient_name=chance.choice(NAMES),
                patient_id=f"P{chance.randrange(2000):05d}",
                accession_number=f"{chance.randrange(10**8):08d}",
                file_name=f"IM_{number:06d}.dcm",
                probability=chance.randrange(101) / 100,
                heat_map=False,
            )
            insert_exam(db, record, append_event(db, an_event(subject=record.exam_id)))
            memory.records.append(record)
            for which in range(chance.choice((0, 0, 1, 2))):
                said = chance.choice((Verdict.NORMAL, Verdict.ABNORMAL))
                text = chance.choice(("small effusion", "opacity, nodule", ""))
                review = Review(
                    record.exam_id,
                    ("rad", "other")[which],
                    NOON,
                    said,
                    Agreement.of(said, record.assessment.verdict),
                    text,
                )
                texts = (number + 1, *found_by(record))
                insert_review(db, review, texts, append_event(db, an_event()))
                memory.reviews.append(review)
    # Each question is asked of it several times.
    memory.search = functools.cache(memory.search)  # type: ignore[method-assign]  # only quicker
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(history_words, "MANY", request.param)
        yield SqliteHistory(database), memory


QUERIES = [
    HistoryQuery(),
    HistoryQuery(text="eff"),
    HistoryQuery(text="op", sort="review", withheld_from="rad"),
    HistoryQuery(text="p0 mull"),
    HistoryQuery(text="im op"),
    HistoryQuery(text="effusi small", sort="patient"),
    HistoryQuery(text="o", sort="probability", withheld_from="rad"),
    HistoryQuery(text="mull opacity", offset=10),
    HistoryQuery(text="opacity nod", verdict=Verdict.NORMAL, withheld_from="rad"),
    HistoryQuery(text="opacity", in_reviews=False),
    HistoryQuery(text="mull"),
    HistoryQuery(text="MÜLL"),
    HistoryQuery(text="ha nguyen"),
    HistoryQuery(text="محمد"),
    HistoryQuery(text="王"),
    HistoryQuery(text="иван пе"),
    HistoryQuery(text="ΠΑΠ"),
    HistoryQuery(text="im 0001"),
    HistoryQuery(text="p00", verdict=Verdict.UNCERTAIN, sort="patient", descending=False),
    HistoryQuery(text="1", user="chen", sort="probability", limit=50, offset=20),
    HistoryQuery(sort="patient", descending=False, limit=30, offset=800),
    HistoryQuery(sort="verdict", limit=40, offset=500),
    HistoryQuery(sort="user", descending=False, limit=40, offset=490),
    HistoryQuery(sort="probability", limit=100),
    HistoryQuery(first_day=date(2026, 6, 1), last_day=date(2026, 6, 30)),
    HistoryQuery(first_day=date(2026, 6, 1), verdict=Verdict.ABNORMAL, user="amina", text="doe"),
    HistoryQuery(text="nothing-like-this"),
    HistoryQuery(text="im", limit=COUNT),
    HistoryQuery(text="im", sort="patient", descending=False, offset=100),
    HistoryQuery(text="im", sort="verdict", offset=800),
    HistoryQuery(text="im", sort="probability", verdict=Verdict.NORMAL),
    HistoryQuery(text="im", sort="user", first_day=date(2026, 6, 1)),
    HistoryQuery(exam_ids=("e5", "e17", "e1199", "nobody")),
    HistoryQuery(exam_ids=("e5", "e17", "e18"), text="im", sort="patient", offset=1),
    HistoryQuery(exam_ids=()),
    HistoryQuery(offset=COUNT - 5),
    HistoryQuery(offset=COUNT + 5),
]


@pytest.mark.parametrize("query", QUERIES, ids=repr)
def test_the_database_finds_what_a_plain_reading_finds(
    histories: tuple[SqliteHistory, MemoryHistory], query: HistoryQuery
) -> None:
    sqlite, memory = histories
    assert sqlite.search(query) == memory.search(query)


@pytest.mark.parametrize("sort", INDEXES)
@pytest.mark.parametrize("descending", [True, False])
@pytest.mark.parametrize("withheld_from", ["", "rad"])
@pytest.mark.parametrize("text", ["", "im", "im 00 opac", "o"])
def test_page_after_page_gives_every_exam_once_in_the_order_asked_for(
    histories: tuple[SqliteHistory, MemoryHistory],
    sort: SortKey,
    descending: bool,
    withheld_from: str,
    text: str,
) -> None:
    sqlite, memory = histories
    query = HistoryQuery(
        text=text, sort=sort, descending=descending, withheld_from=withheld_from, limit=COUNT
    )
    exact = memory.search(query)
    pages = list(every_page(sqlite.search, query, 300))
    assert tuple(row for page in pages for row in page.rows) == exact.rows
    assert {page.total for page in pages} == {exact.total}
    half = sqlite.search(replace(query, offset=exact.total * 2 // 3, limit=50))
    assert half.rows == exact.rows[exact.total * 2 // 3 :][:50]


def test_after_no_exam_there_is_nothing_to_list(
    histories: tuple[SqliteHistory, MemoryHistory],
) -> None:
    with pytest.raises(InvalidRequest):
        histories[0].search(HistoryQuery(after="nobody"))


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("احمد", "أحمد حسن"),  # without hamza
        ("محمد على", "محمد علی"),  # Arabic alef maksura for Persian yeh
        ("فاطمه", "فاطمہ بی بی"),  # Arabic heh for Urdu heh goal
        ("小明", "王小明"),  # a given name inside
        ("明 王", "王小明"),
        ("太", "山田^太郎"),
        ("कुमार", "राम कुमार"),
        ("obrien", "O'Brien^Seán"),
        ("o'b sean", "O'Brien^Seán"),
        ("inan sukru", "İnan^Şükrü"),
        ("INAN", "İnan^Şükrü"),
        ("nguyen^thi", "Nguyễn^Thị Hà"),
    ],
)
def test_names_are_found_as_people_type_them(
    histories: tuple[SqliteHistory, MemoryHistory], typed: str, name: str
) -> None:
    sqlite, memory = histories
    page = sqlite.search(HistoryQuery(text=typed, limit=COUNT))
    assert {row.patient_name for row in page.rows} == {name}
    assert page.total == sum(record.study.patient_name == name for record in memory.records)


def test_digits_of_every_script_are_the_same(database: Database) -> None:
    history = SqliteHistory(database)
    history.add_all([(an_exam(patient_id="٤٢-١٧"), an_event())])
    assert history.search(HistoryQuery(text="42")).total == 1
    assert history.search(HistoryQuery(text="۱۷")).total == 1


def test_joined_words_are_one_word_with_or_without_the_joiner(database: Database) -> None:
    history = SqliteHistory(database)
    history.add_all([(an_exam(file_name="علی\u200cرضا.png"), an_event())])
    assert history.search(HistoryQuery(text="علیرضا")).total == 1


def test_a_clock_that_is_set_back_leaves_the_list_in_the_order_of_time(database: Database) -> None:
    history = SqliteHistory(database)
    for minutes in (0, 1, 5, 2, 3, 6, 4, 7):
        history.add_all(
            [(an_exam(f"e{minutes}", time=NOON + timedelta(minutes=minutes)), an_event())]
        )
    page = history.search(HistoryQuery(text="doe"))
    assert [row.exam_id for row in page.rows] == [f"e{n}" for n in range(7, -1, -1)]
    page = history.search(HistoryQuery(text="doe", limit=3, offset=2))
    assert [row.exam_id for row in page.rows] == ["e5", "e4", "e3"]
