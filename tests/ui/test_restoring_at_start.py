"""A damaged data folder at the start: a backup takes its place, in the window, for who may."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.audit import AuditAction, AuditQuery
from cxr_desktop.domain.ports import NoProgress
from cxr_desktop.services.access import FREE_ATTEMPTS
from cxr_desktop.services.restore_at_start import Proof
from cxr_desktop.ui.jobs import JobRunner
from cxr_desktop.ui.opening import OpenedData, open_data, take_lock
from cxr_desktop.ui.screens.access.presenter import AccessPresenter
from cxr_desktop.ui.screens.access.state import Inside, Restoring, SigningIn, Unusable
from cxr_desktop.ui.screens.access.view import AccessView
from cxr_desktop.ui.session import Session
from cxr_desktop.wiring import restoring

PASSWORD, OTHERS = "four quiet winter trains", "nine early yellow kites"


class Hospital:
    """A real data folder with a backup on a stick."""

    def __init__(self, folder: Path) -> None:
        self.root, self.stick = folder / "data", folder / "stick"
        self.stick.mkdir()
        data = open_data(self.root)
        assert isinstance(data, OpenedData)
        try:
            program = data.program
            admin = program.access.create_first_administrator("ada", "", PASSWORD)
            self.key = program.recovery.make_key(admin)
            program.accounts.add(admin, "tom", "Tom", "Technicians", OTHERS)
            program.backups.choose_folder(admin, self.stick)
            self.backup = program.backups.run(admin, NoProgress()).path
            program.access.sign_out(admin)
        finally:
            data.close()

    def damage(self, name: str = "history.sqlite3") -> bytes:
        """Change bytes all over a file; return what it is now."""
        path = self.root / name
        content = bytearray(path.read_bytes())
        chance = random.Random(1)
        for _ in range(400):
            content[chance.randrange(len(content))] ^= 0xFF
        path.write_bytes(content)
        return bytes(content)


class Start:
    """The window's door over it."""

    def __init__(self, root: Path, qtbot: QtBot) -> None:
        self.runner, self.session = JobRunner(), Session()
        self.presenter = AccessPresenter(open_data, self.runner, self.session, root)
        self.view = AccessView(self.presenter)
        self._qtbot = qtbot
        qtbot.addWidget(self.view)
        self.view.show()
        self.presenter.open()
        self.until(lambda: isinstance(self.presenter.state, SigningIn | Unusable))

    def until(self, what: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(what)

    def is_asked(self) -> bool:
        state = self.presenter.state
        return isinstance(state, Restoring) and not state.busy

    def sign_in(self, name: str = "ada", password: str = PASSWORD) -> None:
        self.presenter.sign_in(name, password)
        self.until(lambda: not getattr(self.presenter.state, "busy", False))

    def restore(self, backup: Path, proof: Proof) -> str:
        """Return what was said when it was refused; empty when it was done."""
        self.presenter.restorer.restore(backup, proof)
        self.until(lambda: self.is_asked() or isinstance(self.presenter.state, SigningIn))
        state = self.presenter.state
        return state.notice.text if isinstance(state, Restoring) and state.notice else ""

    def close(self) -> None:
        self.runner.close()
        self.presenter.close()


@pytest.fixture
def hospital(tmp_path: Path) -> Hospital:
    return Hospital(tmp_path)


@pytest.fixture
def start(hospital: Hospital, qtbot: QtBot) -> Iterator[Start]:
    hospital.damage()
    made = Start(hospital.root, qtbot)
    yield made
    made.close()


def test_a_damaged_database_is_replaced_by_a_backup_in_the_window(
    hospital: Hospital, start: Start
) -> None:
    damaged = (hospital.root / "history.sqlite3").read_bytes()
    start.sign_in()
    state = start.presenter.state
    assert isinstance(state, SigningIn)
    assert state.notice is not None
    assert "damaged" in state.notice.text
    card = start.view.sign_in
    assert card._restore.isVisible()
    card._restore.click()
    start.until(start.is_asked)
    chooser = start.view.restoring
    assert chooser.backups.count() == 1
    assert not chooser.button.isEnabled()
    chooser.name.setText("ada")
    chooser.password.setText(PASSWORD)
    chooser.button.click()
    start.until(lambda: isinstance(start.presenter.state, SigningIn))
    said = start.presenter.state
    assert isinstance(said, SigningIn)
    assert said.notice is not None
    assert "restored" in said.notice.text
    start.sign_in()
    assert isinstance(start.presenter.state, Inside)
    aside = next(hospital.root.parent.glob("data.before-restore-*"))
    assert (aside / "history.sqlite3").read_bytes() == damaged
    program = start.presenter._opened().program
    log = program.audit_trail.search(start.session.require(), AuditQuery())
    events = [entry.event for entry in log if entry.event.action is AuditAction.RESTORE_PREPARED]
    assert [(event.user, event.detail) for event in events] == [("ada", {"at": "start"})]


def test_only_who_may_restores_and_the_recovery_key_does(hospital: Hospital, start: Start) -> None:
    damaged = (hospital.root / "history.sqlite3").read_bytes()
    start.presenter.begin_restore()
    start.until(start.is_asked)
    assert start.restore(hospital.backup, Proof("ada", "not the password at all"))
    assert "may not" in start.restore(hospital.backup, Proof("tom", OTHERS))
    assert start.restore(hospital.backup, Proof(key="AAAAA-" * 5 + "AAAAA"))
    assert (hospital.root / "history.sqlite3").read_bytes() == damaged
    assert start.restore(hospital.backup, Proof(key=hospital.key)) == ""
    start.sign_in()
    assert isinstance(start.presenter.state, Inside)


def test_wrong_passwords_are_counted_and_paused_as_at_the_door(
    hospital: Hospital, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [datetime.now(UTC)]  # stands still: however slow the machine is, no pause ends by itself
    monkeypatch.setattr(restoring, "utc_now", lambda: now[0])
    start.presenter.begin_restore()
    start.until(start.is_asked)
    said = [start.restore(hospital.backup, Proof("ada", f"wrong number {n}")) for n in range(6)]
    assert len(set(said[:FREE_ATTEMPTS])) == 1
    assert said[FREE_ATTEMPTS] != said[0]
    assert start.restore(hospital.backup, Proof("ada", PASSWORD)) == said[FREE_ATTEMPTS]
    now[0] += timedelta(hours=1)  # after the pause the same password is right
    assert start.restore(hospital.backup, Proof("ada", PASSWORD)) == ""


def test_a_damaged_door_offers_the_same_and_back_changes_nothing(
    hospital: Hospital, qtbot: QtBot
) -> None:
    content = hospital.damage("keys.sqlite3")
    start = Start(hospital.root, qtbot)
    try:
        assert isinstance(start.presenter.state, Unusable)
        start.view.unusable._restore.click()
        start.until(start.is_asked)
        start.view.restoring.leave.click()
        start.until(lambda: isinstance(start.presenter.state, Unusable))
        assert (hospital.root / "keys.sqlite3").read_bytes() == content
        start.view.unusable._restore.click()
        start.until(start.is_asked)
        assert start.restore(hospital.backup, Proof("ada", PASSWORD)) == ""
        start.sign_in()
        assert isinstance(start.presenter.state, Inside)
    finally:
        start.close()


def test_a_damaged_backup_is_refused_and_the_folder_stays(hospital: Hospital, start: Start) -> None:
    database = hospital.backup / "history.sqlite3"
    database.write_bytes(database.read_bytes()[:-1] + b"x")
    damaged = (hospital.root / "history.sqlite3").read_bytes()
    start.presenter.begin_restore()
    start.until(start.is_asked)
    assert start.restore(hospital.backup, Proof("ada", PASSWORD))
    assert (hospital.root / "history.sqlite3").read_bytes() == damaged
    assert [*hospital.root.parent.glob("data.restor*")] == []


def test_a_backup_of_another_folder_is_refused(
    hospital: Hospital, start: Start, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    other = Hospital(tmp_path / "other")
    start.presenter.begin_restore()
    start.until(start.is_asked)
    assert "another data folder" in start.restore(other.backup, Proof("ada", PASSWORD))


def test_a_folder_that_another_window_uses_is_left_alone(hospital: Hospital, start: Start) -> None:
    start.presenter.begin_restore()
    start.until(start.is_asked)
    lock = take_lock(hospital.root)
    try:
        assert "already open" in start.restore(hospital.backup, Proof("ada", PASSWORD))
    finally:
        lock.unlock()


def test_what_was_restored_in_vain_is_removed(hospital: Hospital, start: Start) -> None:
    start.presenter.begin_restore()
    start.until(start.is_asked)
    start.restore(hospital.backup, Proof("ada", "not the password at all"))
    assert [*hospital.root.parent.glob("data.restor*")] != []
    start.presenter.leave_restore()
    start.until(lambda: isinstance(start.presenter.state, SigningIn))
    assert [*hospital.root.parent.glob("data.restor*")] == []
