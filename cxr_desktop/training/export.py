"""From `final.pt` to a model pack: file, manifest, golden case and card."""

from __future__ import annotations

import hashlib
import logging
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from cxr_desktop.domain.assessment import OperatingPoints
from cxr_desktop.domain.model_input import InputSpec
from cxr_desktop.imaging.phantom import draw_chest
from cxr_desktop.imaging.preprocess import prepare, prepare_pixels
from cxr_desktop.inference.gate_file import gate_bytes, read_gate
from cxr_desktop.inference.golden import check_golden, read_golden_film
from cxr_desktop.inference.manifest import (
    MANIFEST_NAME,
    MODEL_NAME,
    GateFile,
    GoldenCase,
    Manifest,
)
from cxr_desktop.inference.manifest_file import read_manifest, write_manifest
from cxr_desktop.inference.onnx_classifier import OnnxClassifier, softmax
from cxr_desktop.training.calibrate import Calibration, calibrate_pack, trusted_groups
from cxr_desktop.training.card import (
    INTENDED_USE,
    LIMITS,
    licence_text,
    trained_on_text,
    write_card,
)
from cxr_desktop.training.film_store import read_training_film
from cxr_desktop.training.films import Film
from cxr_desktop.training.gate_data import (
    Sample,
    Seen,
    film_samples,
    fitting_samples,
    look,
    other_pictures,
    split_others,
    testing_samples,
)
from cxr_desktop.training.gate_figures import gate_figures, refusals
from cxr_desktop.training.gate_fit import fit_gate
from cxr_desktop.training.network import YoloV5Classifier
from cxr_desktop.training.onnx_export import ExportedNetwork, export_bytes
from cxr_desktop.training.recipe import Recipe
from cxr_desktop.training.train import load_weights, validation_films
from cxr_desktop.training.validate import validation_groups

log = logging.getLogger(__name__)

LABELS = ("normal", "abnormal")  # the order of FilmStore.labels: 1 is abnormal
MEANING_BASE = "validation films (half of them abnormal)"
GOLDEN_FILM = "golden/film.npy"
GOLDEN_SEED = 7
FINAL_SIZE = 224
GATE_FILE = "gate.npz"
GATE_LIMIT = 1 << 20
DRAWN_FILMS = 24
SIZE_LIMIT = 95 << 20
COMPARED_FILMS = 50
PROBABILITY_TOLERANCE = 1e-3
CAM_TOLERANCE = 1e-3


class ExportError(Exception):
    """The exported file does not do what the trained network does; nothing was written."""


@dataclass(frozen=True, slots=True)
class PackName:
    """What a pack is called; `more_figures` were measured elsewhere (on a held-out hospital)."""

    id: str
    version: str
    title: str
    more_figures: Mapping[str, str] = field(default_factory=dict)


