from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cxr_desktop import locations
from cxr_desktop.domain.errors import StorageUnavailable
from cxr_desktop.ui import app
from cxr_desktop.ui.jobs import JobRunner
from cxr_desktop.ui.main_window import MainWindow
from cxr_desktop.ui.opening import NotOpened, OpenedData, open_data
from cxr_desktop.ui.screens.access.presenter import AccessPresenter
from cxr_desktop.ui.screens.access.state import FirstStart, Inside, KeyShown, Unusable
from cxr_desktop.ui.session import Session

OWN = "six green paper lamps"


@contextmanager
def opened(folder: Path) -> Iterator[OpenedData]:
    data = open_data(folder)
    assert isinstance(data, OpenedData)
    try:
        yield data
    finally:
        data.close()


def test_under_a_damaged_policy_no_folder_is_opened_and_the_window_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text("[machine\n")
    monkeypatch.setattr(locations, "policy_file", lambda: policy)
    refused = open_data(None)
    assert isinstance(refused, NotOpened)
    assert refused.folder is None
    assert "policy" in refused.error.message
    assert isinstance(open_data(tmp_path / "data"), NotOpened)
    assert not (tmp_path / "data").exists()


def test_a_new_folder_is_made_and_asks_for_its_first_account(tmp_path: Path) -> None:
    with opened(tmp_path / "data") as data:
        assert data.needs_first_administrator
        assert data.idle_lock_minutes == 5
        assert data.program.data.root == tmp_path / "data"
        assert data.program.data.logs.is_dir()


def test_a_second_window_is_told_that_the_first_is_open(tmp_path: Path) -> None:
    with opened(tmp_path):
        again = open_data(tmp_path)
        assert isinstance(again, NotOpened)
        assert "already open" in again.error.message
        assert again.error.hint
    with opened(tmp_path):
        pass


def test_a_file_in_the_way_is_a_sentence(tmp_path: Path) -> None:
    place = tmp_path / "data"
    place.write_text("not a folder")
    data = open_data(place)
    assert isinstance(data, NotOpened)
    assert data.folder == place
    assert data.error.hint
    assert place.read_text() == "not a folder"


def test_a_foreign_database_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "history.sqlite3").write_bytes(b"no database at all" * 100)
    data = open_data(tmp_path)
    assert isinstance(data, NotOpened)
    assert (tmp_path / "history.sqlite3").read_bytes() == b"no database at all" * 100


def test_a_damaged_database_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with opened(tmp_path) as data:
        data.program.access.create_first_administrator("ada", "", OWN)
    place = tmp_path / "history.sqlite3"
    content = bytearray(place.read_bytes())
    content[5 * 4096 : 5 * 4096 + 64] = b"\x5a" * 64
    place.write_bytes(content)
    with opened(tmp_path) as data, pytest.raises(StorageUnavailable) as refusal:
        data.program.access.sign_in("ada", OWN)
    assert refusal.value.message == "The database is damaged."
    assert "backup restore" in refusal.value.hint
    assert place.read_bytes() == content


def test_a_folder_without_its_keys_is_refused_and_never_begun_anew(tmp_path: Path) -> None:
    with opened(tmp_path) as data:
        data.program.access.create_first_administrator("ada", "", OWN)
    keys = tmp_path / "keys.sqlite3"
    before = (tmp_path / "history.sqlite3").read_bytes()
    for left in (None, b"", b"\0" * 9000):
        keys.unlink()
        if left is not None:
            keys.write_bytes(left)
        refused = open_data(tmp_path)
        assert isinstance(refused, NotOpened)
        assert "keys.sqlite3" in refused.error.message
        assert "backups" in refused.error.hint
        keys.touch()
    assert (tmp_path / "history.sqlite3").read_bytes() == before


def test_the_window_opens_a_real_folder_and_its_first_administrator_gets_in(
    qtbot: QtBot, runner: JobRunner, tmp_path: Path
) -> None:
    session = Session()
    presenter = AccessPresenter(open_data, runner, session, tmp_path)
    window = MainWindow(presenter, runner, session, tmp_path / "window.ini")
    qtbot.addWidget(window)
    window.show()
    presenter.open()
    qtbot.waitUntil(lambda: isinstance(presenter.state, FirstStart), timeout=20000)
    presenter.create_first("amina", "Dr Amina Said", OWN)
    qtbot.waitUntil(lambda: isinstance(presenter.state, KeyShown), timeout=20000)
    presenter.key_kept()
    qtbot.waitUntil(lambda: isinstance(presenter.state, Inside), timeout=20000)
    assert window.shell is not None
    shell = window.shell
    for screen_id in ("read", "history", "admin"):
        shell.show_screen(screen_id)
        assert shell.current == screen_id
    window.close()
    with opened(tmp_path) as data:
        assert not data.needs_first_administrator


def test_a_folder_that_is_no_folder_offers_three_ways_on(
    qtbot: QtBot, runner: JobRunner, tmp_path: Path
) -> None:
    place = tmp_path / "data"
    place.write_text("")
    session = Session()
    presenter = AccessPresenter(open_data, runner, session, place)
    window = MainWindow(presenter, runner, session, tmp_path / "window.ini")
    qtbot.addWidget(window)
    window.show()
    presenter.open()
    qtbot.waitUntil(lambda: isinstance(presenter.state, Unusable), timeout=20000)
    card = window.door.unusable
    assert str(place) in card.notice.text
    place.unlink()
    card.again.emit()
    qtbot.waitUntil(lambda: isinstance(presenter.state, FirstStart), timeout=20000)
    window.close()


@pytest.mark.parametrize("words,expected", [([], None), (["--data-dir", "/a/b"], Path("/a/b"))])
def test_the_data_folder_may_be_named(words: list[str], expected: Path | None) -> None:
    assert app.data_folder(words) == expected


def test_the_window_needs_no_heavy_library_to_open() -> None:
    code = (
        "import sys, cxr_desktop.ui.app;"
        "print([m for m in ('numpy', 'cv2', 'onnxruntime', 'pydicom', 'sqlite_utils') "
        "if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_application_is_the_one_that_is_tested(qapp: QApplication) -> None:
    assert "QPushButton" in qapp.styleSheet()
