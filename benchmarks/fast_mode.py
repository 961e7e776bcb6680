"""What leaving out zeros and the fast mode change, and what they gain, on labelled films.

    python -m benchmarks.fast_mode MANIFEST [SPLIT...]

MANIFEST is a CSV file with the columns `path` (beside it) and `split`; without SPLIT the films of
`val` and `val_nc` are read. Each is run in fp32 (onnxruntime) as the file is (whole) and without
its zeros (lean, as the program runs it), in bfloat16 (OpenVINO), and as the fast mode answers it,
with its second look in fp32; prints changes, verdicts and times.
"""

from __future__ import annotations

import csv
import os
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.lines import say
from cxr_desktop import locations
from cxr_desktop.domain.errors import FilmRefused
from cxr_desktop.domain.model_input import ModelInput
from cxr_desktop.imaging.preprocess import prepare
from cxr_desktop.imaging.registry import read_image
from cxr_desktop.inference.catalog import ModelCatalog
from cxr_desktop.inference.fast_mode import MOST_CHANGE, FastClassifier, Proof
from cxr_desktop.inference.fast_network import FastNetwork
from cxr_desktop.inference.network import NetworkAnswer
from cxr_desktop.inference.onnx_classifier import OnnxClassifier
from cxr_desktop.inference.session import physical_cores

SPLITS = ("val", "val_nc")
PAIRS = (("lean", "whole"), ("bf16", "lean"))
Roads = Mapping[str, Callable[[NDArray[np.float32]], NetworkAnswer]]
NOTHING_PROVEN = Proof(0.0, 0.0, 0)


def main(manifest: Path, splits: tuple[str, ...]) -> None:
    """Measure and print."""
    catalog = ModelCatalog(locations.models_folder(), manifest.parent / "no-models")
    pack = catalog.active_pack()
    content = pack.model_bytes()
    exact = OnnxClassifier(pack.manifest, content, "cpu", gate=pack.film_gate())
    whole = OnnxClassifier(pack.manifest, content, "cpu", whole=True)
    fast = FastNetwork(content, exact.ports, len(pack.manifest.labels), physical_cores())
    both = FastClassifier(exact, fast, NOTHING_PROVEN, lambda _: None)
    with manifest.open(encoding="utf-8", newline="") as file:
        films = [row["path"] for row in csv.DictReader(file) if row["split"] in splits]
    roads = {"whole": whole.run, "lean": exact.run, "bf16": fast.run}
    rows = [look(exact, roads, both, film_input(manifest.parent / film, exact)) for film in films]
    tell(rows)


def film_input(path: Path, exact: OnnxClassifier) -> ModelInput:
    """Read and prepare a film."""
    return prepare(read_image(path), exact.input_spec)


def look(
    exact: OnnxClassifier, roads: Roads, both: FastClassifier, film: ModelInput
) -> dict[str, float]:
    """Run a film all four ways."""
    row: dict[str, float] = {}
    taken = {}
    for name, run in roads.items():
        begun = time.perf_counter()
        answer = run(film.tensor)
        taken[name] = answer
        row[f"{name} ms"] = (time.perf_counter() - begun) * 1000
        row[name] = exact.probability(answer.logits)
        row[f"{name} margin"] = exact.gate_margin(film, answer)
    for name, classifier in (("assess lean", exact), ("assess fast", both)):
        begun = time.perf_counter()
        try:
            told = classifier.assess(film)
        except FilmRefused:
            row[name], row[f"{name} verdict"], again = -1.0, -1.0, 1.0
        else:
            row[name] = told.probability
            row[f"{name} verdict"] = float(list(type(told.verdict)).index(told.verdict))
            again = float(told.device == exact.device)
        row[f"{name} ms"] = (time.perf_counter() - begun) * 1000
    row["again"] = again
    for name, peer in PAIRS:
        one, other = taken[name].cam, taken[peer].cam
        row[f"{name} map"] = (
            0.0 if one is None or other is None else float(np.abs(one - other).max())
        )
        bare = [exact.points.verdict(row[which]) for which in (name, peer)]
        row[f"{name} flip"] = float(bare[0] != bare[1])
    return row


def tell(rows: list[dict[str, float]]) -> None:
    """Print one line a figure."""

    def column(name: str) -> list[float]:
        return [row[name] for row in rows]

    def apart(one: str, other: str) -> list[float]:
        return sorted(abs(a - b) for a, b in zip(column(one), column(other), strict=True))

    say(f"{len(rows)} films, {physical_cores()} cores, load {os.getloadavg()[0]:.1f}")
    for name, changes in (
        *((f"{name}: change of P(abnormal)", apart(name, peer)) for name, peer in PAIRS),
        ("as answered: change of P(abnormal)", apart("assess lean", "assess fast")),
        *(
            (
                f"{name}: change of the gate's margin, log-odds",
                apart(f"{name} margin", f"{peer} margin"),
            )
            for name, peer in PAIRS
        ),
    ):
        middle, most = statistics.median(changes), changes[int(len(changes) * 0.99)]
        beyond = sum(change > MOST_CHANGE for change in changes)
        say(
            f"{name}: median {middle:.2g}, 99 of 100 below {most:.2g}, largest {changes[-1]:.2g}, "
            f"beyond {MOST_CHANGE}: {beyond} films"
        )
    for name, _ in PAIRS:
        say(f"{name}: largest change of a cell of the maps {max(column(f'{name} map')):.2g} logits")
        say(f"verdicts that {name} alone would flip: {sum(column(f'{name} flip')):.0f}")
    flips = sum(row["assess lean verdict"] != row["assess fast verdict"] for row in rows)
    say(f"verdicts and refusals that differ as answered: {flips}")
    say(f"films run a second time in fp32: {sum(column('again')):.0f}")
    for other, one in (*PAIRS, ("bf16", "whole"), ("assess fast", "assess lean")):
        middle = [statistics.median(column(f"{name} ms")) for name in (one, other)]
        mean = [statistics.fmean(column(f"{name} ms")) for name in (one, other)]
        say(
            f"{one} {middle[0]:.1f} ms, {other} {middle[1]:.1f} ms, {middle[0] / middle[1]:.2f} x; "
            f"means {mean[0]:.1f}, {mean[1]:.1f}, {mean[0] / mean[1]:.2f} x"
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]), tuple(sys.argv[2:]) or SPLITS)
