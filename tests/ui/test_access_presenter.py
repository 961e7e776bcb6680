from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.audit import AuditAction
from cxr_desktop.domain.errors import StorageUnavailable
from cxr_desktop.domain.roles import ADMINISTRATORS
from cxr_desktop.services.access import Access
from cxr_desktop.services.recovery import RecoverAccess
from cxr_desktop.ui.jobs import JobRunner
from cxr_desktop.ui.opening import NotOpened
from cxr_desktop.ui.screens.access.presenter import AccessPresenter
from cxr_desktop.ui.screens.access.sign_in_cards import SignInCard
from cxr_desktop.ui.screens.access.state import (
    FirstStart,
    Inside,
    KeyShown,
    Locked,
    MustChange,
    Opening,
    Recovering,
    SigningIn,
    Unusable,
)
from cxr_desktop.ui.session import Session
from tests.support.door import FakeOpener
from tests.support.fake_program import FakeProgram, fake_program
from tests.support.fake_users import MemoryRecovery, MemoryUsers
from tests.support.world import PASSWORD, World

OWN = "six green paper lamps"


class Visitor:
    """A presenter, its parts, and every state it showed."""

    def __init__(self, program: FakeProgram, folder: Path, runner: JobRunner, qtbot: QtBot) -> None:
        self.opener = FakeOpener(program, folder)
        self.program = program
        self.session = Session()
        self.presenter = AccessPresenter(self.opener, runner, self.session)
        self.states: list[object] = []
        self.presenter.state_changed.connect(self.states.append)
        self._qtbot = qtbot

    def until(self, kind: type[object], also: Callable[[], bool] = lambda: True) -> None:
        """Wait until the door shows this and is not busy."""
        self._qtbot.waitUntil(
            lambda: (
                isinstance(self.presenter.state, kind)
                and not getattr(self.presenter.state, "busy", False)
                and also()
            )
        )


@pytest.fixture
def visitor(world: World, runner: JobRunner, qtbot: QtBot) -> Visitor:
    made = Visitor(fake_program(world), world.folder, runner, qtbot)
    made.presenter.open()
    made.until(SigningIn)
    return made


