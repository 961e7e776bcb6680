"""The window is killed while it runs all films: nothing it showed is lost, nothing done twice."""

import os
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import FILMS, Run, secret
from tests.cli.killed import told_before_the_end


def shown(data: Path, films: Path, models: Path, *, until: int | None) -> set[str]:
    """Run all in the real window; kill it once so many films are shown as stored."""
    places = [str(place) for place in (data, films, models)]
    command = [sys.executable, "-m", "tests.support.window_run", *places]
    environ = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    told = told_before_the_end(command, until, environ=environ)
    return {line.decode().strip() for line in told}


@pytest.mark.skipif(sys.platform == "win32", reason="kills a group of processes")
def test_two_kills_of_the_window_and_every_film_is_stored_once(
    run: Run, hospital: Path, many: Path, built_in: Path
) -> None:
    told = shown(hospital, many, built_in, until=2)
    told |= shown(hospital, many, built_in, until=6)
    told.discard("ended")  # several are stored together: a kill may come after the last
    listing = ("--data-dir", hospital, "history", "--user", "ada", "--password-stdin", "--json")
    after_kills = run(*listing, stdin=secret()).rows
    assert told <= {row["file"] for row in after_kills}
    last = shown(hospital, many, built_in, until=None)
    assert last == {"ended", *(film.name for film in many.iterdir())}
    rows = run(*listing, stdin=secret()).rows
    assert len(rows) == len({row["file"] for row in rows}) == FILMS
    before = {row["exam_id"]: row["probability"] for row in after_kills}
    assert before.items() <= {row["exam_id"]: row["probability"] for row in rows}.items()
