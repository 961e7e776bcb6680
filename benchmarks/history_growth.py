"""How the History and the reports on quality grow with the number of exams.

`python -m benchmarks.history_growth [--keep FOLDER] 1000 100000 1000000` fills a folder for each
number, each in a process of its own, and prints a column per number: seconds to fill (in bulk) the
encrypted database, its size, and by every sort the first page, what making the list takes, the 95th
percentile of any letters of a name and of a page at 90 %; by time and by patient also each letter,
letters from inside a name, with the word of a review, and with filters (milliseconds by the clock,
and of the processor alone, for a machine that others use, too); then seconds to count for a month's
report and for drift, and the highest memory. Letters are asked as the window asks: through a
connection that stays open, of a list that is there, made ready; and of names that were not asked
for before, since what was asked for may be held. Then exams are stored one by one, in turns, in
all of these databases: what one costs must not grow. `--keep` leaves the folders, and takes those
that lie there already.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import get_args

import numpy as np

from benchmarks.history_search import FINDINGS, START, event_of, fill, made_up
from benchmarks.lines import say
from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.history import HistoryQuery, SortKey
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.exams import SqliteHistory
from cxr_desktop.storage.history_search import TOP
from cxr_desktop.storage.quality_rows import SqliteQualityRows

ONE = "--one"
REPEATS, STORED = 40, 300
LATEST = 10**7  # a number, and so a time, after all others
KEY = "ab" * 32
SORTS: tuple[SortKey, ...] = get_args(SortKey)
LETTERS_BY: tuple[SortKey, ...] = ("time", "patient")
LETTERS, INSIDE = 8, (3, 4, 5)
KIB_PER_MIB = 1024


def main() -> None:
    """Measure one number in this process, or several in processes of their own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("counts", type=int, nargs="*", default=[1000, 100_000, 1_000_000])
    parser.add_argument("--keep", type=Path)
    parser.add_argument(ONE, action="store_true", dest="one")
    words = parser.parse_args()
    if words.one:
        say(json.dumps(measure(words.counts[0], words.keep)))
        return
    with tempfile.TemporaryDirectory() as made:
        root = words.keep or Path(made)
        columns = []
        for count in words.counts:
            call = [sys.executable, "-m", "benchmarks.history_growth", ONE, "--keep", str(root)]
            done = subprocess.run([*call, str(count)], check=True, capture_output=True, text=True)  # noqa: S603 - this module
            columns.append(json.loads(done.stdout))
        for name in columns[0]:
            say(f"{name:52}" + "".join(f"{column[name]:>12,.1f}" for column in columns))
        stored = store_in_turns([place_of(root, count) for count in words.counts])
        say(f"{'store one exam, median ms':52}" + "".join(f"{one:>12,.2f}" for one in stored))
        say(f"{'as a ratio to the first':52}" + "".join(f"{n / stored[0]:>12.2f}" for n in stored))


def place_of(root: Path, count: int) -> Path:
    """Return where the database of so many exams lies."""
    return root / str(count)


def opened(folder: Path) -> Database:
    """Open or make the database, with a key that only this benchmark uses."""
    folder.mkdir(parents=True, exist_ok=True)
    return Database.open(folder / "history.sqlite3", key=lambda: KEY, keep_open=True)


def measure(count: int, root: Path) -> dict[str, float]:
    """Fill, unless that was done, and ask; seconds, milliseconds and MiB by name."""
    chance = np.random.default_rng(1)
    database = opened(place_of(root, count))
    history = SqliteHistory(database)
    seconds = 0.0
    if not history.search(HistoryQuery(limit=0)).total:
        seconds = timed(lambda: fill(database, count, chance))
    found: dict[str, float] = {"exams": count, "fill, s": seconds}
    found["database, MiB"] = database.path.stat().st_size / 2**20
    with database.read() as db:
        sample = f"SELECT patient_name FROM exams WHERE seq % {max(count // REPEATS // 2, 1)} = 0"  # noqa: S608 - a number
        names = [str(row[0]) for row in db.execute(sample)]
    asked, others = names[::2][:REPEATS], names[1::2][:REPEATS]
    for sort in SORTS:
        found |= high(history, f"first page by {sort}", [HistoryQuery(sort=sort)] * REPEATS)
        found |= list_made(history, HistoryQuery(sort=sort))
        every = [
            HistoryQuery(text=name[:letters], sort=sort)
            for name in others[:: 1 if sort in LETTERS_BY else 4]
            for letters in range(1, LETTERS + 1)
        ]
        deep = [HistoryQuery(sort=sort, offset=int(count * 0.9))] * REPEATS
        found |= high(history, f"any letter typed, by {sort}", every)
        found |= high(history, f"page at 90 % by {sort}", deep)
        if sort in LETTERS_BY:
            found |= typed(history, asked, sort) | more_words(history, asked, sort)
            found |= narrowed(history, asked, sort, count)
    found["highest memory of the lists, MiB"] = highest_memory()
    found |= counted(database, START + timedelta(minutes=3 * count))
    found["highest memory, MiB"] = highest_memory()
    return found


