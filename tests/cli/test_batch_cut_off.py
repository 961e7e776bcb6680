"""A run of `batch` that is killed goes on where it was: nothing is lost, nothing done twice."""

import json
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import FILMS, Run, secret
from tests.cli.killed import told_before_the_end

PROGRAM = (
    "import sys; from pathlib import Path; from cxr_desktop.cli.main import main;"
    " sys.exit(main(sys.argv[2:], built_in_models=Path(sys.argv[1])))"
)


def cut_off(command: list[str], rows: int) -> list[str]:
    """Return the exams that were told before it was killed, after so many films."""
    return [json.loads(line)["exam_id"] for line in told_before_the_end(command, rows)]


@pytest.mark.skipif(sys.platform == "win32", reason="kills a group of processes")
def test_three_kills_and_every_film_is_stored_once(
    run: Run, hospital: Path, many: Path, built_in: Path
) -> None:
    words = ["--data-dir", str(hospital), "batch", str(many), "--record", "--user", "ada"]
    words += ["--password-stdin", "--json"]
    command = [sys.executable, "-c", PROGRAM, str(built_in), *words]
    told: set[str] = set()
    for rows in (1, 4, 7):  # a film that was stored before is told, too
        told.update(cut_off(command, rows))
    last = run(*words, stdin=secret())
    assert last.status == 0
    exams = {row["file"]: row["exam_id"] for row in last.rows}
    assert len(exams) == FILMS
    assert told <= set(exams.values())
    assert sum(row["status"] == "stored_before" for row in last.rows) >= 7
    listed = run(
        *("--data-dir", hospital, "history", "--user", "ada", "--password-stdin", "--json"),
        stdin=secret(),
    )
    assert {row["exam_id"] for row in listed.rows} == set(exams.values())
    assert len(listed.rows) == FILMS
