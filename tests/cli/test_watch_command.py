"""`watch`: new films are stored once, also when it is killed again and again."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from cxr_desktop.imaging.phantom import draw_chest
from tests.cli.conftest import Run, secret
from tests.cli.test_batch_cut_off import PROGRAM

FILMS = 10


def draw(folder: Path, number: int) -> None:
    film = draw_chest(rows=256, columns=224, seed=number)
    grey = (film / film.max() * (60 + 15 * number)).astype(np.uint8)
    (folder / f"{number:02}.png").write_bytes(cv2.imencode(".png", grey)[1].tobytes())


def watched(command: list[str], rows: int, how: signal.Signals) -> list[str]:
    """Watch until so many films were told, end it like this; return the exams that were told."""
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(secret())
        process.stdin.close()
        told = [json.loads(process.stdout.readline()) for _ in range(rows)]
        os.killpg(process.pid, how)
        told += [json.loads(line) for line in process.stdout if line.endswith(b"\n")]
    return [row["exam_id"] for row in told if row["exam_id"]]


@pytest.mark.skipif(sys.platform == "win32", reason="kills a group of processes")
def test_two_kills_and_every_film_is_stored_once(
    run: Run, hospital: Path, tmp_path: Path, built_in: Path
) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    for number in range(FILMS):
        draw(inbox, number)
    (hospital / "settings.toml").write_text("[watch]\nseconds = 2\n")
    words = ["--data-dir", str(hospital), "watch", str(inbox), "--user", "ada"]
    command = [sys.executable, "-c", PROGRAM, str(built_in), *words, "--password-stdin", "--json"]
    told = watched(command, 3, signal.SIGKILL)
    told += watched(command, 2, signal.SIGKILL)
    draw(inbox, FILMS)
    told += watched(command, FILMS + 1 - len(set(told)) - 1, signal.SIGINT)
    listed = run(
        *("--data-dir", hospital, "history", "--user", "ada", "--password-stdin", "--json"),
        stdin=secret(),
    )
    stored = {row["exam_id"] for row in listed.rows}
    assert set(told) <= stored
    assert len(listed.rows) == len({row["film_sha256"] for row in listed.rows})
    assert len(listed.rows) >= FILMS


def test_without_a_folder_it_says_what_to_do(run: Run, hospital: Path) -> None:
    said = run("--data-dir", hospital, "watch", "--user", "ada", "--password-stdin", stdin=secret())
    assert said.status != 0
    assert "No folder to watch was named" in said.err
