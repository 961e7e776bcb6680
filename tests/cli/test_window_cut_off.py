"""The window is killed while it runs all films: nothing it showed is lost, nothing done twice."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import FILMS, Run, secret


def shown(data: Path, films: Path, models: Path, *, until: int | None) -> set[str]:
    """Run all in the real window; kill it once so many films are shown as stored."""
    places = [str(place) for place in (data, films, models)]
    with subprocess.Popen(
        [sys.executable, "-m", "tests.support.window_run", *places],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(secret())
        process.stdin.close()
        told: set[str] = set()
        for line in process.stdout:
            told.add(line.decode().strip())
            if len(told) == until:
                os.killpg(process.pid, signal.SIGKILL)
                break
    return told


@pytest.mark.skipif(sys.platform == "win32", reason="kills a group of processes")
def test_two_kills_of_the_window_and_every_film_is_stored_once(
    run: Run, hospital: Path, many: Path, built_in: Path
) -> None:
    told = shown(hospital, many, built_in, until=2)
    told |= shown(hospital, many, built_in, until=6)
    listing = ("--data-dir", hospital, "history", "--user", "ada", "--password-stdin", "--json")
    after_kills = run(*listing, stdin=secret()).rows
    assert told <= {row["file"] for row in after_kills}
    last = shown(hospital, many, built_in, until=None)
    assert last == {"ended", *(film.name for film in many.iterdir())}
    rows = run(*listing, stdin=secret()).rows
    assert len(rows) == len({row["file"] for row in rows}) == FILMS
    before = {row["exam_id"]: row["probability"] for row in after_kills}
    assert before.items() <= {row["exam_id"]: row["probability"] for row in rows}.items()
