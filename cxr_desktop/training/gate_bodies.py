"""Drawn films of what is no frontal chest: a side view, an abdomen, a skull. All by a seed.

They stand in for the films that are likeliest to be opened by mistake and of which none is at hand.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.float32]
Place = tuple[float, float]
SIDE = 256


def side_view(rng: np.random.Generator) -> Picture:
    """Draw a chest from the side: one dark field, spine behind, breastbone before, heart low."""
    wide, high = rng.uniform(0.27, 0.36), rng.uniform(0.40, 0.47)
    body = _blob((0.5, 0.5), (wide + 0.1, high + 0.1), rng)
    lung = _blob((0.5 + rng.normal(0, 0.02), 0.46), (wide, high), rng)
    film = 0.62 * body - 0.42 * lung
    for step in range(11):  # the spine, seen from the side
        y = 0.08 + 0.085 * step
        x = 0.5 + wide * 0.78 + 0.03 * np.sin(3.0 * y)
        film += 0.26 * _blob((x, y), (0.05, 0.032), rng, soft=2.0)
    front = 0.5 - wide * 0.86
    film += 0.18 * _line([(front + 0.05, 0.12), (front, 0.35), (front - 0.01, 0.58)], 9)
    film += 0.34 * _blob((0.5 - wide * 0.3, 0.60), (0.15, 0.14), rng, soft=6.0)
    for step in range(7):  # ribs run down and forwards
        y = 0.14 + 0.09 * step
        film += 0.06 * _line([(0.5 + wide * 0.8, y), (0.5, y + 0.09), (front + 0.03, y + 0.15)], 5)
    belly = _blob((0.5, 0.98), (0.45, rng.uniform(0.16, 0.24)), rng, soft=4.0)
    film += 0.34 * np.maximum(belly - 0.4 * lung, 0.0)
    return _developed(film[:, ::-1] if rng.random() < 0.5 else film, rng)


def abdomen(rng: np.random.Generator) -> Picture:
    """Draw a belly: soft tissue, spine, wings of the pelvis, gas in loops of bowel."""
    film = 0.55 * _blob((0.5, 0.5), (0.46, 0.62), rng)
    for step in range(9):
        film += 0.2 * _blob((0.5, 0.03 + 0.09 * step), (0.05, 0.036), rng, soft=2.0)
    for side in (-1.0, 1.0):
        film += 0.26 * _blob((0.5 + side * 0.24, 0.84), (0.16, 0.17), rng, soft=3.0)
        film -= 0.14 * _blob((0.5 + side * 0.12, 0.99), (0.07, 0.09), rng, soft=3.0)
        film += 0.05 * _blob((0.5 + side * 0.17, 0.40), (0.08, 0.14), rng, soft=5.0)
    for _ in range(int(rng.integers(5, 16))):
        at = (0.5 + rng.normal(0, 0.17), 0.48 + rng.normal(0, 0.16))
        size = (rng.uniform(0.02, 0.08), rng.uniform(0.02, 0.06))
        film -= rng.uniform(0.08, 0.24) * _blob(at, size, rng, soft=3.0)
    return _developed(film, rng)


def skull(rng: np.random.Generator) -> Picture:
    """Draw a head from the front or the side: a bright rim, dark hollows, jaw and teeth."""
    wide, high = rng.uniform(0.27, 0.4), rng.uniform(0.33, 0.41)
    outer = _blob((0.5, 0.42), (wide, high), rng, soft=1.5)
    inner = _blob((0.5, 0.42), (wide - 0.025, high - 0.025), rng, soft=2.0)
    film = 0.5 * outer + 0.34 * np.maximum(outer - inner, 0.0)
    for side in (-1.0, 1.0):
        film -= 0.2 * _blob((0.5 + side * wide * 0.42, 0.50), (0.075, 0.06), rng, soft=3.0)
        film -= 0.12 * _blob((0.5 + side * wide * 0.3, 0.63), (0.06, 0.06), rng, soft=3.0)
    film -= 0.16 * _blob((0.5, 0.60), (0.03, 0.08), rng, soft=3.0)
    film += 0.3 * _blob((0.5, 0.80), (wide * 0.62, 0.10), rng, soft=3.0)
    for step in range(-4, 5):
        film += 0.2 * _blob((0.5 + 0.028 * step, 0.74), (0.011, 0.03), rng, soft=1.0)
    film += 0.22 * _blob((0.5, 1.0), (0.14, 0.16), rng, soft=4.0)
    return _developed(film, rng)


def _blob(
    at: Place, half: Place, rng: np.random.Generator, *, soft: float = 3.0
) -> NDArray[np.float64]:
    """Draw an oval of the unit square with an uneven edge, 0..1."""
    turns = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    waves = rng.normal(0, 0.025, 3)
    radius = 1.0 + sum(w * np.cos((n + 2) * turns) for n, w in enumerate(waves))
    corners = np.stack(
        [at[0] + half[0] * radius * np.cos(turns), at[1] + half[1] * radius * np.sin(turns)], 1
    )
    layer = np.zeros((SIDE, SIDE), np.float32)
    cv2.fillPoly(layer, [np.round(corners * SIDE).astype(np.int32)], 1.0, cv2.LINE_AA)
    return np.asarray(cv2.GaussianBlur(layer, (0, 0), soft), dtype=np.float64)


def _line(points: list[Place], width: int) -> NDArray[np.float64]:
    layer = np.zeros((SIDE, SIDE), np.float32)
    corners = np.round(np.array(points) * SIDE).astype(np.int32)
    cv2.polylines(layer, [corners], False, 1.0, width, cv2.LINE_AA)  # noqa: FBT003 - cv2 takes no names
    return np.asarray(cv2.GaussianBlur(layer, (0, 0), 2.0), dtype=np.float64)


def _developed(film: NDArray[np.float64], rng: np.random.Generator) -> Picture:
    """Give the drawing a film's frame, grain, gamma and uneven light."""
    edge = int(rng.integers(0, 40))
    inside = film[edge // 2 : SIDE - edge // 2, edge : SIDE - edge]
    framed = cv2.resize(np.ascontiguousarray(inside), (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)
    light = 1.0 + 0.15 * rng.normal() * (
        np.mgrid[0:SIDE, 0:SIDE][int(rng.integers(2))] / SIDE - 0.5
    )
    grain = cv2.GaussianBlur(rng.normal(0, 1, (SIDE, SIDE)), (0, 0), rng.uniform(0.6, 1.4))
    clear = np.clip(framed * light, 0, 1) ** rng.uniform(0.7, 1.3)
    return np.clip(clear + 0.03 * grain, 0, 1).astype(np.float32)
