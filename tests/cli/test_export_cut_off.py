"""A list that is being exported when the program is killed: nothing readable is left behind."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cxr_desktop.storage.database import Database
from cxr_desktop.storage.exams import SqliteHistory
from tests.cli.conftest import PASSWORD, Run, secret
from tests.storage.test_no_names import hits
from tests.support.adding import NAMES
from tests.support.examples import an_event, an_exam
from tests.support.locked import keys_of

EXAMS = 60
EXPORT = """
import os, signal, sys
from pathlib import Path
from cxr_desktop import bootstrap, files
from cxr_desktop.domain.history import HistoryQuery

def end():
    os.kill(os.getpid(), signal.SIGKILL)

class Job:
    def report(self, step, fraction):
        if sys.argv[4] == "while it is read" and fraction > 0.5:
            end()

if sys.argv[4] == "while it is copied":
    real = os.fsync
    def fsync(descriptor):
        if os.readlink(f"/proc/self/fd/{descriptor}").startswith(sys.argv[3]):
            end()
        real(descriptor)
    files.os.fsync = fsync
program = bootstrap.build(Path(sys.argv[1]), device="cpu", built_in_models=Path(sys.argv[2]))
actor = program.access.sign_in("ada", sys.stdin.readline().strip())
table = Path(sys.argv[3]) / "exams.csv"
program.export(actor, HistoryQuery(limit=20), table, Job(), overwrite=True)
"""


@pytest.fixture
def filled(hospital: Path) -> Path:
    """A data folder with exams of `NAMES`."""
    keys = keys_of(hospital, "ada", PASSWORD)
    history = SqliteHistory(Database(hospital / "history.sqlite3", key=lambda: keys.database))
    for number in range(EXAMS):
        name = f"Doe^{NAMES[number % len(NAMES)]}"
        record = an_exam(f"exam-{number}", patient_name=name)
        history.add_all([(record, an_event(subject=record.exam_id))])
    return hospital


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")
@pytest.mark.parametrize("when", ["while it is read", "while it is copied"])
def test_of_an_export_that_was_killed_nothing_readable_stays(
    run: Run, filled: Path, built_in: Path, tmp_path: Path, when: str
) -> None:
    chosen = tmp_path / "chosen"
    chosen.mkdir()
    (chosen / "exams.csv").write_text("of last time")
    words = [sys.executable, "-c", EXPORT, str(filled), str(built_in), str(chosen), when]
    ended = subprocess.run(words, input=secret(), check=False)
    assert ended.returncode == -signal.SIGKILL
    assert hits(filled) == []
    half = [path for path in chosen.iterdir() if path.name != "exams.csv"]
    assert len(half) == 1
    assert bool(hits(chosen)) == (when == "while it is copied")  # the copy itself is readable

    said = run("--data-dir", filled, "history", "--user", "ada", "--password-stdin", stdin=secret())
    assert said.status == 0, said.err
    assert [path.read_text() for path in chosen.iterdir()] == ["of last time"]
    assert list((filled / "out").glob("*.note")) == []
