"""A long batch: films per second beside the bare work on the same cores, memory, time to a stop.

    python -m benchmarks.batch [--films 2000] [--block 250] [--rows 1200 --columns 1000]
        [--workers 1 2] [--by-bytes]

Draws films that are all different (16-bit DICOM), and stores them as `batch --record` does, block
by block. Between the blocks the same cores do nothing but what cannot be left out: as many
processes as cores, each decoding films and running the bare model, one thread each: once the
model's file as it is, and once without its zeros, as the program runs it (`lean_graph`). So a busy
machine hits all alike, and their ratios say what the program gains and costs. Memory is that of the
program and its decoder process together, from Linux. With `--workers` the films go, a block for
each number, over a Dask cluster of this PC.
"""

from __future__ import annotations

import argparse
import itertools
import multiprocessing
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.decoder_child import processor_time
from benchmarks.lines import say
from cxr_desktop import __version__, bootstrap
from cxr_desktop.domain.errors import JobCancelled
from cxr_desktop.domain.ports import NoProgress
from cxr_desktop.imaging.phantom import draw_chest
from cxr_desktop.imaging.preprocess import prepare
from cxr_desktop.imaging.registry import decode_film, read_image
from cxr_desktop.inference.onnx_classifier import OnnxClassifier
from cxr_desktop.inference.session import physical_cores
from cxr_desktop.wiring.cluster import Wanted, on_cluster
from cxr_desktop.wiring.films_at_once import in_threads
from tests.support.film_files import dicom

PASSWORD = "seven calm lanterns walk"  # noqa: S105 - of a folder that is thrown away
BARE_FILMS = 30
ONCE_MORE, END = "once more", "end"
STOPPED = 240
"""Films of which a run is stopped: more than are done by then."""
SETTLED = 500
"""Films after which memory is compared with its end."""