def typed(history: SqliteHistory, names: list[str], sort: SortKey) -> dict[str, float]:
    """Type the names letter by letter, from their beginning and from inside."""
    found: dict[str, float] = {}
    for letters in range(1, LETTERS + 1):
        begun = [HistoryQuery(text=name[:letters], sort=sort) for name in names]
        found |= high(history, f"letter {letters} typed, by {sort}", begun)
    for letters in INSIDE:  # of the given name, from its second letter on
        texts = [name.partition("^")[2][1:][:letters] for name in names]
        inside = [HistoryQuery(text=text, sort=sort) for text in texts]
        found |= high(history, f"{letters} letters from inside, by {sort}", inside)
        said = [HistoryQuery(text=f"{text} effus", sort=sort) for text in texts]
        found |= high(history, f"{letters} from inside and a review's word, by {sort}", said)
    return found


def more_words(history: SqliteHistory, names: list[str], sort: SortKey) -> dict[str, float]:
    """Type words of reviews, letters of both names, and as somebody who reads first."""
    begun = [HistoryQuery(text=n[: 1 + at % LETTERS], sort=sort) for at, n in enumerate(names)]
    said = [word[:letters] for word in FINDINGS for letters in range(1, LETTERS + 1)]
    both = [f"{n[: 1 + at % 5]} {n.partition('^')[2][: 1 + at % 3]}" for at, n in enumerate(names)]
    return (
        high(history, f"a review's word, by {sort}", [replace(begun[0], text=t) for t in said])
        | high(history, f"both names, by {sort}", [replace(begun[0], text=t) for t in both])
        | high(history, f"reads first, by {sort}", [replace(q, withheld_from="rad") for q in begun])
    )


def narrowed(
    history: SqliteHistory, names: list[str], sort: SortKey, count: int
) -> dict[str, float]:
    """Type the names in a list that was narrowed before."""
    middle = (START + timedelta(minutes=3 * count // 2)).date()
    found: dict[str, float] = {}
    for words, query in (
        ("abnormal", HistoryQuery(verdict=Verdict.ABNORMAL, sort=sort)),
        ("a user's", HistoryQuery(user="user7", sort=sort)),
        ("read by one", HistoryQuery(read_by="rad", sort=sort)),
        ("30 days", HistoryQuery(first_day=middle, last_day=middle + timedelta(29), sort=sort)),
    ):
        found |= list_made(history, query, f", {words}")
        begun = [replace(query, text=n[: 1 + at % LETTERS]) for at, n in enumerate(names)]
        found |= high(history, f"any letter typed, {words}, by {sort}", begun)
    return found


def list_made(history: SqliteHistory, query: HistoryQuery, of: str = "") -> dict[str, float]:
    """Return what the first question takes that needs the whole list, and what words take then."""
    history.forget_lists()
    found = high(history, f"list made, by {query.sort}{of}", [replace(query, limit=1, offset=TOP)])
    words = timed(lambda: history.get_ready(query))
    return found | {f"words made ready, by {query.sort}{of}, s": words}


def store_in_turns(places: Sequence[Path]) -> list[float]:
    """Store exams one by one in each database, in turns; return the median of each, in ms."""
    histories = [SqliteHistory(opened(place)) for place in places]
    taken: list[list[float]] = [[] for _ in places]
    chance = np.random.default_rng()
    held = {history: history.search(HistoryQuery(limit=0)).total for history in histories}
    for number in range(STORED):
        for history, each in zip(histories, taken, strict=True):
            record = made_up(LATEST + held[history] + number, chance)
            each.append(timed(lambda h=history, r=record: h.add_all([(r, event_of(r))])) * 1000)  # type: ignore[misc]  # bound now
    return [float(np.median(each)) for each in taken]


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


def high(history: SqliteHistory, name: str, queries: list[HistoryQuery]) -> dict[str, float]:
    """Return the 95th percentile of what the queries take, by the clock and of the processor."""
    clock, processor = [], []
    for query in queries:
        begun = time.process_time()
        clock.append(timed(lambda query=query: history.search(query)) * 1000)  # type: ignore[misc]  # bound now
        processor.append((time.process_time() - begun) * 1000)
    return {
        f"{name}, ms": float(np.percentile(clock, 95)),
        f"{name}, processor ms": float(np.percentile(processor, 95)),
    }


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
    main()
