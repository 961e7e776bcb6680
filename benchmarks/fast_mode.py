"""What the fast mode changes, and what it gains, on labelled films.

    python -m benchmarks.fast_mode MANIFEST [SPLIT...]

MANIFEST is a CSV file with the columns `path` (beside it) and `split`; without SPLIT the films of
`val` and `val_nc` are read. Each is run in fp32 (onnxruntime), in bfloat16 (OpenVINO), and as the
fast mode answers it, with its second look in fp32; prints changes, verdicts and times.
"""

from __future__ import annotations

import csv
import os
import statistics
import sys
import time
from pathlib import Path

import numpy as np

from benchmarks.lines import say
from cxr_desktop import locations
from cxr_desktop.domain.errors import FilmRefused
from cxr_desktop.domain.model_input import ModelInput
from cxr_desktop.imaging.preprocess import prepare
from cxr_desktop.imaging.registry import read_image
from cxr_desktop.inference.catalog import ModelCatalog
from cxr_desktop.inference.fast_mode import MOST_CHANGE, FastClassifier, Proof
from cxr_desktop.inference.fast_network import FastNetwork
from cxr_desktop.inference.onnx_classifier import OnnxClassifier
from cxr_desktop.inference.session import physical_cores

SPLITS = ("val", "val_nc")
NOTHING_PROVEN = Proof(0.0, 0.0, 0)


def main(manifest: Path, splits: tuple[str, ...]) -> None:
    """Measure and print."""
    catalog = ModelCatalog(locations.models_folder(), manifest.parent / "no-models")
    pack = catalog.active_pack()
    content = pack.model_bytes()
    exact = OnnxClassifier(pack.manifest, content, "cpu", gate=pack.film_gate())
    fast = FastNetwork(content, exact.ports, len(pack.manifest.labels), physical_cores())
    both = FastClassifier(exact, fast, NOTHING_PROVEN, lambda _: None)
    with manifest.open(encoding="utf-8", newline="") as file:
        films = [row["path"] for row in csv.DictReader(file) if row["split"] in splits]
    rows = [look(exact, fast, both, film_input(manifest.parent / film, exact)) for film in films]
    tell(rows)


def film_input(path: Path, exact: OnnxClassifier) -> ModelInput:
    """Read and prepare a film."""
    return prepare(read_image(path), exact.input_spec)


def look(
    exact: OnnxClassifier, fast: FastNetwork, both: FastClassifier, film: ModelInput
) -> dict[str, float]:
    """Run a film all three ways."""
    row: dict[str, float] = {}
    taken = {}
    for name, run in (("fp32", exact.run), ("bf16", fast.run)):
        begun = time.perf_counter()
        answer = run(film.tensor)
        taken[name] = answer
        row[f"{name} ms"] = (time.perf_counter() - begun) * 1000
        row[name] = exact.probability(answer.logits)
        row[f"{name} margin"] = exact.gate_margin(film, answer)
    for name, classifier in (("assess fp32", exact), ("assess fast", both)):
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
    maps = [answer.cam for answer in taken.values()]
    if maps[0] is not None and maps[1] is not None:
        row["map"] = float(np.abs(maps[0] - maps[1]).max())
    bare = [exact.points.verdict(row[name]) for name in ("fp32", "bf16")]
    row["flip without a second look"] = float(bare[0] != bare[1])
    return row


def tell(rows: list[dict[str, float]]) -> None:
    """Print one line a figure."""

    def column(name: str) -> list[float]:
        return [row[name] for row in rows]

    def apart(one: str, other: str) -> list[float]:
        return sorted(abs(a - b) for a, b in zip(column(one), column(other), strict=True))

    say(f"{len(rows)} films, {physical_cores()} cores, load {os.getloadavg()[0]:.1f}")
    for name, changes in (
        ("bf16: change of P(abnormal)", apart("fp32", "bf16")),
        ("as answered: change of P(abnormal)", apart("assess fp32", "assess fast")),
        ("bf16: change of the gate's margin, log-odds", apart("fp32 margin", "bf16 margin")),
    ):
        middle, most = statistics.median(changes), changes[int(len(changes) * 0.99)]
        beyond = sum(change > MOST_CHANGE for change in changes)
        say(
            f"{name}: median {middle:.4f}, 99 of 100 below {most:.4f}, largest {changes[-1]:.4f}, "
            f"beyond {MOST_CHANGE}: {beyond} films"
        )
    if "map" in rows[0]:
        say(f"bf16: largest change of a cell of the maps {max(column('map')):.3f} logits")
    say(f"verdicts that bf16 alone would flip: {sum(column('flip without a second look')):.0f}")
    flips = sum(row["assess fp32 verdict"] != row["assess fast verdict"] for row in rows)
    say(f"verdicts and refusals that differ as answered: {flips}")
    say(f"films run a second time in fp32: {sum(column('again')):.0f}")
    for one, other in (("fp32", "bf16"), ("assess fp32", "assess fast")):
        middle = [statistics.median(column(f"{name} ms")) for name in (one, other)]
        mean = [statistics.fmean(column(f"{name} ms")) for name in (one, other)]
        say(
            f"{one} {middle[0]:.1f} ms, {other} {middle[1]:.1f} ms, {middle[0] / middle[1]:.2f} x; "
            f"means {mean[0]:.1f}, {mean[1]:.1f}, {mean[0] / mean[1]:.2f} x"
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]), tuple(sys.argv[2:]) or SPLITS)
