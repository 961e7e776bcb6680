"""One contract for the History, held by the fake and by the database."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import pytest

from cxr_desktop.domain.assessment import HeatMap, LabelScore, Verdict
from cxr_desktop.domain.errors import InvalidRequest
from cxr_desktop.domain.history import ExamRecord, HistoryQuery, SortKey
from cxr_desktop.domain.model_input import FilmRegion
from cxr_desktop.domain.ports import AuditLog, HistoryStore
from cxr_desktop.domain.radiograph import StudyInfo
from cxr_desktop.storage.audit import SqliteAuditLog
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.exams import SqliteHistory
from tests.support.examples import NOON, an_event, an_exam
from tests.support.fakes import MemoryAudit, MemoryHistory

Stores = tuple[HistoryStore, AuditLog]


@pytest.fixture(params=["memory", "sqlite"])
def stores(request: pytest.FixtureRequest) -> Stores:
    if request.param == "memory":
        audit = MemoryAudit()
        return MemoryHistory(audit), audit
    database: Database = request.getfixturevalue("database")
    return SqliteHistory(database), SqliteAuditLog(database)


@pytest.fixture
def history(stores: Stores) -> HistoryStore:
    return stores[0]


def assert_same(got: ExamRecord, expected: ExamRecord) -> None:
    maps = (got.assessment.heat_map, expected.assessment.heat_map)
    without = [
        replace(record, assessment=replace(record.assessment, heat_map=None))
        for record in (got, expected)
    ]
    assert without[0] == without[1]
    assert (maps[0] is None) == (maps[1] is None)
    if maps[0] is not None and maps[1] is not None:
        assert maps[0].region == maps[1].region
        assert maps[0].values.tobytes() == maps[1].values.tobytes()
        assert maps[0].values.shape == maps[1].values.shape


def add(history: HistoryStore, *records: ExamRecord) -> None:
    for record in records:
        history.add_all([(record, an_event(subject=record.exam_id))])


def found(history: HistoryStore, **query: object) -> list[str]:
    page = history.search(HistoryQuery(**query))  # type: ignore[arg-type]  # checked by the call
    assert page.total == len(page.rows)
    return [row.exam_id for row in page.rows]


def test_an_exam_comes_back_as_it_was_stored(history: HistoryStore) -> None:
    add(history, an_exam())
    assert_same(history.get("e1"), an_exam())


def test_an_exam_without_map_or_study_comes_back(history: HistoryStore) -> None:
    record = replace(an_exam(heat_map=False), study=StudyInfo(), cautions=())
    add(history, record)
    assert_same(history.get("e1"), record)


def test_numbers_come_back_to_the_last_bit(history: HistoryStore) -> None:
    tenth = 0.1 + 0.2 - 0.2
    odd = np.array([[-0.0, 1e-45, 3.4e38], [1 / 3, -1 / 7, 0.0]], dtype=np.float32)
    base = an_exam()
    record = replace(
        base,
        time=datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC),
        assessment=replace(
            base.assessment,
            scores=(LabelScore("abnormal", tenth), LabelScore("normal", 1 - tenth)),
            verdict=Verdict.NORMAL,
            heat_map=HeatMap(odd, FilmRegion(3, 0, 900, 901)),
        ),
    )
    add(history, record)
    assert_same(history.get("e1"), record)


def test_a_time_of_another_zone_is_the_same_moment(history: HistoryStore) -> None:
    nepal = timezone(timedelta(hours=5, minutes=45))
    record = an_exam(time=datetime(2026, 3, 2, 2, 0, tzinfo=nepal))
    add(history, record)
    assert history.get("e1").time == record.time
    assert found(history, first_day=date(2026, 3, 1), last_day=date(2026, 3, 1)) == ["e1"]


def test_several_exams_are_stored_in_their_order_with_their_events(stores: Stores) -> None:
    history, audit = stores
    exams = [an_exam(f"e{n}", film=bytes([n])) for n in range(3)]
    history.add_all([(exam, an_event(subject=exam.exam_id)) for exam in exams])
    for exam in exams:
        assert_same(history.get(exam.exam_id), exam)
    assert [event.subject for event in audit.events()] == ["e2", "e1", "e0"]
    assert audit.verify() == 3


def test_of_several_exams_all_are_stored_or_none(stores: Stores) -> None:
    history, audit = stores
    add(history, an_exam("e1"))
    again = [(an_exam(name), an_event(subject=name)) for name in ("e0", "e1")]
    with pytest.raises(Exception, match=r"(?i)unique|stored already"):
        history.add_all(again)
    with pytest.raises(InvalidRequest):
        history.get("e0")
    assert audit.verify() == 1


def test_an_unknown_exam_is_refused(history: HistoryStore) -> None:
    with pytest.raises(InvalidRequest):
        history.get("nowhere")


def test_exam_and_event_are_stored_together(stores: Stores) -> None:
    history, audit = stores
    add(history, an_exam())
    assert [event.subject for event in audit.events()] == ["e1"]
    assert audit.verify() == 1


def test_neither_exam_nor_event_is_stored_when_the_id_is_taken(stores: Stores) -> None:
    history, audit = stores
    add(history, an_exam())
    with pytest.raises(Exception, match="exam"):
        add(history, an_exam(patient_name="Other^Person"))
    assert audit.verify() == 1
    assert history.search(HistoryQuery()).total == 1
    assert history.get("e1").study.patient_name == "Doe^Jane"


def test_one_film_may_have_many_exams(history: HistoryStore) -> None:
    add(history, an_exam("e1", file_name="a.png"), an_exam("e2", file_name="b.png"))
    assert history.get("e1").film.file_name == "a.png"
    assert history.get("e2").film.file_name == "b.png"


def test_the_latest_exam_of_a_film_is_found_with_this_model_or_any(history: HistoryStore) -> None:
    mine, others = an_exam(exam_id="a", user="doc"), an_exam(exam_id="b", user="amina")
    other = replace(mine.assessment.model, version="0.0.1")
    others = replace(others, assessment=replace(others.assessment, model=other))
    add(history, mine, others)
    film, model = mine.film.sha256, mine.assessment.model
    assert history.answered(film, model) == mine.exam_id
    assert history.answered(film, None) == others.exam_id
    assert history.answered(film, None, "doc") == mine.exam_id
    assert not history.answered("0" * 64, None)


def test_an_empty_history_is_an_empty_page(history: HistoryStore) -> None:
    assert found(history) == []


def test_a_row_says_what_the_exam_says(history: HistoryStore) -> None:
    add(history, an_exam())
    (row,) = history.search(HistoryQuery()).rows
    record = an_exam()
    assert (row.time, row.user, row.verdict) == (NOON, "amina", Verdict.ABNORMAL)
    assert (row.patient_name, row.patient_id) == ("Doe^Jane", "P-1")
    assert (row.file_name, row.film_sha256) == ("film.dcm", record.film.sha256)
    assert (row.model_id, row.model_version) == ("yolov5x-cls-cxr", "1.0")
    assert row.probability == record.assessment.probability


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("doe", ["doe"]),
        ("DO", ["doe"]),
        ("ja do", ["doe"]),
        ("oe", []),
        ("doe nobody", []),
        ("munoz", ["munoz"]),
        ("Muñoz", ["munoz"]),
        ("jose", ["munoz"]),
        ("محمد", ["arabic"]),
        ("محم", ["arabic"]),
        ("王", ["chinese"]),
        ("王小明", ["chinese"]),
        ("77", ["munoz"]),
        ("acc", ["doe", "munoz", "arabic", "chinese"]),
        ("chest_pa", ["doe"]),
        ("", ["doe", "munoz", "arabic", "chinese"]),
        ("   ", ["doe", "munoz", "arabic", "chinese"]),
    ],
)
def test_words_are_found_by_their_beginnings(
    history: HistoryStore, text: str, expected: list[str]
) -> None:
    people = {
        "doe": ("Doe^Jane", "P-1", "chest_pa.dcm"),
        "munoz": ("Muñoz^José", "77-12", "x.png"),
        "arabic": ("محمد أحمد", "P-2", "y.png"),
        "chinese": ("王小明", "P-3", "z.png"),
    }
    for number, (exam_id, (name, patient_id, file_name)) in enumerate(people.items()):
        record = an_exam(
            exam_id,
            time=NOON + timedelta(minutes=number),
            patient_name=name,
            patient_id=patient_id,
            accession_number=f"Acc{number}",
            file_name=file_name,
        )
        add(history, record)
    assert found(history, text=text, descending=False) == expected


@pytest.mark.parametrize(
    "text",
    [
        '"',
        '""',
        '"doe',
        "doe*",
        "doe OR NOT",
        "NEAR(a b, 2)",
        "patient_name:doe",
        "^doe",
        "-doe +jane",
        "'; DROP TABLE exams; --",
        "{a b} : c",
        "\\",
        "%_",
        "\x00",
        "\ud800",
        "AND",
        "(",
        "doe " * 5000,
        "a" * 100_000,
    ],
)
def test_no_typed_text_breaks_the_search(history: HistoryStore, text: str) -> None:
    add(history, an_exam())
    assert history.search(HistoryQuery(text=text)).total in {0, 1}
    assert found(history, text="doe") == ["e1"]


def test_verdict_user_and_days_narrow_the_list(history: HistoryStore) -> None:
    add(
        history,
        an_exam("a", probability=0.1, user="amina"),
        an_exam("b", probability=0.5, user="amina", time=NOON + timedelta(days=1)),
        an_exam("c", probability=0.9, user="bilal", time=NOON + timedelta(days=2)),
        an_exam("d", probability=0.9, user="amina", time=NOON + timedelta(days=3)),
    )
    assert found(history, verdict=Verdict.ABNORMAL) == ["d", "c"]
    assert found(history, verdict=Verdict.REFUSED) == []
    assert found(history, user="amina") == ["d", "b", "a"]
    assert found(history, first_day=date(2026, 3, 2)) == ["d", "c", "b"]
    assert found(history, last_day=date(2026, 3, 2)) == ["b", "a"]
    assert found(history, first_day=date(2026, 3, 2), last_day=date(2026, 3, 3)) == ["c", "b"]
    assert found(history, user="amina", verdict=Verdict.ABNORMAL, text="doe") == ["d"]
    assert found(history, first_day=date.min, last_day=date.max) == ["d", "c", "b", "a"]


def test_a_day_begins_and_ends_at_midnight_utc(history: HistoryStore) -> None:
    midnight = datetime(2026, 3, 2, tzinfo=UTC)
    moment = timedelta(microseconds=1)
    add(history, an_exam("before", time=midnight - moment), an_exam("at", time=midnight))
    assert found(history, last_day=date(2026, 3, 1)) == ["before"]
    assert found(history, first_day=date(2026, 3, 2)) == ["at"]


def test_moments_of_another_time_zone_bound_the_list(history: HistoryStore) -> None:
    karachi = timezone(timedelta(hours=5))
    midnight = datetime(2026, 3, 2, tzinfo=karachi)
    moment = timedelta(microseconds=1)
    add(
        history,
        an_exam("yesterday", time=(midnight - moment).astimezone(UTC)),
        an_exam("first", time=midnight.astimezone(UTC)),
        an_exam("next", time=(midnight + timedelta(days=1)).astimezone(UTC)),
    )
    assert found(history, since=midnight, before=midnight + timedelta(days=1)) == ["first"]
    assert found(history, since=midnight) == ["next", "first"]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("time", ["a", "b", "c", "d"]),
        ("patient", ["d", "b", "a", "c"]),
        ("verdict", ["c", "b", "a", "d"]),
        ("probability", ["c", "b", "d", "a"]),
        ("user", ["a", "c", "d", "b"]),
        ("patient_id", ["c", "a", "d", "b"]),
        ("file", ["d", "a", "b", "c"]),
        ("model", ["b", "c", "a", "d"]),
    ],
)
def test_the_list_is_sorted_both_ways(
    history: HistoryStore, sort: SortKey, expected: list[str]
) -> None:
    people = (
        ("a", "Mori", 0.95, "amina", "P-2", "b.dcm", "2.0"),
        ("b", "élan", 0.5, "bilal", "P-9", "b.dcm", "1.0"),
        ("c", "Zed", 0.1, "amina", "P-1", "c.dcm", "1.0"),
        ("d", "adam", 0.9, "amina", "P-2", "a.dcm", "2.0"),
    )
    for number, (exam_id, name, probability, user, patient_id, file, version) in enumerate(people):
        record = an_exam(
            exam_id,
            patient_name=name,
            probability=probability,
            user=user,
            time=NOON + timedelta(hours=number),
            patient_id=patient_id,
            file_name=file,
        )
        answer = record.assessment
        model = replace(answer.model, version=version)
        add(history, replace(record, assessment=replace(answer, model=model)))
    assert found(history, sort=sort, descending=False) == expected
    assert found(history, sort=sort, descending=True) == expected[::-1]


def test_the_list_is_narrowed_to_a_model(history: HistoryStore) -> None:
    record = an_exam("new")
    model = replace(record.assessment.model, version="2.0")
    newer = replace(record, assessment=replace(record.assessment, model=model))
    add(history, an_exam("old"), newer)
    assert found(history, model="yolov5x-cls-cxr 1.0") == ["old"]
    assert found(history, model="yolov5x-cls-cxr 2.0") == ["new"]
    assert found(history, model="yolov5x-cls-cxr") == []
    assert found(history, model="nothing 1.0", text="doe") == []
    assert found(history, model="yolov5x-cls-cxr 1.0", text="doe") == ["old"]


def test_pages_join_without_gap_or_overlap(history: HistoryStore) -> None:
    add(history, *(an_exam(f"e{number}") for number in range(7)))
    pages = [history.search(HistoryQuery(offset=start, limit=3)) for start in (0, 3, 6, 9)]
    assert [page.total for page in pages] == [7, 7, 7, 7]
    ids = [row.exam_id for page in pages for row in page.rows]
    assert ids == [f"e{number}" for number in range(6, -1, -1)]
    assert history.search(HistoryQuery(limit=0)).rows == ()
