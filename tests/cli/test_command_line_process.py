"""The command line as its own process, decoder child and all."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.packs import make_pack

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.skipif(sys.platform == "win32", reason="one of the names is for POSIX only")
def test_the_module_runs_by_itself(films: Path, data: Path) -> None:
    make_pack(data / "models", "mine")
    (films / "dark.png").rename(films / "dunkel ü.png")
    words = ["--data-dir", str(data), "classify", str(films), "--model", "mine", "--json"]
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONWARNINGS": "error"}
    answer = subprocess.run(
        [sys.executable, "-m", "cxr_desktop", *words],
        cwd=ROOT,
        capture_output=True,
        check=False,
        timeout=300,
        env=environment,
    )
    assert (answer.returncode, answer.stderr) == (0, b"")
    rows = [json.loads(line) for line in answer.stdout.splitlines()]
    assert [row["verdict"] for row in rows] == ["abnormal", "normal"]
    assert os.fsencode(films / "dunkel ü.png") in [os.fsencode(row["file"]) for row in rows]


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell with pipes")
def test_a_reader_that_has_gone_leaves_no_traceback(films: Path, data: Path) -> None:
    make_pack(data / "models", "mine")
    command = f'"{sys.executable}" -m cxr_desktop --data-dir "$1" classify "$2" --model mine | true'
    answer = subprocess.run(
        ["sh", "-c", command, "sh", str(data), str(films)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert answer.stderr == ""
