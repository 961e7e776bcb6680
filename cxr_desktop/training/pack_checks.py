"""Does the file do what the network does? Checked on every validation film at each export."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from cxr_desktop.domain.model_input import FilmRegion, InputSpec
from cxr_desktop.imaging.preprocess import prepare_pixels
from cxr_desktop.inference.network import softmax
from cxr_desktop.inference.onnx_classifier import OnnxClassifier, heat_map_of
from cxr_desktop.training.film_store import read_training_film
from cxr_desktop.training.films import Film
from cxr_desktop.training.logistic import Numbers
from cxr_desktop.training.map_share import BOX_TEXT, share_in_lung_half
from cxr_desktop.training.onnx_export import ExportedNetwork
from cxr_desktop.training.scaling import Groups

PROBABILITY_TOLERANCE = 1e-3
CAM_TOLERANCE = 1e-3
ABNORMAL = 1  # the label's place in `LABELS`


class ExportError(Exception):
    """The exported file does not do what the trained network does; nothing was written."""


@torch.no_grad()
def check_file(
    exported: ExportedNetwork,
    classifier: OnnxClassifier,
    films: Sequence[Film],
    probabilities: Numbers,
    groups: Groups,
) -> dict[str, str]:
    """Run PyTorch and the file on every film; return what was found, as figures.

    `probabilities` are those that the points were chosen on. Raises `ExportError` when a
    probability differs by more than 0.001, or a logit from the mean of its map.
    """
    bias = exported.linear.bias.numpy()
    network = drift = identity = 0.0
    shares = np.full(len(films), np.nan)
    for index, film in enumerate(films):
        tensor = film_tensor(film, classifier.input_spec)
        answer = classifier.run(tensor)
        assert answer.cam is not None
        ours = softmax(answer.logits)
        theirs = softmax(exported(torch.from_numpy(tensor))[0][0].numpy().astype(np.float64))
        network = max(network, float(np.abs(ours - theirs).max()))
        drift = max(drift, abs(float(ours[ABNORMAL]) - float(probabilities[index])))
        mean = answer.cam.mean(axis=(1, 2)) + bias
        identity = max(identity, float(np.abs(mean - answer.logits).max()))
        heat = heat_map_of(answer.logits, answer.cam, [ABNORMAL], FilmRegion(0, 0, 1, 1))
        shares[index] = share_in_lung_half(heat.values)
    if max(network, drift) > PROBABILITY_TOLERANCE:
        raise ExportError(f"ONNX and PyTorch disagree: {network:.6f}; calibrated {drift:.6f}")
    if identity > CAM_TOLERANCE:
        raise ExportError(f"the map does not average to the logit: {identity:.6f}")
    number = len(films)
    return {
        f"File: largest difference of a probability from PyTorch's, {number} validation films": (
            f"{network:.6f}"
        ),
        f"File: largest difference of a logit from the mean of its map, {number} films": (
            f"{identity:.2e}"
        ),
        **_map_figures(shares, films, groups),
    }


def film_tensor(film: Film, spec: InputSpec) -> NDArray[np.float32]:
    """Prepare a film as the program would."""
    pixels = read_training_film(film).astype(np.float32) / np.float32(255)
    return prepare_pixels(pixels, spec).tensor


def _map_figures(shares: Numbers, films: Sequence[Film], groups: Groups) -> dict[str, str]:
    """Average the share inside the lung half over the abnormal films of each group."""
    ill = np.array([film.is_abnormal for film in films])
    lines = {}
    for name, members in groups.items():
        known = shares[members[ill[members]]]
        known = known[np.isfinite(known)]
        if len(known):
            lines[f"Heat map inside the lung half, abnormal films, {name} validation"] = (
                f"{100 * known.mean():.1f} % of its energy on average ({len(known)} films; the "
                f"lung half is {BOX_TEXT}, so an even map has 50 %)"
            )
    return lines