def main() -> None:
    """Read the words of the command line, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--films", type=int, default=2000)
    parser.add_argument("--block", type=int, default=250)
    parser.add_argument("--rows", type=int, default=1200)
    parser.add_argument("--columns", type=int, default=1000)
    parser.add_argument("--workers", type=int, nargs="*", default=[])
    parser.add_argument("--by-bytes", action="store_true")
    words = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        films = drawn(Path(folder) / "films", words.rows, words.columns)
        program = bootstrap.build(Path(folder) / "data", device="cpu")
        try:
            actor = program.access.create_first_administrator("ada", "Ada L.", PASSWORD)
            with program.engine.long_run():
                program.engine.warm_up()
                on_this_pc(program, actor, films, words)
            for workers in words.workers:
                on_a_cluster(program, actor, films, words, workers)
        finally:
            program.close()


def drawn(folder: Path, rows: int, columns: int) -> Iterator[Path]:
    """Give films one after the other, each written when it is asked for."""
    folder.mkdir()
    chest = draw_chest(rows // 2, columns // 2, seed=1).repeat(2, axis=0).repeat(2, axis=1)
    noise = np.random.default_rng(1).normal(0, 8, chest.shape)
    stored = np.clip(chest * 4000 + noise, 0, 4095).astype(np.uint16)
    content = dicom(stored)
    for number in itertools.count():
        path = folder / f"{number:07d}.dcm"
        path.write_bytes(content[:-8] + number.to_bytes(4, "little") + content[-4:])
        yield path


def on_this_pc(program: Any, actor: Any, films: Iterator[Path], words: Any) -> None:
    """Store block after block, the bare work between them."""
    speeds, bare, lean, memory, shares = [], [], [], {}, []
    done = 0
    bare_films = list(itertools.islice(films, BARE_FILMS))
    with (
        bare_work(program, bare_films, whole=True) as ask,
        bare_work(program, bare_films, whole=False) as ask_lean,
    ):
        while done < words.films:
            block = list(itertools.islice(films, words.block))
            busy = processor_time()
            speeds.append(stored(program, actor, block, lambda: in_threads(program.engine)))
            busy = processor_time() - busy
            bare.append(ask()[0])
            speed, lean_busy = ask_lean()
            lean.append(speed)
            done += words.block
            shares.append(lean_busy / (busy / len(block)))
            memory[done] = resident(os.getpid()) + sum(map(resident, decoders()))
            say(
                f"{done:6} films {speeds[-1]:6.2f} films/s, bare {bare[-1]:6.2f},"
                f" without zeros {lean[-1]:6.2f}, ratios {speeds[-1] / bare[-1]:.3f}"
                f" {speeds[-1] / lean[-1]:.3f}, of the processor time {shares[-1]:.3f}"
                f" ({busy / len(block) * 1000:.1f} ms a film), {memory[done]:.0f} MiB,"
                f" load {os.getloadavg()[0]:.1f}"
            )
            for path in block:
                path.unlink()
    for name, other in (("bare work", bare), ("bare work without zeros", lean)):
        ratios = [one / peer for one, peer in zip(speeds, other, strict=True)]
        low, middle, high = min(ratios), statistics.median(ratios), max(ratios)
        say(f"ratio to the {name}: median {middle:.3f} ({low:.3f} to {high:.3f})")
    low, middle, high = min(shares), statistics.median(shares), max(shares)
    say(
        "share of the bare work without zeros in the processor time:"
        f" median {middle:.3f} ({low:.3f} to {high:.3f})"
    )
    settled = [size for films_done, size in memory.items() if films_done >= SETTLED]
    if settled:
        say(f"memory at most {max(memory.values()):.0f} MiB")
        say(f"from film {SETTLED} to {done}: {settled[-1] - settled[0]:+.1f} MiB")
    stops = [seconds_to_a_stop(program, actor, films) for _ in range(5)]
    say(f"a stop took {statistics.median(stops):.2f} s, at most {max(stops):.2f} s")


def on_a_cluster(program: Any, actor: Any, films: Iterator[Path], words: Any, workers: int) -> None:
    """Store a block over so many workers of this PC."""
    import dask  # noqa: PLC0415 - an extra
    from distributed import LocalCluster  # noqa: PLC0415 - the same

    dask.config.set({"distributed.worker.daemon": False})
    wanted = Wanted(__version__, program.classify.model(), program.data.models, None)
    block = list(itertools.islice(films, words.block))
    with LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None) as cluster:

        def mapper() -> Any:
            return on_cluster(cluster.scheduler_address, wanted, send_films=words.by_bytes)

        with mapper() as first:  # the workers load their models
            list(program.classify_many(actor, block[: 4 * workers], first, NoProgress()))
            rest = block[4 * workers :]
            begun = time.perf_counter()
            for _ in program.classify_many(actor, rest, first, NoProgress()):
                pass
            speed = len(rest) / (time.perf_counter() - begun)
    how = "bytes" if words.by_bytes else "path"
    say(f"{workers} worker(s), films by {how}: {speed:.2f} films/s, load {os.getloadavg()[0]:.1f}")


def stored(program: Any, actor: Any, block: Sequence[Path], mapper: Any) -> float:
    """Store the films; return films per second."""
    begun = time.perf_counter()
    with mapper() as assess:
        for outcome in program.classify_many(actor, block, assess, NoProgress()):
            assert outcome.result is not None
    return len(block) / (time.perf_counter() - begun)


class Cancelled:
    """A job that is cancelled at once when `now` is set."""

    def __init__(self) -> None:
        self.now = threading.Event()

    def report(self, step: str, fraction: float) -> None:  # noqa: ARG002 - the port's shape
        """Raise `JobCancelled` then."""
        if self.now.is_set():
            raise JobCancelled


def seconds_to_a_stop(program: Any, actor: Any, films: Iterator[Path]) -> float:
    """Press Cancel somewhere in the work and wait until it has stopped."""
    job, pressed = Cancelled(), [0.0]

    def press() -> None:
        pressed[0] = time.perf_counter()
        job.now.set()

    threading.Timer(1.0 + float(np.random.default_rng().uniform(0, 0.5)), press).start()
    try:
        with in_threads(program.engine) as assess:
            for _ in program.classify_many(
                actor, list(itertools.islice(films, STOPPED)), assess, job
            ):
                pass
    except JobCancelled:
        return time.perf_counter() - pressed[0]
    return float("nan")


class bare_work:  # noqa: N801 - used as a function
    """Processes that decode and run the model and nothing else.

    Asking gives films per second, and the seconds of processor time of one film.
    """

    def __init__(self, program: Any, films: list[Path], *, whole: bool) -> None:
        model = program.engine.assess.classifier().model
        pack = program.engine.catalog.pack(model.id)
        context = multiprocessing.get_context("spawn")
        self._pipes = []
        self._processes = []
        for _ in range(physical_cores()):
            ours, theirs = context.Pipe()
            words = (theirs, pack, films, whole)
            process = context.Process(target=bare_process, args=words, daemon=True)
            process.start()
            self._pipes.append(ours)
            self._processes.append(process)

    def __enter__(self) -> Any:
        for pipe in self._pipes:
            pipe.recv()
        return self.ask

    def ask(self) -> tuple[float, float]:
        """Let all of them go through the films at once."""
        for pipe in self._pipes:
            pipe.send(ONCE_MORE)
        told = [pipe.recv() for pipe in self._pipes]
        speeds, busy = zip(*told, strict=True)
        return float(sum(speeds)), statistics.mean(busy)

    def __exit__(self, *_: object) -> None:
        for pipe in self._pipes:
            pipe.send(END)
        for process in self._processes:
            process.join()


def bare_process(pipe: Any, pack: Any, films: list[Path], whole: bool) -> None:  # noqa: FBT001 - by position
    """Decode and run in one thread, as often as asked."""
    classifier = OnnxClassifier(pack.manifest, pack.model_bytes(), "cpu", threads=1, whole=whole)
    tensor = prepare(read_image(films[0]), classifier.input_spec).tensor
    classifier.run(tensor)
    pipe.send(ONCE_MORE)
    while pipe.recv() != END:
        begun, busy = time.perf_counter(), time.process_time()
        for film in films:
            decode_film(film)
            classifier.run(tensor)
        seconds = time.perf_counter() - begun
        pipe.send((len(films) / seconds, (time.process_time() - busy) / len(films)))


def decoders() -> list[int]:
    """Return the ids of this process's children that decode films."""
    return [
        child.pid
        for child in multiprocessing.active_children()
        if child.pid and child.name == "film-decoder"
    ]


def resident(process: int) -> float:
    """Return a process's resident memory in MiB (Linux)."""
    pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


if __name__ == "__main__":
    main()
