"""Drawn films of what a model may miss, for the model card: no patient's film is shown there."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.errors import FilmRefused
from cxr_desktop.imaging.phantom import LUNG, draw_chest
from cxr_desktop.imaging.preprocess import prepare_pixels
from cxr_desktop.imaging.strokes import Points, fill_outline
from cxr_desktop.inference.onnx_classifier import OnnxClassifier

Picture = NDArray[np.float32]
SIDE = 640
SEED = 3
PREFIX = "Drawn example, "


def no_finding() -> Picture:
    """Draw a chest without a finding."""
    return draw_chest(SIDE, SIDE, seed=SEED)


def consolidation() -> Picture:
    """Draw a chest with a patch of consolidation in one lung."""
    return draw_chest(SIDE, SIDE, seed=SEED, opacity=True)


def small_nodule() -> Picture:
    """Draw a round shadow, 2 % of the film wide, in the upper field of one lung."""
    return _brightened(no_finding(), _soft_disc((0.30, 0.34), 0.01), 0.16)


def nodule_behind_the_heart() -> Picture:
    """Draw a round shadow, 6 % of the film wide, where the heart lies over it."""
    return _brightened(no_finding(), _soft_disc((0.59, 0.63), 0.03), 0.10)


def air_beside_the_lung() -> Picture:
    """Draw a lung that has fallen away from the ribs: a dark rim without vessels."""
    film = no_finding()
    lung = _lung_field(LUNG)
    fallen = _lung_field([(x + 0.05, y + 0.025) for x, y in LUNG])
    rim = cv2.GaussianBlur(np.clip(lung - fallen, 0, 1), (0, 0), 1.2)
    bare = np.float32(0.33) * (cv2.GaussianBlur(film, (0, 0), 12.0) + film)
    edge = np.clip(cv2.dilate(fallen, np.ones((3, 3), np.uint8)) - fallen, 0, 1) * lung
    return np.clip(film + rim * (bare - film) + 0.12 * edge, 0, 1).astype(np.float32)


EXAMPLES: dict[str, Callable[[], Picture]] = {
    "no finding": no_finding,
    "patch of consolidation": consolidation,
    "small nodule": small_nodule,
    "nodule behind the heart": nodule_behind_the_heart,
    "air beside the lung": air_beside_the_lung,
}


def example_figures(classifier: OnnxClassifier) -> dict[str, str]:
    """Ask a model about every drawing; `classifier` has the pack's gate."""
    lines = {}
    for name, draw in EXAMPLES.items():
        try:
            answer = classifier.assess(prepare_pixels(draw(), classifier.input_spec))
            said = f"P(abnormal) {answer.probability:.2f}, {answer.verdict.value}"
        except FilmRefused as refusal:
            said = f"refused: {refusal.message}"
        lines[f"{PREFIX}{name}"] = said
    return lines


def example_file(name: str) -> str:
    """Return the name of an example's picture."""
    return f"{name.replace(' ', '-')}.png"


def example_png(name: str, side: int = 256) -> bytes:
    """Draw an example as a small PNG picture."""
    small = cv2.resize(EXAMPLES[name](), (side, side), interpolation=cv2.INTER_AREA)
    return bytes(cv2.imencode(".png", np.round(np.clip(small, 0, 1) * 255).astype(np.uint8))[1])


def _lung_field(outline: Points) -> Picture:
    layer = cv2.resize(fill_outline(outline), (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    return np.asarray(layer, dtype=np.float32)


def _soft_disc(at: tuple[float, float], radius: float) -> Picture:
    return np.asarray(
        cv2.GaussianBlur(_oval(at, (radius, radius)), (0, 0), radius * SIDE / 4), dtype=np.float32
    )


def _oval(at: tuple[float, float], half: tuple[float, float]) -> Picture:
    layer = np.zeros((SIDE, SIDE), np.float32)
    middle = (round(at[0] * SIDE), round(at[1] * SIDE))
    cv2.ellipse(
        layer, middle, (round(half[0] * SIDE), round(half[1] * SIDE)), 0, 0, 360, 1.0, -1,
        cv2.LINE_AA,
    )  # fmt: skip
    return layer


def _brightened(film: Picture, layer: Picture, by: float) -> Picture:
    return np.clip(film + np.float32(by) * layer, 0, 1).astype(np.float32)
