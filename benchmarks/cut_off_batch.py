"""A long batch as one command, killed at a third of it and given again: nothing lost or twice.

    python -m benchmarks.cut_off_batch FOLDER [--films 10000]

The films of FOLDER, and drawn ones (16-bit DICOM, 1200 x 1000) up to that number, go through
`batch --record --csv` in a data folder that is thrown away. Memory is that of the program and its
decoder process together, from Linux, looked at twice a second. At the end the list is compared
with the History: each film's bytes have one exam.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

from benchmarks.batch import PASSWORD, drawn, resident
from benchmarks.lines import say
from cxr_desktop import bootstrap
from cxr_desktop.services.classify_many import film_hash

SETTLED = 500
LOOK_S = 0.5


@dataclass
class Told:
    """What one run said: rows and new exams so far, memory by new exams, and the time it took."""

    rows: int = 0
    new: int = 0
    memory: list[tuple[int, float]] = field(default_factory=list)
    seconds: float = 0.0

    def watch(self, process: subprocess.Popen[bytes]) -> None:
        """Note the memory while it runs."""
        while process.poll() is None:
            self.memory.append((self.new, sum(map(resident_or_gone, family(process.pid)))))
            time.sleep(LOOK_S)


def main() -> None:
    """Read the words of the command line, run, kill, run again, and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--films", type=int, default=10_000)
    words = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        root = Path(made)
        there = sum(path.is_file() for path in words.folder.rglob("*"))
        more = list(itertools.islice(drawn(root / "drawn", 1200, 1000), words.films - there))
        say(f"{there} films of the folder and {len(more)} drawn ones")
        program = bootstrap.build(root / "data", device="cpu")
        program.access.create_first_administrator("ada", "Ada L.", PASSWORD)
        program.close()
        films = [str(words.folder), str(root / "drawn")]
        batch = ["batch", *films, "--record", "--json"]
        first = run(root, [*batch, "--csv", str(root / "first.csv")], words.films // 3)
        second = run(root, [*batch, "--csv", str(root / "second.csv")])
        for name, told in (("first run, killed", first), ("second run", second)):
            say(f"{name}: {told.rows} rows in {told.seconds:.0f} s, {speak(told)}")
        compare(root)


def run(root: Path, words: list[str], kill_after: int | None = None) -> Told:
    """Give the command; with a number it is killed, with its decoder, after so many rows."""
    told, begun = Told(), time.perf_counter()
    command = [sys.executable, "-m", "cxr_desktop", "--data-dir", str(root / "data"), *words]
    with subprocess.Popen(  # noqa: S603 - our own program
        [*command, "--user", "ada", "--password-stdin"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{PASSWORD}\n".encode())
        process.stdin.close()
        watch = Thread(target=told.watch, args=(process,))
        watch.start()
        first_new = begun
        for line in process.stdout:
            told.rows += 1
            if json.loads(line).get("status") == "classified":
                told.new += 1
                first_new = first_new if told.new > 1 else time.perf_counter()
            if told.rows == kill_after:
                os.killpg(process.pid, signal.SIGKILL)
                break
        told.seconds = time.perf_counter() - begun
        say(f"{told.new} new exams, {told.new / (time.perf_counter() - first_new):.1f} a second")
        process.stdout.close()
        process.wait()
        watch.join()
    return told


def speak(told: Told) -> str:
    """Say how much memory it took, and how that grew."""
    most = max(size for _, size in told.memory)
    settled = [size for new, size in told.memory if new >= SETTLED and size > most / 2]
    return f"memory at most {most:.0f} MiB, {settled[-1] - settled[0]:+.1f} from exam {SETTLED} on"


def compare(root: Path) -> None:
    """Hold the list against the History and the films themselves."""
    listed = rows_of(root / "second.csv")
    exams = {row["exam_id"] for row in listed if row["exam_id"]}
    before = {row["exam_id"] for row in rows_of(root / "first.csv") if row["exam_id"]}
    pairs = {(film_hash(Path(row["file"])), row["exam_id"]) for row in listed if row["exam_id"]}
    history = root / "history.csv"
    run(root, ["history", "--csv", str(history)])
    stored = len(rows_of(history))
    different = len({sha256 for sha256, _ in pairs})
    say(f"list: {len(listed)} rows, {len(exams)} exams of {different} different films")
    say(f"told before the kill and lost: {len(before - exams)}")
    say(f"History: {stored} exams; stored twice: {stored - different}")


def rows_of(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def family(process: int) -> list[int]:
    """Return the ids of a process and its children (Linux)."""
    try:
        threads = Path(f"/proc/{process}/task").glob("*/children")
        children = [text for thread in threads for text in thread.read_text("ascii").split()]
    except OSError:  # it ended, or a thread of it
        return [process]
    return [process, *map(int, children)]


def resident_or_gone(process: int) -> float:
    """Return a process's resident memory in MiB; 0 for one that ended."""
    try:
        return resident(process)
    except (OSError, ValueError, IndexError):
        return 0.0


if __name__ == "__main__":
    main()
