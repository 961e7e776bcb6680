"""One contract for the handled files of a watched folder, held by the fake and by the database."""

from __future__ import annotations

from pathlib import Path

import pytest

from cxr_desktop.domain.watching import FileMark, WatchedFiles
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.watched_files import SqliteWatchedFiles
from tests.support.fake_watch import MemoryWatchedFiles


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest) -> WatchedFiles:
    if request.param == "memory":
        return MemoryWatchedFiles()
    database: Database = request.getfixturevalue("database")
    return SqliteWatchedFiles(database)


def test_the_last_mark_of_each_file_is_known(store: WatchedFiles) -> None:
    assert store.known() == {}
    odd = Path("/share/\udcff محمد.dcm")
    old, new = FileMark(5, 1), FileMark(2**40, 1_800_000_000_123_456_789)
    store.remember(odd, old)
    store.remember(Path("/share/b.png"), old)
    store.remember(odd, new)
    assert store.known() == {str(odd): new, "/share/b.png": old}
