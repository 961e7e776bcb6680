"""What a person waits for at the sign-in: Argon2id, unwrapping the key, opening the data folder.

`python -m benchmarks.sign_in COUNT` fills a temporary data folder with COUNT made-up exams, signs
in and out as the window does, and prints the middle and the slowest time, of the clock and the
processor.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.encryption import PASSWORD, timed
from benchmarks.history_search import fill
from benchmarks.lines import say
from cxr_desktop import bootstrap
from cxr_desktop.storage.database import Database

REPEATS = 15


def main(count: int) -> None:
    """Fill, sign in, print."""
    with tempfile.TemporaryDirectory() as name:
        program = bootstrap.build(Path(name) / "data", device="cpu")
        program.access.create_first_administrator("ada", "", PASSWORD)
        program.access.sign_in("ada", PASSWORD)
        database = Database(program.data.database, key=program.vault.database_key)
        fill(database, count, np.random.default_rng(1))
        program.vault.close()
        took = []
        for _ in range(REPEATS):
            took.append(timed(lambda: program.access.sign_in("ada", PASSWORD)))
            program.vault.close()
        program.close()
    for kind, times in zip(("clock", "processor"), zip(*took, strict=True), strict=True):
        say(f"{count} exams, {kind}: {statistics.median(times):.0f} ms, slowest {max(times):.0f}")


if __name__ == "__main__":
    main(int(sys.argv[1]))
