from __future__ import annotations

from pathlib import Path

from cxr_desktop.ui.clock import utc_now
from cxr_desktop.ui.screens.read.worklist import Worklist

MANY = 10_000


class Counting(type(Path())):  # type: ignore[misc]  # the kind of this system
    """A path that counts how often two are compared."""

    compared = 0

    def __eq__(self, other: object) -> bool:
        Counting.compared += 1
        return bool(super().__eq__(other))

    __hash__ = type(Path()).__hash__


def test_ten_thousand_files_dropped_twice_are_found_on_the_list_at_once() -> None:
    worklist = Worklist(utc_now)
    paths = [Counting(f"/films/{number}.dcm") for number in range(MANY)]
    items = worklist.add_files(paths)
    Counting.compared = 0
    again = worklist.add_files([Counting(path) for path in paths])
    assert Counting.compared <= 2 * MANY  # each path with each other one: a minute
    assert again == items
    assert len(worklist.as_they_came()) == MANY
