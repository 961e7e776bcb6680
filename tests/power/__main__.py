"""Cut everything off, everywhere: `python -m tests.power --count 1000`.

For each subject: ended (kill -9) at each call that changes a file and at random moments; each such
call failed once (an I/O error) and for good (a full disk). Needs Linux and a C compiler. A process
that is ended is no power cut: what the disk itself forgets is SQLite's `synchronous=FULL` and our
`fsync` to prevent, and cannot be tried like this.
"""

from __future__ import annotations

import argparse
import secrets
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.power.faults import compile_faults, environment

TOP = Path(__file__).parents[2]
SUBJECT_NAMES = ("exams", "together", "convert", "password", "taking out")
FAULT_NAMES = ("kill", "moment", "fail", "full")


def main() -> int:
    """Run what was asked for; return 1 when anything was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.power")
    parser.add_argument("--count", type=int, default=1000, help="runs of each kind, at most")
    parser.add_argument("--subject", choices=SUBJECT_NAMES, action="append")
    parser.add_argument("--fault", choices=FAULT_NAMES, action="append")
    parser.add_argument("--seed", type=int, default=None, help="repeats the same moments")
    asked = parser.parse_args()
    seed = secrets.randbelow(10**6) if asked.seed is None else asked.seed
    sys.stdout.write(f"seed {seed}\n")
    wrong = 0
    for subject in asked.subject or SUBJECT_NAMES:
        for fault in asked.fault or FAULT_NAMES:
            wrong += run(subject, fault, asked.count, seed)
    return 1 if wrong else 0


def run(subject: str, fault: str, count: int, seed: int) -> int:
    """Run one kind in a process with the faults loaded; return its exit status."""
    with tempfile.TemporaryDirectory(prefix="cxr-power-") as name:
        folder = Path(name)
        words = [sys.executable, "-m", "tests.power.worker", subject, str(folder), fault]
        ended = subprocess.run(
            [*words, str(count), str(seed)],
            cwd=TOP,
            env=environment(compile_faults(folder)),
            check=False,
        )
    return ended.returncode


if __name__ == "__main__":
    sys.exit(main())
