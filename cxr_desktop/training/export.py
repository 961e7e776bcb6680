"""From `final.pt` to a model pack: file, manifest, golden case, gate, README and card."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import torch

from cxr_desktop.domain.assessment import OperatingPoints
from cxr_desktop.domain.model_input import InputSpec
from cxr_desktop.domain.performance import Estimate
from cxr_desktop.imaging.phantom import draw_chest
from cxr_desktop.imaging.preprocess import prepare
from cxr_desktop.inference.gate_file import read_gate
from cxr_desktop.inference.golden import check_golden, read_golden_film
from cxr_desktop.inference.manifest import (
    MANIFEST_NAME,
    MODEL_NAME,
    GateFile,
    GoldenCase,
    Manifest,
)
from cxr_desktop.inference.manifest_file import read_manifest, write_manifest
from cxr_desktop.inference.onnx_classifier import OnnxClassifier
from cxr_desktop.training.calibrate import Calibration, calibrate_pack, trusted_groups
from cxr_desktop.training.card import README_NAME, readme_text
from cxr_desktop.training.card_facts import (
    INTENDED_USE,
    LIMITS,
    OWN_SHIFT_LIMIT,
    film_counts,
    licence_text,
    trained_on_text,
    training_facts,
)
from cxr_desktop.training.drawn_failures import example_figures
from cxr_desktop.training.films import Film
from cxr_desktop.training.final_file import FinalRun, read_final
from cxr_desktop.training.gate_data import Seen, film_samples, look
from cxr_desktop.training.left_out import left_out_figures, left_out_sentence
from cxr_desktop.training.likeness import Likeness, fit_likeness, likeness_samples
from cxr_desktop.training.network import YoloV5Classifier
from cxr_desktop.training.onnx_export import ExportedNetwork, OwnShift, export_bytes
from cxr_desktop.training.pack_checks import ExportError, check_file
from cxr_desktop.training.pack_gate import make_gate
from cxr_desktop.training.scaling import Scaling, Scores
from cxr_desktop.training.train import training_films, validation_films
from cxr_desktop.training.validate import validation_groups

LABELS = ("normal", "abnormal")  # the order of FilmStore.labels: 1 is abnormal
MEANING_BASE = "validation films (half of them abnormal)"
GOLDEN_FILM = "golden/film.npy"
GOLDEN_SEED = 7
GATE_FILE = "gate.npz"
SIZE_LIMIT = 95 << 20


@dataclass(frozen=True, slots=True)
class PackName:
    """What a pack is called, and what only the person knows who trained it.

    `more_figures` were measured elsewhere. `left_out` holds the AUC of hospitals left out of
    training, by group of films, `left_out_how` says of which networks. `made` tells the command,
    the duration and the hardware, by these names.
    """

    id: str
    version: str
    title: str
    more_figures: Mapping[str, str] = field(default_factory=dict)
    left_out: Mapping[str, Estimate] = field(default_factory=dict)
    left_out_how: str = ""
    made: Mapping[str, str] = field(default_factory=dict)


def export_pack(final: Path, films: Sequence[Film], out: Path, name: PackName) -> Manifest:
    """Write the pack `out` from a run's `final.pt` and the films of its manifest.

    An older pack of the same path is replaced, once the new one is complete and checked. Raises
    `ExportError` when ONNX and PyTorch disagree, ValueError when validation lacks labels.
    """
    if out.name != name.id:
        raise ValueError(f"the folder of the pack must be called {name.id}")
    run = read_final(final)
    trained, validation = training_films(films, run.recipe), validation_films(films)
    spec = input_of(run)
    plain = plain_classifier(run.network, spec)
    seen = look(plain, spec, film_samples(validation))
    likeness = fit_likeness(look(plain, spec, likeness_samples(trained)))
    calibration = calibrate(scores_of(seen, likeness), validation)
    exported = scaled_network(run.network, calibration.scaling, likeness)
    content = export_bytes(exported, LABELS, spec.width)
    if len(content) > SIZE_LIMIT:
        raise ExportError(f"the file has {len(content)} bytes, more than {SIZE_LIMIT}")
    manifest = _manifest(name, run, trained, calibration, content)
    checks = check_file(
        exported,
        OnnxClassifier(manifest, content, "cpu"),
        validation,
        calibration.probabilities,
        validation_groups(validation),
    )
    gate = make_gate(plain, spec, films, trained, seen)
    guarded = OnnxClassifier(
        manifest, content, "cpu", gate=read_gate(gate.content, spec) if gate.content else None
    )
    manifest = replace(
        manifest,
        figures={**manifest.figures, **gate.figures, **checks, **example_figures(guarded)},
        gate=GateFile(GATE_FILE, hash_of(gate.content)) if gate.content else None,
    )
    return _write(out, manifest, content, gate.content)


def scores_of(seen: Seen, likeness: Likeness | None) -> Scores:
    """Return the scores of films that the network has looked at."""
    if likeness is None:
        return Scores.plain(seen.log_odds)
    return Scores(seen.log_odds, likeness(seen.features))


def scaled_network(
    network: YoloV5Classifier, scaling: Scaling, likeness: Likeness | None
) -> ExportedNetwork:
    """Return the network with its scaling inside."""
    own = None
    if likeness is not None and scaling.source_shift:
        weights = torch.from_numpy(likeness.weights).float()
        own = OwnShift(weights, likeness.bias, _per_label(scaling.source_shift))
    return ExportedNetwork(network, scaling.temperature, _per_label(scaling.shift), own)


def _per_label(shift: float) -> torch.Tensor:
    """Part a shift of the log-odds between the labels, in the order of LABELS."""
    return torch.tensor([-shift / 2, shift / 2])


def input_of(run: FinalRun) -> InputSpec:
    """Return how the network's last films were prepared: so must all that follow."""
    return run.recipe.input_spec(run.recipe.stages[-1].size)