def export_pack(final: Path, films: Sequence[Film], out: Path, name: PackName) -> Manifest:
    """Write the pack `out` from a run's `final.pt` and the films of its manifest.

    An older pack of the same path is replaced, once the new one is complete and checked. Raises
    `ExportError` when ONNX and PyTorch disagree, ValueError when validation lacks labels.
    """
    if out.name != name.id:
        raise ValueError(f"the folder of the pack must be called {name.id}")
    state: dict[str, Any] = torch.load(final, map_location="cpu", weights_only=True)
    recipe = state["recipe"]
    trained = _trained_films(films, recipe)
    validation = validation_films(films)
    network = load_weights(final)
    spec = Recipe().input_spec(FINAL_SIZE)
    plain = plain_classifier(network, spec)
    seen = look(plain, spec, film_samples(validation))
    calibration = calibrate(seen.log_odds, validation)
    scaling = calibration.scaling
    shift = torch.tensor([-scaling.shift / 2, scaling.shift / 2])  # in the order of LABELS
    exported = ExportedNetwork(network, scaling.temperature, shift)
    content = export_bytes(exported, LABELS, FINAL_SIZE)
    if len(content) > SIZE_LIMIT:
        raise ExportError(f"the file has {len(content)} bytes, more than {SIZE_LIMIT}")
    gate = make_gate(plain, spec, films, trained, seen)
    manifest = Manifest(
        id=name.id,
        version=name.version,
        title=name.title,
        sha256=hash_of(content),
        labels=LABELS,
        points=calibration.points,
        input=spec,
        intended_use=INTENDED_USE,
        licence=licence_text(non_commercial=any(f.split == "train_nc" for f in trained)),
        trained_on=trained_on_text(trained),
        limits=LIMITS,
        figures={**calibration.figures, **gate.figures, **name.more_figures},
        meaning=calibration.meaning,
        meaning_base=MEANING_BASE,
        gate=None if not gate.content else GateFile(GATE_FILE, hash_of(gate.content)),
    )
    checks = gate.checks | compare(
        exported, OnnxClassifier(manifest, content, "cpu"), validation, calibration
    )
    partial = out.with_name(f".{out.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    (partial / "golden").mkdir(parents=True)
    (partial / MODEL_NAME).write_bytes(content)
    if gate.content:
        (partial / GATE_FILE).write_bytes(gate.content)
    manifest = add_golden_case(partial, manifest, content)
    write_manifest(manifest, partial / MANIFEST_NAME)
    card = write_card(manifest, trained, recipe, scaling, checks)
    (partial / "README.md").write_text(card, encoding="utf-8", newline="\n")
    if (out / MANIFEST_NAME).is_file():
        shutil.rmtree(out)
    partial.rename(out)
    return read_manifest(out / MANIFEST_NAME)


def _trained_films(films: Sequence[Film], recipe: Mapping[str, Any]) -> list[Film]:
    """Return the films the run trained on, from the recipe stored with its weights."""
    splits = ("train", "train_nc") if recipe["use_non_commercial"] else ("train",)
    return [
        film
        for film in films
        if film.split in splits
        and film.label != "ood"
        and film.hospital in recipe["hospital_shares"]
        and film.hospital != recipe["hold_out"]
    ]


def hash_of(content: bytes) -> str:
    """Return the SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def plain_classifier(network: YoloV5Classifier, spec: InputSpec) -> OnnxClassifier:
    """Return the exported network before calibration; its features stay as they are."""
    content = export_bytes(ExportedNetwork(network), LABELS, spec.width)
    plain = Manifest(
        id="uncalibrated",
        version="0",
        title="",
        sha256=hash_of(content),
        labels=LABELS,
        points=OperatingPoints(0.0, 1.0),
        input=spec,
    )
    return OnnxClassifier(plain, content, "cpu")


@dataclass(frozen=True, slots=True)
class MadeGate:
    """The gate's file (empty for none), its figures, and what was checked of the drawn films."""

    content: bytes = b""
    figures: Mapping[str, str] = field(default_factory=dict)
    checks: dict[str, str] = field(default_factory=dict)


def make_gate(
    classifier: OnnxClassifier,
    spec: InputSpec,
    films: Sequence[Film],
    trained: Sequence[Film],
    validation: Seen,
) -> MadeGate:
    """Fit the gate to half of the collected other pictures; measure it on the other half.

    Without such pictures no gate can be measured, so none is made. Raises `ExportError` when the
    file is too large. The figures are those of the file, after rounding.
    """
    fit_half, test_half = split_others(look(classifier, spec, other_pictures(films)))
    if not len(fit_half.kinds) or not len(test_half.kinds):
        log.warning("no pictures of other things in the manifest: the pack gets no gate")
        return MadeGate()
    fitted = look(classifier, spec, fitting_samples(trained, spec.width)).and_(fit_half)
    content = gate_bytes(fit_gate(fitted))
    if len(content) > GATE_LIMIT:
        raise ExportError(f"the gate has {len(content)} bytes, more than {GATE_LIMIT}")
    numbers = read_gate(content, spec).numbers
    made = look(classifier, spec, testing_samples(films))
    drawn = refusals(numbers, look(classifier, spec, _drawn_films()))
    if drawn.any():
        log.warning("the gate refuses %d of %d drawn films", drawn.sum(), len(drawn))
    return MadeGate(
        content,
        gate_figures(numbers, fitted, validation, made, test_half),
        {"drawn films refused by the gate": f"{int(drawn.sum())} of {len(drawn)}"},
    )


def _drawn_films() -> Iterator[Sample]:
    for seed in range(DRAWN_FILMS):
        film = draw_chest(640, 640, seed=seed, opacity=seed % 2 == 1)
        yield Sample("film", "drawn", "", film)


def calibrate(log_odds: NDArray[np.float64], films: Sequence[Film]) -> Calibration:
    """Calibrate on validation films, scored by the exported file and not by PyTorch."""
    groups = validation_groups(films)
    flags = np.array([film.is_abnormal for film in films])
    patients = [film.patient for film in films]
    return calibrate_pack(log_odds, flags, groups, trusted_groups(films, groups), patients)


def _tensor(film: Film, spec: InputSpec) -> NDArray[np.float32]:
    pixels = read_training_film(film).astype(np.float32) / np.float32(255)
    return prepare_pixels(pixels, spec).tensor


@torch.no_grad()
def compare(
    exported: ExportedNetwork,
    classifier: OnnxClassifier,
    films: Sequence[Film],
    calibration: Calibration,
) -> dict[str, str]:
    """Compare ONNX with PyTorch on films spread over validation. Raises `ExportError`."""
    bias = exported.linear.bias.numpy()
    picked = np.linspace(0, len(films) - 1, min(COMPARED_FILMS, len(films))).astype(int)
    worst = {"probability": 0.0, "cam": 0.0, "calibrated": 0.0}
    for index in picked:
        tensor = _tensor(films[index], classifier.input_spec)
        answer = classifier.run(tensor)
        logits, cam = answer.logits, answer.cam
        theirs = softmax(exported(torch.from_numpy(tensor))[0][0].numpy().astype(np.float64))
        ours = softmax(logits)
        assert cam is not None
        identity = np.abs(cam.mean(axis=(1, 2)) + bias - logits).max()
        worst["probability"] = max(worst["probability"], float(np.abs(ours - theirs).max()))
        worst["cam"] = max(worst["cam"], float(identity))
        drift = abs(float(ours[1]) - float(calibration.probabilities[index]))
        worst["calibrated"] = max(worst["calibrated"], drift)
    if max(worst["probability"], worst["calibrated"]) > PROBABILITY_TOLERANCE:
        raise ExportError(f"ONNX and PyTorch disagree: {worst}")
    if worst["cam"] > CAM_TOLERANCE:
        raise ExportError(f"the map does not average to the logit: {worst}")
    number = len(picked)
    return {
        f"largest difference of a probability, ONNX against PyTorch, {number} validation films": (
            f"{worst['probability']:.6f}"
        ),
        f"largest difference of a logit and the mean of its map plus bias, {number} films": (
            f"{worst['cam']:.2e}"
        ),
    }


def add_golden_case(pack: Path, manifest: Manifest, content: bytes) -> Manifest:
    """Draw the golden film, store what the file says of it, and check that it passes again."""
    film = draw_chest(512, 512, seed=GOLDEN_SEED)
    np.save(pack / GOLDEN_FILM, np.round(film * 65535).astype(np.uint16))
    classifier = OnnxClassifier(manifest, content, "cpu")
    tensor = prepare(read_golden_film(pack / GOLDEN_FILM), manifest.input).tensor
    case = GoldenCase(GOLDEN_FILM, tuple(round(v, 7) for v in classifier.logits(tensor).tolist()))
    check_golden(case, pack, classifier, prepare)
    return replace(manifest, golden=case)
