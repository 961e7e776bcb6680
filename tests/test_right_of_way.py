"""The window draws first; whoever works waits for it, and never for long."""

from __future__ import annotations

import threading

import pytest

from cxr_desktop.right_of_way import LONGEST_S, RightOfWay
from tests.support.door import RealSeconds


def passes(way: RightOfWay) -> threading.Thread:
    """Let a thread wait for the window."""
    thread = threading.Thread(target=way.wait)
    thread.start()
    return thread


def test_nobody_waits_where_no_window_draws() -> None:
    way = RightOfWay()
    thread = passes(way)
    thread.join(20)
    assert not thread.is_alive()


def test_a_thread_waits_until_the_window_has_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cxr_desktop.right_of_way.LONGEST_S", 60.0)
    way = RightOfWay()
    way.take()
    thread = passes(way)
    thread.join(0.2)
    assert thread.is_alive()
    way.give()
    thread.join(20)
    assert not thread.is_alive()


def test_a_window_that_never_gives_it_back_holds_nobody_up() -> None:
    seconds = RealSeconds()
    way = RightOfWay(seconds)
    way.take()
    thread = passes(way)
    thread.join(20)
    assert not thread.is_alive()
    seconds.now += LONGEST_S
    way.wait()  # not once more
