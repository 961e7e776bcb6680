"""The gate of a pack: fitted to training films and half of the other pictures, then measured."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cxr_desktop.domain.model_input import InputSpec
from cxr_desktop.imaging.phantom import draw_chest
from cxr_desktop.inference.gate_file import gate_bytes, read_gate
from cxr_desktop.inference.onnx_classifier import OnnxClassifier
from cxr_desktop.training.calibrate import share_text
from cxr_desktop.training.films import Film
from cxr_desktop.training.gate_data import (
    Sample,
    Seen,
    fitting_samples,
    look,
    other_pictures,
    split_others,
    testing_samples,
)
from cxr_desktop.training.gate_figures import gate_figures, refusals
from cxr_desktop.training.gate_fit import fit_gate
from cxr_desktop.training.pack_checks import ExportError

log = logging.getLogger(__name__)

GATE_LIMIT = 1 << 20
DRAWN_FILMS = 24


@dataclass(frozen=True, slots=True)
class MadeGate:
    """The gate's file (empty for none) and its figures."""

    content: bytes = b""
    figures: Mapping[str, str] = field(default_factory=dict)


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
    drawn_line = {"Gate: drawn chest films refused": share_text(int(drawn.sum()), len(drawn))}
    return MadeGate(
        content, drawn_line | gate_figures(numbers, fitted, validation, made, test_half)
    )


def _drawn_films() -> Iterator[Sample]:
    """Draw films like the samples that come with the program; the gate was fitted to none."""
    for seed in range(DRAWN_FILMS):
        film = draw_chest(720, 640, seed=seed, opacity=seed % 2 == 0)
        yield Sample("film", "drawn", "", film)
