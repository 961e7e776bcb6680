"""Reads mutants through the real child reader and counts what becomes of them.

A mutant is known by (seed, number) alone: `mutant(seed, number, films)` makes the same bytes again.
"""

from __future__ import annotations

import hashlib
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from cxr_desktop.domain.errors import FilmRefused, RefusalCode
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.imaging.child_reader import GAVE_UP, MEMORY_BYTES, ChildFilmReader
from tests.fuzz.mutators import mutate
from tests.fuzz.seeds import make_seeds

SLOW_S = 1.0
MOST_S = 20.0
LATENESS_S = 10.0  # from the deadline to the refusal: the child is ended and waited for
CAP_MIB = MEMORY_BYTES // 2**20
AGAIN_EVERY = 4  # every n-th accepted film is read again, after another one


@dataclass(slots=True)
class Tally:
    """What became of the mutants. `wrong` names each that broke a promise, with why."""

    count: int = 0
    read: int = 0
    again: int = 0
    refusals: Counter[str] = field(default_factory=Counter)
    deaths: list[str] = field(default_factory=list)
    slow: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def summary(self) -> str:
        """Tell the sums in a few lines."""
        ordered = sorted(self.seconds) or [0.0]
        share = ", ".join(f"{code} {number}" for code, number in self.refusals.most_common())
        median, p95, p999 = (ordered[int(len(ordered) * part)] for part in (0.5, 0.95, 0.999))
        lines = (
            f"{self.count} mutants: {self.read} read, {self.count - self.read} refused ({share})",
            f"read again after another film and compared: {self.again}",
            "deaths of the program: 0 (it tells this)",
            f"deaths of the child: {len(self.deaths)}",
            f"slowest: {ordered[-1]:.3f} s of {MOST_S:g} s; over {SLOW_S:g} s: {len(self.slow)}",
            f"99.9 % within {p999:.4f} s, 95 % within {p95:.4f} s, median {median:.4f} s",
            f"child's largest memory: {largest_child_mib():.0f} of {CAP_MIB} MiB",
            f"promises broken: {len(self.wrong)}",
        )
        return "\n".join(lines)


def mutant(seed: int, number: int, films: Mapping[str, bytes]) -> tuple[str, bytes]:
    """Return the name of the film that was damaged, and the damaged bytes."""
    dice = random.Random(f"{seed}:{number}")
    names = list(films)
    name = names[number % len(names)]
    return name, mutate(films[name], list(films.values()), dice)


class Campaign:
    """One run over many mutants, in one folder, with one reader."""

    def __init__(self, seed: int, films: Mapping[str, bytes], folder: Path) -> None:
        self._seed = seed
        self._films = films
        self._path = folder / "mutant"
        self._sound = folder / "sound.dcm"
        self._sound.write_bytes(films["dicom explicit"])
        self.tally = Tally()

    def run(
        self,
        reader: ChildFilmReader,
        count: int,
        *,
        first: int = 0,
        progress: Callable[[int], None] = lambda done: None,
    ) -> Tally:
        """Read `count` mutants from number `first` on, and then a sound film."""
        for number in range(first, first + count):
            self.one(reader, number)
            progress(number - first + 1)
        reader.read(self._sound)
        return self.tally

    def one(self, reader: ChildFilmReader, number: int) -> None:
        """Read one mutant and note what became of it."""
        name, data = mutant(self._seed, number, self._films)
        self.judge(reader, data, f"{self._seed}:{number} ({name})")

    def judge(self, reader: ChildFilmReader, data: bytes, label: str) -> None:
        """Read these bytes and note what became of them."""
        self._path.write_bytes(data)
        started = time.perf_counter()
        film: Radiograph | None = None
        try:
            film = reader.read(self._path)
        except FilmRefused as refusal:
            self._note_refusal(refusal, label)
        except BaseException as error:
            self.tally.wrong.append(f"{label}: {error!r}")
            raise
        took = time.perf_counter() - started
        self.tally.count += 1
        self.tally.seconds.append(took)
        if took > SLOW_S:
            self.tally.slow.append(f"{label}: {took:.2f} s")
        if took > MOST_S + LATENESS_S:
            self.tally.wrong.append(f"{label}: took {took:.1f} s")
        if film is not None:
            self._note_film(reader, film, data, label)

    def _note_refusal(self, refusal: FilmRefused, label: str) -> None:
        self.tally.refusals[refusal.refusal.value] += 1
        if refusal.message == GAVE_UP:
            self.tally.deaths.append(label)
        if not refusal.message or not refusal.hint:
            self.tally.wrong.append(f"{label}: a refusal without words")
        if refusal.refusal is RefusalCode.NOT_A_FILE:
            self.tally.wrong.append(f"{label}: not a file")

    def _note_film(
        self, reader: ChildFilmReader, film: Radiograph, data: bytes, label: str
    ) -> None:
        self.tally.read += 1
        if film.sha256 != hashlib.sha256(data).hexdigest():
            self.tally.wrong.append(f"{label}: another file's hash")
        low, high = float(film.pixels.min()), float(film.pixels.max())
        if not (0.0 <= low <= high <= 1.0):  # NaN compares false
            self.tally.wrong.append(f"{label}: grey {low} to {high}")
        if self.tally.read % AGAIN_EVERY == 0:
            self._read_again(reader, film, label)

    def _read_again(self, reader: ChildFilmReader, film: Radiograph, label: str) -> None:
        """A film is a function of its bytes: nothing of the film before may be in it."""
        self.tally.again += 1
        reader.read(self._sound)
        try:
            second = reader.read(self._path)
        except FilmRefused as refusal:
            self.tally.wrong.append(f"{label}: read once, then refused: {refusal.message}")
            return
        if not np.array_equal(film.pixels, second.pixels):
            self.tally.wrong.append(f"{label}: other pixels when read again")


def run_by_itself(seed: int, count: int, folder: Path) -> tuple[Tally, float]:
    """Read `count` mutants; return what became of them, and the largest memory of a decoder in MiB.

    For a process of its own: the system's figure is that of all children a process ever had.
    """
    reader = ChildFilmReader()
    try:
        tally = Campaign(seed, make_seeds(), folder).run(reader, count)
    finally:
        reader.close()
    return tally, largest_child_mib()


def largest_child_mib() -> float:
    """Return the largest resident size of any child that has ended, in MiB (Linux)."""
    if sys.platform != "linux":
        return 0.0
    import resource

    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
