"""What the decoder process adds to the reading of a good film.

`python -m benchmarks.decoder_child [FILE…]` reads each film here and through the warm child, in
turns so that a busy machine hits both alike, and prints medians, the difference and the ratio; on
Linux also the processor time of program and child together, which waiting for others is no part of.
Without files it draws films of 1 and 6 million pixels: DICOM, DICOM JPEG lossless, PNG.
"""

from __future__ import annotations

import multiprocessing
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from pydicom.uid import JPEGLosslessSV1

from cxr_desktop.imaging.child_reader import ChildFilmReader
from cxr_desktop.imaging.phantom import draw_chest
from cxr_desktop.imaging.registry import read_image
from tests.support.encoded_films import by_gdcm
from tests.support.film_files import dataset, dicom, encoded

TURNS = 17
SIZES = ((1024, 1024), (2800, 2300))


def main(paths: list[Path]) -> None:
    """Measure the films, or drawn ones."""
    with tempfile.TemporaryDirectory() as folder:
        films = paths or list(_drawn(Path(folder)))
        reader = ChildFilmReader()
        try:
            reader.warm_up()
            for film in films:
                _compare(film, reader)
        finally:
            reader.close()


def _drawn(folder: Path) -> list[Path]:
    films = []
    for rows, columns in SIZES:
        chest = draw_chest(rows // 4, columns // 4, seed=1).repeat(4, axis=0).repeat(4, axis=1)
        noise = np.random.default_rng(1).normal(0, 8, chest.shape)
        stored = np.clip(chest * 4000 + noise, 0, 4095).astype(np.uint16)
        made = {
            "film.dcm": dicom(stored),
            "lossless.dcm": by_gdcm(dataset(stored), JPEGLosslessSV1),
            "film.png": encoded(".png", stored),
        }
        for name, content in made.items():
            films.append(folder / f"{rows}x{columns}-{name}")
            films[-1].write_bytes(content)
    return films


def _compare(film: Path, reader: ChildFilmReader) -> None:
    here: list[tuple[float, float]] = []
    there: list[tuple[float, float]] = []
    for _ in range(TURNS):
        here.append(_milliseconds(read_image, film))
        there.append(_milliseconds(reader.read, film))
    wall = _told([one[0] for one in here], [one[0] for one in there])
    busy = _told([one[1] for one in here], [one[1] for one in there])
    _say(f"{film.name:<24} wall {wall} | processor {busy}")


def _told(here: list[float], there: list[float]) -> str:
    """Compare two lists of milliseconds, the first two turns left out."""
    added = statistics.median(b - a for a, b in zip(here[2:], there[2:], strict=True))
    ours, theirs = statistics.median(here[2:]), statistics.median(there[2:])
    return f"{ours:6.1f} → {theirs:6.1f} ms, added {added:5.1f}, ratio {theirs / ours:.2f}"


def _milliseconds(read: Callable[[Path], object], film: Path) -> tuple[float, float]:
    start, busy = time.perf_counter(), processor_time()
    read(film)
    return (time.perf_counter() - start) * 1000, (processor_time() - busy) * 1000


def processor_time() -> float:
    """Return the seconds that this process and its children have computed."""
    total = time.process_time()
    if sys.platform == "linux":
        for child in multiprocessing.active_children():
            clock = (~(child.pid or 0) << 3) | 2  # CPUCLOCK_SCHED of a process, clock_getcpuclockid
            total += time.clock_gettime(clock)
    return total


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main([Path(word) for word in sys.argv[1:]])
