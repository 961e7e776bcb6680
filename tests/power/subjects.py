"""What is cut off: each subject makes a folder, does something to it, and looks what is left.

TO ADD A SUBJECT: a class here and a line in `SUBJECTS`.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from cxr_desktop.domain.errors import SignInRefused
from cxr_desktop.domain.history import HistoryQuery
from cxr_desktop.domain.ports import NoProgress
from cxr_desktop.services.access import Access
from cxr_desktop.storage.audit import SqliteAuditLog
from cxr_desktop.storage.connection import Key, is_plain
from cxr_desktop.storage.conversion import encrypt_database
from cxr_desktop.storage.data_lock import DataLock
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.door import Door
from cxr_desktop.storage.encrypt_rest import EncryptRest
from cxr_desktop.storage.exams import SqliteHistory
from cxr_desktop.storage.image_store import FilmFolder
from cxr_desktop.storage.out_files import OutFiles
from cxr_desktop.storage.paths import DataPaths
from cxr_desktop.storage.users import SqliteUsers
from cxr_desktop.storage.vault import Vault
from cxr_desktop.storage.waiting_events import AuditAtTheDoor
from tests.support.adding import film_of
from tests.support.examples import an_event, an_exam
from tests.support.locked import CHEAP, data_keys, database_key
from tests.support.old_folder import OLD_EXAMS, OLD_PASSWORD, SECRET, make_old_folder

EXAMS = 3
TABLE, REPORT = "exams.csv", "report.pdf"
LINES = [SECRET + bytes([65 + number]) * 300_000 for number in range(10)]
NEW_PASSWORD = "seven loud summer boats"
Say = Callable[[str], None]


class Subject(Protocol):
    """One thing that may be cut off anywhere."""

    def prepare(self, root: Path) -> None:
        """Make the folder as it is before."""
        ...

    def act(self, root: Path, say: Say) -> None:
        """Do it; `say` what a person would now believe to be kept. Raises `UserError`."""
        ...

    def check(self, root: Path, said: list[str]) -> None:
        """Raise AssertionError unless the folder is whole and holds what was said."""
        ...


class StoreExams:
    """The main job's storing: film, small picture, exam with its event."""

    def prepare(self, root: Path) -> None:
        """Make an empty data folder."""
        paths = DataPaths(root)
        paths.prepare()
        Database.open(paths, key=database_key)

    def act(self, root: Path, say: Say) -> None:
        """Store some exams one after the other."""
        paths = DataPaths(root)
        paths.prepare()
        history = SqliteHistory(Database.open(paths, key=database_key, keep_open=True))
        archive = FilmFolder(paths.films, data_keys)
        for number in range(EXAMS):
            exam_id = f"exam-{number}"
            film = root.parent / f"{exam_id}.incoming"
            if not film.exists():
                film.write_bytes(film_of(exam_id))
            record = an_exam(exam_id, film=film_of(exam_id))
            if number % 2:  # as a batch does
                archive.keep(film, record.film.sha256)
                archive.keep_thumbnail(record.film.sha256, b"small")
            else:  # as the window does
                assert archive.place(archive.stage(film, b"small"))
            history.add_all([(record, an_event(subject=exam_id))])
            say(exam_id)

    def check(self, root: Path, said: list[str]) -> None:
        """Every exam that was said is there, and every one that is there is whole."""
        stored = whole_exams(root, database_key, FilmFolder(root / "films", data_keys))
        assert set(said) <= set(stored), f"lost: {set(said) - set(stored)}"
        assert len(stored) <= len(said) + 1


class StoreTogether(StoreExams):
    """A batch's storing: several films and exams at once."""

    def act(self, root: Path, say: Say) -> None:
        """Store some exams in one go, then one more."""
        paths = DataPaths(root)
        paths.prepare()
        history = SqliteHistory(Database.open(paths, key=database_key, keep_open=True))
        archive = FilmFolder(paths.films, data_keys)
        for names in (("exam-0", "exam-1", "exam-2"), ("exam-3",)):
            staged = []
            for name in names:
                film = root.parent / f"{name}.incoming"
                if not film.exists():
                    film.write_bytes(film_of(name))
                staged.append(archive.stage(film, b"small"))
            assert all(archive.place_all(staged))
            records = [an_exam(name, film=film_of(name)) for name in names]
            history.add_all([(record, an_event(subject=record.exam_id)) for record in records])
            for name in names:
                say(name)

    def check(self, root: Path, said: list[str]) -> None:
        """Every exam that was said is there and whole; those of one go are all there or none."""
        stored = whole_exams(root, database_key, FilmFolder(root / "films", data_keys))
        assert set(said) <= set(stored), f"lost: {set(said) - set(stored)}"
        assert len(stored) in {0, 3, 4}


