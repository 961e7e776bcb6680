"""Letters inside words, against a plain look at every word of every exam."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxr_desktop.domain.history import ExamRecord, HistoryQuery
from cxr_desktop.storage.audit import append_event
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.exams import SqliteHistory, insert_exam
from cxr_desktop.storage.migrations import MIGRATIONS
from cxr_desktop.storage.search_text import words
from tests.support.examples import NOON, an_event, an_exam
from tests.support.old_exams import insert_old_exam

BEFORE = next(
    place for place, step in enumerate(MIGRATIONS) if step.__name__ == "m0023_pieces_of_words"
)
PEOPLE = {
    "mitchell": ("Mitchell^Jo-Ann", "P-17221", "ACC0098"),
    "muller": ("Müller-Lüdenscheidt^Jürgen", "77-12", "X1"),
    "wrzesz": ("Wrzeszczyński^Łukasz", "90/445", "X2"),
    "arabic": ("عبدالرحمن^أحمد", "٤٢١٧", "X3"),
    "cyrillic": ("Рождественский^Пётр", "Q-5", "X4"),
    "chinese": ("歐陽小明", "Q-6", "X5"),
    "korean": ("김민준", "Q-7", "X6"),
    "short": ("Ng^Bo", "1", "X7"),
}


def exam(number: int, exam_id: str, name: str, patient_id: str, accession: str) -> ExamRecord:
    return an_exam(
        exam_id,
        time=NOON + timedelta(minutes=number),
        patient_name=name,
        patient_id=patient_id,
        accession_number=accession,
        file_name="f.dcm",
        heat_map=False,
    )


def store(database: Database, people: dict[str, tuple[str, str, str]]) -> SqliteHistory:
    with database.write() as db:
        for number, (exam_id, texts) in enumerate(people.items()):
            insert_exam(db, exam(number, exam_id, *texts), append_event(db, an_event()))
    return SqliteHistory(database)


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> SqliteHistory:
    return store(Database.open(tmp_path_factory.mktemp("words") / "history.sqlite3"), PEOPLE)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("itchel", {"mitchell"}),
        ("ITCHELL", {"mitchell"}),
        ("itchell^jo", {"mitchell"}),
        ("itchel jo", {"mitchell"}),
        ("ell jo", {"mitchell"}),
        ("elljo", set()),  # no word goes on into the next
        ("itchell ann", {"mitchell"}),
        ("it", set()),  # two letters: beginnings only
        ("mi", {"mitchell"}),
        ("722", {"mitchell"}),
        ("c009", {"mitchell"}),
        ("p-17", {"mitchell"}),
        ("densch", {"muller"}),
        ("ÜDENSCHEID", {"muller"}),
        ("zczynsk", {"wrzesz"}),
        ("ukas", {"wrzesz"}),
        ("رحمن", {"arabic"}),
        ("٢١٧", {"arabic"}),
        ("217", {"arabic"}),
        ("дествен", {"cyrillic"}),
        ("ДЕСТВЕН петр", {"cyrillic"}),
        ("小明", {"chinese"}),
        ("陽小", {"chinese"}),
        ("明", {"chinese"}),
        ("김민", {"korean"}),
        ("ng", {"short"}),
        ("bo ng", {"short"}),
        ("mitchel nobody", set()),
    ],
)
@pytest.mark.parametrize("sort", ["time", "patient"])
def test_letters_are_found_inside_words_of_every_script(
    history: SqliteHistory, typed: str, found: set[str], sort: str
) -> None:
    page = history.search(HistoryQuery(text=typed, sort=sort))  # type: ignore[arg-type]  # one of them
    assert {row.exam_id for row in page.rows} == found
    assert page.total == len(found)


LETTERS = st.text("aábBcC1٢ßĳ-^'. 王小мМعي", max_size=9)


def has(texts: tuple[str, ...], asked: str) -> bool:
    """Say by reading whether these texts are found by what was typed."""
    return all(
        any(together(words(text), words(chunk)) for text in texts)
        for chunk in asked.split()
        if words(chunk)
    )


def together(stored: list[str], asked: list[str]) -> bool:
    for start in range(len(stored) - len(asked) + 1):
        here = stored[start : start + len(asked)]
        first, last = asked[0], asked[-1]
        if len(asked) == 1:
            fits = first in here[0] if len(first) > 2 else here[0].startswith(first)
        else:
            begun = here[0].endswith(first) if len(first) > 2 else here[0] == first
            fits = begun and here[1:-1] == asked[1:-1] and here[-1].startswith(last)
        if fits:
            return True
    return False


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(LETTERS, LETTERS, LETTERS), min_size=1, max_size=6),
    st.lists(LETTERS, min_size=1, max_size=6),
)
def test_what_is_found_is_what_reading_every_word_finds(
    tmp_path_factory: pytest.TempPathFactory,
    stored: list[tuple[str, str, str]],
    asked: list[str],
) -> None:
    people = {f"e{number}": texts for number, texts in enumerate(stored)}
    database = Database.open(tmp_path_factory.mktemp("any") / "history.sqlite3", keep_open=True)
    made = store(database, people)
    inside = [name[1:7] for name, _, _ in stored]
    for text in filter(words, (*asked, *inside)):
        expected = {key for key, texts in people.items() if has((*texts, "f.dcm"), text)}
        for sort in ("time", "patient"):
            page = made.search(HistoryQuery(text=text, sort=sort))
            assert {row.exam_id for row in page.rows} == expected, text
    database.close()


def test_exams_of_an_older_database_are_found_inside_their_words(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite3"
    with Database.open(path, migrations=MIGRATIONS[:BEFORE]).write() as db:
        for exam_id in ("e1", "e2"):
            insert_old_exam(db, exam(0, exam_id, *PEOPLE["mitchell"]))
    history = SqliteHistory(Database.open(path))
    for typed in ("itchel", "mit", "p 1"):
        for sort in ("time", "patient", "film", "review", "report"):
            page = history.search(HistoryQuery(text=typed, sort=sort))
            assert [row.exam_id for row in page.rows] == ["e2", "e1"], (typed, sort)
