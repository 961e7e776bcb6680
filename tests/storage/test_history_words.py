"""What very many exams have is held, and so not looked up again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import sqlite_utils

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.history import HistoryQuery
from cxr_desktop.domain.review import Agreement, Review
from cxr_desktop.domain.signing import Signature
from cxr_desktop.storage import frequent_words, history_words
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.exams import SqliteHistory
from cxr_desktop.storage.held import Held
from cxr_desktop.storage.history_filter import asked_for, own_words, told_to
from cxr_desktop.storage.history_words import KeptWords
from cxr_desktop.storage.reviews import SqliteReviews
from cxr_desktop.storage.signatures import SqliteSignatures
from tests.support.examples import NOON, an_event, an_exam

EXAMS = 24
NEWS = ("rowid >= ", "audit_seq > ")
NAMES = ("Doe^Jane", "Doe^John", "Иванов^Пётр", "王小明")


@pytest.fixture
def filled(database: Database) -> Database:
    """Six exams of each name; every second one reviewed, half of these with an effusion."""
    for number in range(EXAMS):
        store(database, f"e{number}", NAMES[number % len(NAMES)])
        if number % 2:
            say(database, f"e{number}", "effusion" if number % 4 == 1 else "clear")
    return database


def store(database: Database, name: str, patient: str) -> None:
    time = NOON + timedelta(minutes=len(name))
    exam = an_exam(
        name, time=time, patient_name=patient, patient_id="", file_name="1", heat_map=False
    )
    SqliteHistory(database).add_all([(exam, an_event(subject=name))])


def say(database: Database, name: str, text: str, reader: str = "rad") -> None:
    review = Review(name, reader, NOON, Verdict.NORMAL, Agreement.AGREE, text)
    SqliteReviews(database).add(review, an_event(subject=name))


def looked_up(db: sqlite_utils.Database, words: KeptWords, **asked: str) -> tuple[int, int]:
    """Return how many exams are found, and how often words were looked up in all exams."""
    seen: list[str] = []
    question = asked_for(db, HistoryQuery(**asked))  # type: ignore[arg-type]  # texts only
    db.conn.set_trace_callback(seen.append)
    found = int(words.having(db, question).sum())
    db.conn.set_trace_callback(None)
    whole = [one for one in seen if "group_concat" in one and not any(n in one for n in NEWS)]
    return found, len(whole)


@pytest.mark.parametrize(
    ("typed", "exams", "again"),
    [
        *(("d", 12, 0), ("ван", 6, 0), ("王", 6, 0), ("doe jan", 6, 0), ("ане", 0, 1)),
        ("e", 6, 1),  # no name has it
        ("d eff", 6, 2),  # and two words that must stand in one review are not held
    ],
)
def test_what_many_have_is_looked_up_once(
    filled: Database, monkeypatch: pytest.MonkeyPatch, typed: str, exams: int, again: int
) -> None:
    monkeypatch.setattr(history_words, "MANY", 1)
    words = KeptWords()
    with filled.read() as db:
        found, first = looked_up(db, words, text=typed)
        assert found == exams
        assert first >= 1
        assert looked_up(db, words, text=typed) == (exams, again)


def test_what_few_have_is_not_held(filled: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history_words, "MANY", 7)
    words = KeptWords()
    with filled.read() as db:
        for _ in range(2):
            assert looked_up(db, words, text="иванов") == (6, 1)
        assert looked_up(db, words, text="doe") == (12, 1)
        assert looked_up(db, words, text="doe") == (12, 0)
        words.forget()
        assert looked_up(db, words, text="doe") == (12, 1)


def test_what_came_since_is_found_by_what_is_held(
    filled: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_words, "MANY", 1)
    words = KeptWords()
    say(filled, "e5", "effusion", "other")
    with filled.read() as db:
        looked_up(db, words, text="jan")
        assert looked_up(db, words, text="cle", withheld_from="rad")[0] == 6
        assert looked_up(db, words, text="cle", withheld_from="other")[0] == 0
    store(filled, "new", "Janssen")
    say(filled, "new", "clear")
    say(filled, "e0", "less clear")
    say(filled, "e1", "clear")  # another word than in its first review
    signed = Signature("e3", "rad", "Dr R", NOON, Verdict.NORMAL, 1, "ab" * 32)
    SqliteSignatures(filled).sign(signed, an_event(subject="e3"))
    with filled.read() as db:
        assert looked_up(db, words, text="jan") == (7, 0)
        of_names = 1  # none has it, so it is looked up
        assert looked_up(db, words, text="cle", withheld_from="rad") == (9, of_names)
        assert looked_up(db, words, text="cle", withheld_from="other")[0] == 1


def test_after_too_many_events_all_is_looked_up_again(
    filled: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_words, "MANY", 1)
    monkeypatch.setattr(history_words, "OLD", 2)
    words, found = KeptWords(), list[tuple[int, int]]()
    for number, come in enumerate((0, 2, 3, 0)):
        for which in range(come):
            store(filled, f"new{number}{which}", "Doe")
        with filled.read() as db:
            found.append(looked_up(db, words, text="doe"))
    assert found == [(12, 1), (14, 0), (17, 1), (17, 0)]


def test_in_advance_is_held_what_very_many_have_in_any_script(
    filled: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_words, "MANY", 6)
    words = KeptWords()
    with filled.read() as db:
        words.get_ready(db, tuple(told_to(HistoryQuery(withheld_from="rad"))))
        for typed, exams in (("d", 12), ("do", 12), ("doe", 12), ("oe", 0), ("и", 6), ("王", 6)):
            assert looked_up(db, words, text=typed) == (exams, 0 if exams else 1), typed
        of_names = 1  # none has it, so it is looked up
        assert looked_up(db, words, text="ef", withheld_from="rad") == (6, of_names)


def test_what_the_history_holds_it_holds_until_it_is_told_to_forget(
    filled: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_words, "MANY", 6)
    history = SqliteHistory(filled)
    history.get_ready(HistoryQuery())
    with filled.read() as db:
        assert looked_up(db, history._words, text="doe") == (12, 0)
    history.forget_lists()
    with filled.read() as db:
        assert looked_up(db, history._words, text="doe") == (12, 1)


def test_there_is_room_for_what_most_have(
    filled: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_words, "MANY", 6)
    monkeypatch.setattr(history_words, "MOST_BYTES", 4 * (EXAMS // 8 + 1))  # three in advance
    words = KeptWords()
    with filled.read() as db:
        words.get_ready(db)
        assert looked_up(db, words, text="1") == (EXAMS, 0)  # every file's name
        assert looked_up(db, words, text="王") == (6, 1)


def test_words_are_counted_again_when_an_eighth_more_exams_have_come(filled: Database) -> None:
    with filled.read() as db:
        known = frequent_words.frequent_words(db, frequent_words.Frequent(), EXAMS + 1, 12)
        assert frequent_words.frequent_words(db, known, EXAMS + 12, 12) is known
        again = frequent_words.frequent_words(db, known, EXAMS + 13, 12)
    assert again is not known
    assert again.words == known.words


def test_a_few_exams_tell_what_many_have(filled: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frequent_words, "SAMPLE", 8)  # every third exam
    with filled.read() as db:
        told = frequent_words.frequent_words(db, frequent_words.Frequent(), EXAMS + 1, 12)
    assert own_words('"d"') in told.words
    assert own_words('"и"') not in told.words


def test_another_data_folders_words_are_not_used(
    filled: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_words, "MANY", 1)
    words, other = KeptWords(), Database.open(tmp_path / "other.sqlite3")
    for number in range(40):
        store(other, f"o{number}", "Mori")
    for database, exams in ((filled, 12), (other, 0), (filled, 12)):
        with database.read() as db:
            assert looked_up(db, words, text="doe")[0] == exams


def test_what_is_held_weighs_so_much_at_most_and_the_last_used_stays() -> None:
    held: Held[str, bytes] = Held(6, len)
    for name in "abc":
        held.put(name, b"..")
    assert held.get("a") == b".."
    held.put("d", b"...")
    assert [name for name in "abcd" if name in held] == ["a", "d"]
    held.put("a", b"......")
    assert [name for name in "abcd" if name in held] == ["a"]
    held.put("e", b".......")
    assert "e" not in held
    held.put("a", b".")
    held.forget()
    held.put("b", b"......")
    assert held.get("b") == b"......"
    assert held.get("a") is None
