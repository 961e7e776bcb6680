"""Cuts one subject off again and again, each time in a child of its own.

`python -m tests.power.worker SUBJECT FOLDER FAULT COUNT SEED`, with `faults.c` loaded, prints one
line for what went wrong each time, and last a sum as JSON.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

from cxr_desktop.domain.errors import UserError
from tests.power.faults import Fault, arm, counted
from tests.power.subjects import SUBJECTS, Subject, fresh, tell

AT_ANY_MOMENT = "moment"
FAULTS = {"kill": Fault.KILL, "fail": Fault.FAIL_ONCE, "full": Fault.FULL_FROM_HERE}
BUG = 70


def main(name: str, folder: Path, fault: str, count: int, seed: int) -> int:
    """Cut off `count` times; return how often something was wrong."""
    subject, chance = SUBJECTS[name], random.Random(seed)
    template = folder / "template"
    subject.prepare(template)
    calls, seconds = _measure(subject, fresh(template, folder / "work"))
    wrong = 0
    points = _points(calls, count, chance) if fault in FAULTS else range(count)
    slowest = 0.0
    for point in points:
        root = fresh(template, folder / "work")
        if fault in FAULTS:
            said, died = _act(subject, root, FAULTS[fault], point)
        else:
            said, died = _end_after(subject, root, chance.uniform(0, seconds))
        begun = time.perf_counter()
        problem = f"ended with {died}" if died == BUG else _look(subject, root, said)
        slowest = max(slowest, time.perf_counter() - begun)
        if problem:
            wrong += 1
            tell(f"{name} {fault} at {point} of {calls}: {problem}")
    done = len(points)
    tell(json.dumps({"subject": name, "fault": fault, "calls": calls, "runs": done,
                     "wrong": wrong, "slowest_check_s": round(slowest, 2)}))  # fmt: skip
    return wrong


def _points(calls: int, count: int, chance: random.Random) -> list[int]:
    """Return every call, or as many as asked for, spread over all."""
    if count >= calls:
        return list(range(1, calls + 1))
    return sorted(chance.sample(range(1, calls + 1), count))


def _measure(subject: Subject, root: Path) -> tuple[int, float]:
    """Do it once undisturbed; return its calls and seconds."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        arm(Fault.COUNT, 0)
        begun = time.perf_counter()
        subject.act(root, lambda _: None)
        seconds = time.perf_counter() - begun
        os.write(writing, json.dumps([counted(), seconds]).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        calls, seconds = json.loads(answer.read())
    os.waitpid(child, 0)
    return int(calls), float(seconds)


def _act(subject: Subject, root: Path, fault: Fault, at: int) -> tuple[list[str], int]:
    """Do it in a child that meets a fault; return what it said and how it ended."""
    reading, child = _child(subject, root, lambda: arm(fault, at))
    return _ended(reading, child)


def _end_after(subject: Subject, root: Path, seconds: float) -> tuple[list[str], int]:
    """Do it in a child that is ended after so long."""
    reading, child = _child(subject, root, lambda: None)
    time.sleep(seconds)  # the moment is what is tried, nothing is awaited
    os.kill(child, signal.SIGKILL)
    return _ended(reading, child)


def _child(subject: Subject, root: Path, begin: Callable[[], None]) -> tuple[int, int]:
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        return reading, child

    def say(text: str) -> None:
        os.write(writing, f"{text}\n".encode())

    status = 0
    try:
        begin()
        subject.act(root, say)
    except UserError:
        status = 2  # it was said that it was not done
    except BaseException:  # noqa: BLE001 - whatever it is, it is a bug
        arm(Fault.COUNT, 0)
        traceback.print_exc()
        status = BUG
    os._exit(status)


def _ended(reading: int, child: int) -> tuple[list[str], int]:
    with os.fdopen(reading) as answer:
        said = list(_lines(answer.read()))
    _, status = os.waitpid(child, 0)
    return said, os.waitstatus_to_exitcode(status)


def _lines(text: str) -> Iterator[str]:
    for line in text.splitlines(keepends=True):
        if line.endswith("\n"):
            yield line.strip()


def _look(subject: Subject, root: Path, said: list[str]) -> str:
    try:
        subject.check(root, said)
    except (AssertionError, UserError) as problem:
        return f"{type(problem).__name__}: {problem}"
    return ""


if __name__ == "__main__":
    words = sys.argv[1:]
    sys.exit(min(main(words[0], Path(words[1]), words[2], int(words[3]), int(words[4])), 100))
