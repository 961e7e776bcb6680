from __future__ import annotations

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.roles import Actor, Permission, User
from cxr_desktop.ui.session import Session

AMINA = Actor(User("amina", "Dr Amina Said", "Doctors"), frozenset({Permission.RUN}))
BEN = Actor(User("ben", "Ben", "Technicians"), frozenset())


def test_a_new_person_puts_the_one_before_out(qtbot: QtBot) -> None:
    session, heard = Session(), list[str]()
    session.signed_in.connect(lambda actor: heard.append(f"in {actor.name}"))
    session.signed_out.connect(lambda: heard.append("out"))

    session.sign_in(AMINA)
    session.sign_in(BEN)
    session.sign_out()
    session.sign_out()

    assert heard == ["in amina", "out", "in ben", "out"]
    assert session.actor is None


def test_changed_permissions_are_told_once(qtbot: QtBot) -> None:
    session, heard = Session(), list[Actor]()
    session.actor_changed.connect(heard.append)
    session.sign_in(AMINA)
    changed = replace(AMINA, permissions=frozenset(Permission))

    session.update(AMINA)
    session.update(changed)

    assert heard == [changed]
    assert session.require() == changed


def test_nobody_takes_over_the_session_of_another(qtbot: QtBot) -> None:
    session = Session()
    session.sign_in(AMINA)
    with pytest.raises(ValueError, match="another person"):
        session.update(BEN)


def test_nobody_is_nobody(qtbot: QtBot) -> None:
    with pytest.raises(RuntimeError, match="nobody"):
        Session().require()
