"""How the History and the reports on quality grow with the number of exams.

`python -m benchmarks.history_growth 1000 100000 1000000` fills a temporary folder for each number,
each in a process of its own, and prints a column per number: seconds to fill
(in bulk) the encrypted database, its size, the 95th percentile of each letter of a name as it is
typed, of the first page and of one at 90 % by every sort (milliseconds), seconds to walk through
every exam for a month's report and for drift, and the highest memory.
"""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from benchmarks.history_search import SORTS, START, fill, say
from cxr_desktop.domain.history import HistoryQuery
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.exams import SqliteHistory
from cxr_desktop.storage.quality_rows import SqliteQualityRows

ONE = "--one"
REPEATS = 40
LETTERS = 8
KIB_PER_MIB = 1024


def main(words: list[str]) -> None:
    """Measure one number in this process, or several in processes of their own."""
    if words[:1] == [ONE]:
        say(json.dumps(measure(int(words[1]))))
        return
    columns = []
    for count in words or ["1000", "100000", "1000000"]:
        call = [sys.executable, "-m", "benchmarks.history_growth", ONE, count]
        done = subprocess.run(call, check=True, capture_output=True, text=True)  # noqa: S603 - this module
        columns.append(json.loads(done.stdout))
    for name in columns[0]:
        say(f"{name:34}" + "".join(f"{column[name]:>12,.1f}" for column in columns))


def measure(count: int) -> dict[str, float]:
    """Fill and ask; seconds, milliseconds and MiB by name."""
    chance = np.random.default_rng(1)
    with tempfile.TemporaryDirectory() as folder:
        key = secrets.token_hex(32)
        database = Database.open(Path(folder) / "history.sqlite3", key=lambda: key)
        names: list[str] = []
        seconds = timed(lambda: names.extend(fill(database, count, chance)))
        found: dict[str, float] = {"exams": count, "fill, s": seconds}
        found["database, MiB"] = database.path.stat().st_size / 2**20
        history = SqliteHistory(database)
        asked = [str(chance.choice(names)) for _ in range(REPEATS)]
        for letters in range(1, LETTERS + 1):
            typed = [HistoryQuery(text=name[:letters]) for name in asked]
            found[f"name, letter {letters} typed, ms"] = high(history, typed)
        every = [HistoryQuery(text=name[:n]) for name in asked for n in range(1, LETTERS + 1)]
        found["any letter typed, ms"] = high(history, every)
        for sort in SORTS:
            first = [HistoryQuery(sort=sort)] * REPEATS
            deep = [HistoryQuery(sort=sort, offset=int(count * 0.9))] * REPEATS
            found[f"first page by {sort}, ms"] = high(history, first)
            found[f"page at 90 % by {sort}, ms"] = high(history, deep)
        found |= counted(database, START + timedelta(minutes=3 * count))
    found["highest memory, MiB"] = highest_memory()
    return found


def counted(database: Database, last: datetime) -> dict[str, float]:
    """Count for the reports on quality: everything, and the last month and half year."""
    rows, found = SqliteQualityRows(database), {}
    for words, since in (("all exams", START), ("31 days", last - timedelta(days=31))):
        found[f"month's report, {words}, s"] = timed(
            lambda since=since: (rows.counts(since, last), rows.milliseconds(since, last))  # type: ignore[misc]  # bound now
        )
    for words, since in (("all exams", START), ("26 weeks", last - timedelta(weeks=26))):
        found[f"drift, {words}, s"] = timed(lambda since=since: rows.scores(since, last))  # type: ignore[misc]  # bound now
    return found


def high(history: SqliteHistory, queries: list[HistoryQuery]) -> float:
    """Return the 95th percentile of what the queries take, in milliseconds."""
    taken = [timed(lambda query=query: history.search(query)) * 1000 for query in queries]  # type: ignore[misc]  # bound now
    return float(np.percentile(taken, 95))


def timed(work: Callable[[], object]) -> float:
    """Return how many seconds it takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def highest_memory() -> float:
    """Return this process's highest resident memory in MiB; nan where the system does not say."""
    try:
        import resource  # noqa: PLC0415 - absent on Windows
    except ImportError:
        return float("nan")
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB_PER_MIB


if __name__ == "__main__":
    main(sys.argv[1:])