class ConvertFolder:
    """Encrypting a folder from before encryption, with the sign-in and the films after it."""

    def prepare(self, root: Path) -> None:
        """Make an old folder."""
        make_old_folder(root)

    def act(self, root: Path, say: Say) -> None:
        """Encrypt all of it."""
        opened = Opened(root)
        encrypt_database(opened.paths, opened.door)
        opened.access.sign_in("ada", OLD_PASSWORD)
        EncryptRest(opened.paths, opened.archive, opened.vault)(NoProgress())
        say("encrypted")

    def check(self, root: Path, said: list[str]) -> None:
        """It is the old or the new folder, and can be made the new one."""
        paths = DataPaths(root)
        if is_plain(paths.database):
            assert not said
            with Database(paths.database).read() as db:
                assert db.execute("SELECT count(*) FROM exams").fetchone() == (OLD_EXAMS,)
        self.act(root, said.append)
        opened = Opened(root)
        opened.access.sign_in("ada", OLD_PASSWORD)
        stored = whole_exams(root, opened.vault.database_key, opened.archive)
        assert len(stored) == OLD_EXAMS
        hits = [str(p) for p in root.rglob("*") if p.is_file() and SECRET in p.read_bytes()]
        assert hits == [], hits


class ChangePassword:
    """A person's own new password."""

    def prepare(self, root: Path) -> None:
        """Make a folder with one account."""
        paths = DataPaths(root)
        paths.prepare()
        Opened(root).access.create_first_administrator("ada", "", OLD_PASSWORD)

    def act(self, root: Path, say: Say) -> None:
        """Sign in and change it."""
        access = Opened(root).access
        access.change_password(access.sign_in("ada", OLD_PASSWORD), OLD_PASSWORD, NEW_PASSWORD)
        say("changed")

    def check(self, root: Path, said: list[str]) -> None:
        """One of the two opens the folder; the new one, if it was said to be changed."""
        allowed = [NEW_PASSWORD] if said else [OLD_PASSWORD, NEW_PASSWORD]
        opens = [password for password in allowed if self._opens(root, password)]
        assert len(opens) == 1, opens

    def _opens(self, root: Path, password: str) -> bool:
        opened = Opened(root)
        try:
            opened.access.sign_in("ada", password)
        except SignInRefused:
            return False
        opened.log.verify()
        return True


class TakeOut:
    """A long table and a report, taken out into a folder where others lie."""

    def prepare(self, root: Path) -> None:
        """Make the folders, and a table of last time."""
        for folder in (root / "out", root / "stick"):
            folder.mkdir(parents=True)
        (root / "stick" / TABLE).write_text("of last time")

    def act(self, root: Path, say: Say) -> None:
        """Write the table over the old one, then the report."""
        out = OutFiles(root / "out", data_keys)
        out.write_pieces(root / "stick" / TABLE, LINES, over=True)
        say(TABLE)
        out.write_new(root / "stick" / REPORT, LINES[0])
        say(REPORT)

    def check(self, root: Path, said: list[str]) -> None:
        """What was said is there whole; nothing is half there, and no name in the data folder."""
        hits = [path for path in (root / "out").iterdir() if SECRET in path.read_bytes()]
        assert hits == [], hits
        OutFiles(root / "out", data_keys).remove_cut_off()
        assert not list((root / "out").glob("*.note"))
        there = {path.name: path.read_bytes() for path in (root / "stick").iterdir()}
        whole = {TABLE: (b"of last time", b"".join(LINES)), REPORT: (LINES[0],)}
        assert all(content in whole.get(name, ()) for name, content in there.items()), [*there]
        assert set(said) <= set(there)
        assert TABLE not in said or there[TABLE] == whole[TABLE][1]


class Opened:
    """A data folder as `bootstrap.build` opens it, without the engine."""

    def __init__(self, root: Path) -> None:
        self.paths = DataPaths(root)
        self.paths.prepare()
        self.door, self.vault = Door.open(self.paths), Vault()
        database = Database(self.paths.database, key=self.vault.database_key)
        self.log = SqliteAuditLog(database)
        self.archive = FilmFolder(self.paths.films, self.vault.keys)
        lock = DataLock(self.vault, database, self.door, now, CHEAP)
        events = AuditAtTheDoor(self.log, self.door, self.vault)
        self.access = Access(SqliteUsers(database, self.door), events, lock, now)


def now() -> datetime:
    """Return aware UTC time."""
    return datetime.now(UTC)


def whole_exams(root: Path, key: Key, archive: FilmFolder) -> list[str]:
    """Return the ids of all exams, each with its film and event. Raises AssertionError."""
    database = Database.open(root / "history.sqlite3", key=key)
    with database.read() as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    history = SqliteHistory(database)
    SqliteAuditLog(database).verify()
    page = history.search(HistoryQuery(limit=1000))
    for row in page.rows:
        record = history.get(row.exam_id)
        assert record.assessment.heat_map is not None
        content = archive.content(record.film.sha256)
        assert hashlib.sha256(content).hexdigest() == record.film.sha256
    return [row.exam_id for row in page.rows]


def fresh(template: Path, work: Path) -> Path:
    """Copy a prepared folder anew, and return the copy."""
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(template, work)
    return work


def tell(text: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


SUBJECTS: dict[str, Subject] = {
    "exams": StoreExams(),
    "together": StoreTogether(),
    "convert": ConvertFolder(),
    "password": ChangePassword(),
    "taking out": TakeOut(),
}
