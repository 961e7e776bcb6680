"""`watch`: new films are stored once, also when it is killed again and again."""

import json
import signal
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run, draw_film, secret
from tests.cli.killed import told_before_the_end
from tests.cli.test_batch_cut_off import PROGRAM

FILMS, MORE = 10, 5


def watched(command: list[str], rows: int, how: signal.Signals, last: bytes = b"\n") -> list[str]:
    """Watch until so many films were told, end it like this; return the exams that were told."""
    rows_told = [json.loads(line) for line in told_before_the_end(command, rows, how, last=last)]
    return [row["exam_id"] for row in rows_told if row["exam_id"]]


@pytest.mark.skipif(sys.platform == "win32", reason="kills a group of processes")
def test_two_kills_and_every_film_is_stored_once(
    run: Run, hospital: Path, tmp_path: Path, built_in: Path
) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    for number in range(FILMS):
        draw_film(inbox, number)
    (hospital / "settings.toml").write_text("[watch]\nseconds = 2\n")
    words = ["--data-dir", str(hospital), "watch", str(inbox), "--user", "ada"]
    command = [sys.executable, "-c", PROGRAM, str(built_in), *words, "--password-stdin", "--json"]
    # A kill may come late, when all films are stored, and those of before it are told by nobody:
    # each run waits for films that are new.
    told = watched(command, 3, signal.SIGKILL)
    for number in range(FILMS, FILMS + MORE):
        draw_film(inbox, number)
    told += watched(command, 2, signal.SIGKILL)
    draw_film(inbox, FILMS + MORE)
    told += watched(command, 1, signal.SIGINT, last=f"{FILMS + MORE:02}.png".encode())
    listed = run(
        *("--data-dir", hospital, "history", "--user", "ada", "--password-stdin", "--json"),
        stdin=secret(),
    )
    stored = {row["exam_id"] for row in listed.rows}
    assert set(told) <= stored
    assert len(listed.rows) == len({row["film_sha256"] for row in listed.rows})
    assert len(listed.rows) == FILMS + MORE + 1


def test_without_a_folder_it_says_what_to_do(run: Run, hospital: Path) -> None:
    said = run("--data-dir", hospital, "watch", "--user", "ada", "--password-stdin", stdin=secret())
    assert said.status != 0
    assert "No folder to watch was named" in said.err
