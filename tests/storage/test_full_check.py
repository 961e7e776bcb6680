"""Reading a whole data folder: what is damaged is found, what is only locked is not called so."""

from __future__ import annotations

from pathlib import Path

import pytest

from cxr_desktop.domain.errors import StorageUnavailable
from cxr_desktop.storage.audit import SqliteAuditLog
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.exams import SqliteHistory
from cxr_desktop.storage.full_check import FolderReader
from cxr_desktop.storage.image_store import FilmFolder
from cxr_desktop.storage.paths import DataPaths
from cxr_desktop.storage.vault import Vault
from tests.support.adding import film_of
from tests.support.examples import an_event, an_exam


class Folder:
    """A data folder with three exams and their films."""

    def __init__(self, paths: DataPaths) -> None:
        self.paths, self.vault = paths, Vault()
        self.vault.put("ada", bytes(32))
        database = Database.open(paths, key=self.vault.database_key)
        self.log, archive = SqliteAuditLog(database), FilmFolder(paths.films, self.vault.keys)
        for number in range(3):
            exam_id = f"exam-{number}"
            film = paths.root / "incoming"
            film.write_bytes(film_of(exam_id))
            record = an_exam(exam_id, film=film_of(exam_id))
            archive.keep(film, record.film.sha256)
            SqliteHistory(database).add_all([(record, an_event(subject=exam_id))])
        self.reader = FolderReader(database, self.log, archive, self.vault)

    def sound(self) -> list[bool]:
        """Return what is said of each film."""
        return [self.reader.film_is_sound(film) for film in self.reader.films()]


@pytest.fixture
def folder(paths: DataPaths) -> Folder:
    return Folder(paths)


def a_film(paths: DataPaths) -> Path:
    return min(paths.films.rglob("*.film"))


def test_a_sound_folder_is_sound(folder: Folder) -> None:
    assert folder.reader.database_is_sound()
    assert folder.reader.log_is_sound()
    assert folder.sound() == [True, True, True]


def test_a_changed_film_and_a_missing_one_are_found(folder: Folder) -> None:
    film = a_film(folder.paths)
    content = bytearray(film.read_bytes())
    content[len(content) // 2] ^= 1
    film.write_bytes(content)
    assert sorted(folder.sound()) == [False, True, True]
    film.unlink()
    assert sorted(folder.sound()) == [False, True, True]


def test_a_damaged_database_is_found(folder: Folder) -> None:
    content = bytearray(folder.paths.database.read_bytes())
    for place in range(5000, len(content), 4096):
        content[place] ^= 0xFF
    folder.paths.database.write_bytes(content)
    folder.paths.database.with_name("history.sqlite3-wal").unlink(missing_ok=True)
    assert not folder.reader.database_is_sound()
    assert not folder.reader.log_is_sound()


def test_a_folder_that_was_locked_meanwhile_is_not_called_damaged(folder: Folder) -> None:
    films = list(folder.reader.films())
    folder.vault.close()
    with pytest.raises(StorageUnavailable, match="locked"):
        folder.reader.film_is_sound(films[0])
    with pytest.raises(StorageUnavailable, match="locked"):
        folder.reader.database_is_sound()