def _manifest(
    name: PackName,
    run: FinalRun,
    trained: Sequence[Film],
    calibration: Calibration,
    content: bytes,
) -> Manifest:
    """Say all that is known before the gate is fitted and the file is checked."""
    return Manifest(
        id=name.id,
        version=name.version,
        title=name.title,
        sha256=hash_of(content),
        labels=LABELS,
        points=calibration.points,
        input=input_of(run),
        intended_use=INTENDED_USE,
        licence=licence_text(non_commercial=any(f.split == "train_nc" for f in trained)),
        trained_on=trained_on_text(trained),
        limits=(
            left_out_sentence(name.left_out, name.left_out_how),
            *LIMITS,
            *((OWN_SHIFT_LIMIT,) if calibration.scaling.source_shift else ()),
        ),
        figures={
            **calibration.figures,
            **left_out_figures(name.left_out, name.left_out_how),
            **name.more_figures,
        },
        films=film_counts(trained),
        training=training_facts(run.stored, name.made),
        meaning=calibration.meaning,
        meaning_base=MEANING_BASE,
    )


def _write(out: Path, manifest: Manifest, content: bytes, gate: bytes) -> Manifest:
    """Write all files beside `out`, then put them in its place."""
    partial = out.with_name(f".{out.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    (partial / "golden").mkdir(parents=True)
    (partial / MODEL_NAME).write_bytes(content)
    if gate:
        (partial / GATE_FILE).write_bytes(gate)
    manifest = add_golden_case(partial, manifest, content)
    write_manifest(manifest, partial / MANIFEST_NAME)
    readme = readme_text(read_manifest(partial / MANIFEST_NAME))
    (partial / README_NAME).write_text(readme, encoding="utf-8", newline="\n")
    if (out / MANIFEST_NAME).is_file():
        shutil.rmtree(out)
    partial.rename(out)
    return read_manifest(out / MANIFEST_NAME)


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


def calibrate(scores: Scores, films: Sequence[Film]) -> Calibration:
    """Calibrate on validation films, scored by the exported file and not by PyTorch."""
    groups = validation_groups(films)
    flags = np.array([film.is_abnormal for film in films])
    patients = [film.patient for film in films]
    return calibrate_pack(scores, flags, groups, trusted_groups(films, groups), patients)


def add_golden_case(pack: Path, manifest: Manifest, content: bytes) -> Manifest:
    """Draw the golden film, store what the file says of it, and check that it passes again."""
    film = draw_chest(512, 512, seed=GOLDEN_SEED)
    np.save(pack / GOLDEN_FILM, np.round(film * 65535).astype(np.uint16))
    classifier = OnnxClassifier(manifest, content, "cpu")
    tensor = prepare(read_golden_film(pack / GOLDEN_FILM), manifest.input).tensor
    case = GoldenCase(GOLDEN_FILM, tuple(round(v, 7) for v in classifier.logits(tensor).tolist()))
    check_golden(case, pack, classifier, prepare)
    return replace(manifest, golden=case)