def test_what_an_update_of_the_database_does_is_shown_while_it_lasts(
    visitor: Visitor, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = world.hasher.unlock

    def slow(who: str, encoded: str, password: str) -> bool:
        visitor.program.steps.report("Keeping a copy of the database: 7 %")
        return real(who, encoded, password)

    monkeypatch.setattr(world.hasher, "unlock", slow)
    visitor.presenter.sign_in("rad", PASSWORD)
    visitor.until(Inside)
    busy = [state.step for state in visitor.states if isinstance(state, SigningIn) and state.busy]
    assert busy == ["", "Keeping a copy of the database: 7 %"]


@pytest.fixture
def first_visitor(world: World, runner: JobRunner, qtbot: QtBot) -> Visitor:
    program = fake_program(world)
    users = MemoryUsers(world.audit)
    program.access = Access(users, world.audit, world.hasher, world.clock)
    program.recovery = RecoverAccess(
        MemoryRecovery(users), users, program.access, world.audit, world.hasher, world.clock
    )
    made = Visitor(program, world.folder, runner, qtbot)
    made.presenter.open()
    made.until(FirstStart)
    return made


def test_the_door_opens_on_the_sign_in(visitor: Visitor) -> None:
    assert isinstance(visitor.states[0], Opening)
    assert visitor.presenter.state == SigningIn()


def test_the_right_password_lets_a_person_in(visitor: Visitor) -> None:
    visitor.presenter.sign_in("doc", PASSWORD)
    visitor.until(Inside)
    actor = visitor.session.require()
    assert actor.name == "doc"
    assert visitor.states[-2:] == [SigningIn(busy=True), Inside(actor)]


@pytest.mark.parametrize("name,password", [("doc", "wrong"), ("nobody", PASSWORD)])
def test_a_wrong_name_and_a_wrong_password_look_the_same(
    visitor: Visitor, name: str, password: str
) -> None:
    visitor.presenter.sign_in(name, password)
    visitor.until(SigningIn, lambda: getattr(visitor.presenter.state, "notice", None) is not None)
    state = visitor.presenter.state
    assert isinstance(state, SigningIn)
    assert state.notice is not None
    assert state.notice.text.startswith("This name and password")
    assert state.notice.hint
    assert visitor.session.actor is None


def test_the_first_start_makes_the_administrator_and_lets_them_in(first_visitor: Visitor) -> None:
    first_visitor.presenter.create_first("amina", "Dr Amina Said", OWN)
    first_visitor.until(KeyShown)
    assert first_visitor.session.actor is None
    first_visitor.presenter.key_kept()
    first_visitor.until(Inside)
    user = first_visitor.session.require().user
    assert (user.name, user.full_name, user.group) == ("amina", "Dr Amina Said", ADMINISTRATORS)


def test_the_first_start_refuses_a_bad_password_and_stays(first_visitor: Visitor) -> None:
    first_visitor.presenter.create_first("amina", "", "short")
    first_visitor.until(
        FirstStart, lambda: getattr(first_visitor.presenter.state, "notice", None) is not None
    )
    assert first_visitor.program.access.needs_first_administrator()


def test_an_imposed_password_must_be_changed_before_anything_else(
    visitor: Visitor, world: World
) -> None:
    world.accounts.set_password(world.actor("admin"), "doc", "somebody set this one")
    visitor.presenter.sign_in("doc", "somebody set this one")
    visitor.until(MustChange)
    assert visitor.session.actor is None

    visitor.presenter.choose_password(OWN)
    visitor.until(Inside)
    assert not visitor.session.require().user.must_change_password

    visitor.presenter.sign_out()
    visitor.presenter.sign_in("doc", OWN)
    visitor.until(Inside)


def test_giving_up_the_change_leads_back_to_the_sign_in(
    visitor: Visitor, world: World, qtbot: QtBot
) -> None:
    world.accounts.set_password(world.actor("admin"), "doc", "somebody set this one")
    visitor.presenter.sign_in("doc", "somebody set this one")
    visitor.until(MustChange)
    assert world.hasher.present == ["doc"]
    visitor.presenter.sign_out()
    assert visitor.presenter.state == SigningIn()
    assert "somebody" not in repr(vars(visitor.presenter))
    qtbot.waitUntil(lambda: not world.hasher.present)  # the key of the data folder, too


def test_signing_out_is_noted(visitor: Visitor, world: World, qtbot: QtBot) -> None:
    visitor.presenter.sign_in("doc", PASSWORD)
    visitor.until(Inside)
    visitor.presenter.sign_out()
    assert visitor.session.actor is None
    qtbot.waitUntil(lambda: AuditAction.SIGN_OUT in world.actions())


def test_the_lock_opens_for_its_owner_and_the_session_lives_on(visitor: Visitor) -> None:
    visitor.presenter.sign_in("doc", PASSWORD)
    visitor.until(Inside)
    left: list[str] = []
    visitor.session.signed_out.connect(lambda: left.append("out"))

    visitor.presenter.lock()
    assert isinstance(visitor.presenter.state, Locked)
    visitor.presenter.unlock("wrong")
    visitor.until(Locked, lambda: getattr(visitor.presenter.state, "notice", None) is not None)
    notice = getattr(visitor.presenter.state, "notice", None)
    assert notice is not None
    assert notice.text == "This password does not open the window."  # no name was asked for
    visitor.presenter.unlock(PASSWORD)
    visitor.until(Inside)

    assert not left
    assert visitor.session.require().name == "doc"


def test_another_person_may_sign_in_at_the_lock(visitor: Visitor) -> None:
    visitor.presenter.sign_in("doc", PASSWORD)
    visitor.until(Inside)
    visitor.presenter.lock()
    visitor.presenter.sign_out()
    visitor.presenter.sign_in("rad", PASSWORD)
    visitor.until(Inside)
    assert visitor.session.require().name == "rad"


def test_nobody_can_lock_an_open_door(visitor: Visitor) -> None:
    visitor.presenter.lock()
    assert visitor.presenter.state == SigningIn()


def test_a_folder_that_cannot_be_used_is_named_and_can_be_tried_again(
    world: World, runner: JobRunner, qtbot: QtBot, tmp_path: Path
) -> None:
    visitor = Visitor(fake_program(world), world.folder, runner, qtbot)
    visitor.opener.refuses = NotOpened(
        tmp_path, StorageUnavailable("The disk is full.", hint="Free some space.")
    )
    visitor.presenter.open()
    visitor.until(Unusable)
    state = visitor.presenter.state
    assert isinstance(state, Unusable)
    assert (state.notice.text, state.notice.hint) == ("The disk is full.", "Free some space.")
    assert state.folder == str(tmp_path)

    visitor.opener.refuses = None
    visitor.presenter.open()
    visitor.until(SigningIn)


def test_another_folder_is_opened_when_it_is_chosen(
    world: World, runner: JobRunner, qtbot: QtBot, tmp_path: Path
) -> None:
    visitor = Visitor(fake_program(world), world.folder, runner, qtbot)
    visitor.presenter.use_folder(tmp_path)
    visitor.until(SigningIn)
    assert visitor.opener.asked == [tmp_path]


def test_closing_signs_out_and_lets_go_of_the_folder(visitor: Visitor, world: World) -> None:
    visitor.presenter.sign_in("doc", PASSWORD)
    visitor.until(Inside)
    visitor.presenter.close()
    visitor.presenter.close()
    assert visitor.program.closed
    assert world.actions().count(AuditAction.SIGN_OUT) == 1


def test_the_key_of_the_first_start_gets_an_administrator_back_in(first_visitor: Visitor) -> None:
    presenter = first_visitor.presenter
    presenter.create_first("amina", "", OWN)
    first_visitor.until(KeyShown)
    shown = presenter.state
    assert isinstance(shown, KeyShown)
    assert shown.key not in repr(shown)
    presenter.key_kept()
    first_visitor.until(Inside)
    presenter.sign_out()
    presenter.forgot()
    assert presenter.state == Recovering()
    presenter.recover(shown.key, "amina", "seven loud summer boats")
    first_visitor.until(KeyShown)
    following = presenter.state
    assert isinstance(following, KeyShown)
    assert following.key != shown.key
    presenter.key_kept()
    first_visitor.until(Inside)
    assert first_visitor.session.require().name == "amina"


def test_a_wrong_key_is_refused_in_place_and_one_can_go_back(visitor: Visitor) -> None:
    visitor.presenter.forgot()
    visitor.presenter.recover("ABCDE", "admin", "seven loud summer boats")
    visitor.until(Recovering, lambda: getattr(visitor.presenter.state, "notice", None) is not None)
    assert visitor.session.actor is None
    visitor.presenter.back()
    assert visitor.presenter.state == SigningIn()


def test_the_sign_in_card_says_in_words_what_an_update_does(qtbot: QtBot) -> None:
    card = SignInCard()
    qtbot.addWidget(card)
    card.render_state(SigningIn(busy=True, step="Keeping a copy of the database: 7 %"))
    card.show()
    shown = [label.text() for label in card.findChildren(QLabel) if label.isVisible()]
    assert any("Keeping a copy of the database: 7 %" in text for text in shown)
