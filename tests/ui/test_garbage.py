from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from cxr_desktop.ui.garbage import GarbageRest
from cxr_desktop.ui.session import Session
from tests.support.reading import READER


class Ring:
    """An object that only a look for garbage can find."""

    def __init__(self) -> None:
        self.me = self


@pytest.fixture
def session(qapp: object) -> Iterator[Session]:
    gc.collect()
    yield Session()
    gc.unfreeze()
    gc.enable()


def test_nothing_is_looked_for_until_somebody_signs_in(session: Session) -> None:
    GarbageRest(session)
    assert not gc.isenabled()
    session.sign_in(READER)
    assert gc.isenabled()


def test_what_was_loaded_by_then_is_left_out_and_later_things_are_found(session: Session) -> None:
    GarbageRest(session)
    loaded = len(gc.get_objects())
    session.sign_in(READER)
    assert gc.get_freeze_count() >= loaded
    assert len(gc.get_objects()) < loaded / 10
    later = weakref.ref(Ring())
    gc.collect()
    assert later() is None


def test_a_second_sign_in_leaves_nothing_more_out(session: Session) -> None:
    GarbageRest(session)
    session.sign_in(READER)
    session.sign_out()
    screens = weakref.ref(Ring())
    session.sign_in(READER)
    gc.collect()
    assert screens() is None


def test_what_is_made_at_the_same_signal_is_found_when_it_is_thrown_away(session: Session) -> None:
    GarbageRest(session)
    made: list[weakref.ref[Ring]] = []
    session.signed_in.connect(lambda _: made.append(weakref.ref(Ring())))
    session.sign_in(READER)
    gc.collect()
    assert made[0]() is None
