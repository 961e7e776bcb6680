"""Shared by the tests of reading films: one decoder child for each file of tests."""

from collections.abc import Iterator

import pytest

from cxr_desktop.imaging.child_reader import ChildFilmReader


@pytest.fixture(scope="module")
def reader() -> Iterator[ChildFilmReader]:
    made = ChildFilmReader()
    made.warm_up()
    yield made
    made.close()
