"""A drawn chest film: no patient, made of curves and noise, for tests, samples and golden cases.

The drawing adds up what a beam would meet (soft tissue, lung, bone) in a square of working pixels,
passes the sum through a film-like curve, and only then takes the size that was asked for. What it
shows is anatomy as a sketch; it says nothing about how well a model reads real films.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from cxr_desktop.imaging.strokes import (
    SHIFT,
    SIDE,
    Grey,
    Points,
    blur,
    ellipse,
    fill_outline,
    mirror,
    rim,
    smooth,
    texture,
    thickness,
    to_pixel,
    tube,
    wobble,
)

TORSO: Points = [
    (0.40, -0.10), (0.40, 0.05), (0.37, 0.11), (0.25, 0.15), (0.12, 0.19), (0.03, 0.25),
    (-0.06, 0.34), (-0.06, 0.62), (0.03, 0.56), (0.085, 0.53), (0.105, 0.62), (0.11, 0.78),
    (0.10, 0.90), (0.095, 1.06),
]  # fmt: skip
LUNG: Points = [
    (0.395, 0.135), (0.345, 0.150), (0.290, 0.200), (0.240, 0.290), (0.200, 0.400),
    (0.172, 0.520), (0.160, 0.640), (0.160, 0.725), (0.200, 0.690), (0.260, 0.660),
    (0.330, 0.655), (0.400, 0.675), (0.425, 0.660), (0.420, 0.560), (0.435, 0.460),
    (0.445, 0.340), (0.435, 0.220), (0.420, 0.155),
]  # fmt: skip
HEART: Points = [
    (0.470, 0.330), (0.432, 0.470), (0.415, 0.560), (0.425, 0.640), (0.470, 0.700),
    (0.580, 0.715), (0.675, 0.695), (0.690, 0.660), (0.660, 0.590), (0.605, 0.510),
    (0.572, 0.420), (0.550, 0.330),
]  # fmt: skip
CLAVICLE: Points = [(0.455, 0.205), (0.400, 0.178), (0.320, 0.165), (0.220, 0.172), (0.120, 0.190)]
SCAPULA: Points = [
    (0.105, 0.225), (0.190, 0.235), (0.165, 0.330), (0.150, 0.430), (0.115, 0.460),
    (0.085, 0.360),
]  # fmt: skip


def draw_chest(
    rows: int = 1024, columns: int = 1024, *, seed: int = 0, opacity: bool = False
) -> NDArray[np.float32]:
    """Draw a frontal chest film: float32, (rows, columns), 0..1, bone bright.

    The same arguments give the same film. `opacity` adds a patch of consolidation to one lung.
    Raises ValueError for a side below 16 pixels.
    """
    if min(rows, columns) < 16:
        raise ValueError("a drawn film needs at least 16 rows and columns")
    rng = np.random.default_rng(seed)
    density = _soft_tissue(rng)
    lungs = _lungs(rng)
    density -= 1.05 * lungs * density
    density += lungs * _vessels(rng)
    density += _mediastinum(rng)
    density += _bones(rng)
    density = np.asarray(density * (1.0 + 0.05 * texture(rng, 40.0)), dtype=np.float32)
    if opacity:
        density += _consolidation(rng, lungs)
    curve = 1.0 - np.exp(-1.05 * np.maximum(density, 0.0))
    film = _to_size(np.asarray(curve, dtype=np.float32), rows, columns)
    film += rng.normal(0.0, 0.006, film.shape).astype(np.float32)
    _marker(film)
    return np.clip(film, 0.0, 1.0).astype(np.float32)


def _soft_tissue(rng: np.random.Generator) -> Grey:
    body = np.maximum(fill_outline(wobble(TORSO, rng, 0.006, ends=True) + mirror(TORSO)[::-1]), 0.0)
    depth = thickness(body, 0.16)
    vertical = np.linspace(0.0, 1.0, SIDE, dtype=np.float32)[:, None]
    belly = 1.0 / (1.0 + np.exp(-(vertical - 0.74) * 22.0))
    neck = np.clip(1.0 - vertical / 0.22, 0.0, 1.0) * 0.25
    field = depth * (0.88 + 0.50 * belly - neck)
    return np.asarray(blur(field, 2.0), dtype=np.float32)


def _lungs(rng: np.random.Generator) -> Grey:
    """Return 0..1: how much of the beam's way through the body is air."""
    right = wobble(LUNG, rng, 0.004)
    left = [(1.0 - x, y + (0.018 if y > 0.6 else 0.0)) for x, y in wobble(LUNG, rng, 0.004)]
    air = np.zeros((SIDE, SIDE), np.float32)
    for outline in (right, left):
        air += thickness(fill_outline(outline), 0.055) * 0.66
    bubble = fill_outline(ellipse(0.66, 0.765, 0.045, 0.022))
    return np.asarray(blur(air + 0.30 * blur(bubble, 5.0), 1.6), dtype=np.float32)


def _vessels(rng: np.random.Generator) -> Grey:
    layer = np.zeros((SIDE, SIDE), np.float32)
    for hilum, outward in (((0.405, 0.430), -1.0), ((0.590, 0.415), 1.0)):
        hilar = blur(fill_outline(ellipse(*hilum, 0.026, 0.060)), 9.0)
        layer += 0.45 * hilar
        for angle in np.linspace(-1.25, 1.35, 11):
            _branch(layer, rng, hilum, float(angle), outward, width=5.0)
    return np.asarray(0.42 * blur(layer, 1.2) + 0.035 * texture(rng, 4.0), dtype=np.float32)


def _branch(
    layer: Grey,
    rng: np.random.Generator,
    start: tuple[float, float],
    angle: float,
    outward: float,
    *,
    width: float,
) -> None:
    """Draw one vessel and its children, thinner at each fork."""
    if width < 0.9:
        return
    x, y = start
    for _ in range(int(rng.integers(3, 6))):
        angle += float(rng.normal(0.0, 0.16))
        step = 0.018 + 0.002 * width
        end = (x + outward * step * float(np.cos(angle)), y + step * float(np.sin(angle)))
        cv2.line(
            layer, to_pixel((x, y)), to_pixel(end), 0.10 + 0.05 * width,
            max(1, round(width)), cv2.LINE_AA, SHIFT,
        )  # fmt: skip
        x, y = end
    for turn in (-0.38, 0.38):
        _branch(
            layer,
            rng,
            (x, y),
            angle + turn + float(rng.normal(0, 0.1)),
            outward,
            width=width * 0.62,
        )


def _mediastinum(rng: np.random.Generator) -> Grey:
    heart = blur(thickness(fill_outline(wobble(HEART, rng, 0.006)), 0.14), 2.6)
    knuckle = blur(thickness(fill_outline(ellipse(0.560, 0.315, 0.042, 0.052)), 0.03), 2.0)
    column = blur(fill_outline([(0.450, 0.15), (0.550, 0.15), (0.560, 0.9), (0.450, 0.9)]), 7.0)
    down = np.linspace(0.0, 1.0, SIDE, dtype=np.float32)[:, None]
    column *= np.clip((0.86 - down) / 0.25, 0.0, 1.0)
    airway = blur(fill_outline([(0.487, -0.01), (0.515, -0.01), (0.512, 0.36), (0.490, 0.36)]), 3.0)
    for end in ((0.440, 0.425), (0.572, 0.420)):
        bronchus = np.zeros((SIDE, SIDE), np.float32)
        cv2.line(bronchus, to_pixel((0.501, 0.355)), to_pixel(end), 1.0, 11, cv2.LINE_AA, SHIFT)
        airway = np.maximum(airway, 0.6 * blur(bronchus, 3.5))
    field = 0.60 * heart + 0.32 * knuckle + 0.40 * column - 0.30 * airway
    return np.asarray(field, dtype=np.float32)


def _bones(rng: np.random.Generator) -> Grey:
    layer = np.zeros((SIDE, SIDE), np.float32)
    for index in range(10):
        posterior, anterior = _rib(index, rng)
        layer += 0.20 * tube([posterior, mirror(posterior)], 0.0130)
        layer += 0.10 * tube([anterior, mirror(anterior)], 0.0125)
    for mirrored in (False, True):
        collar = mirror(CLAVICLE) if mirrored else CLAVICLE
        blade = mirror(SCAPULA) if mirrored else SCAPULA
        outline = fill_outline(smooth(blade, closed=True))
        layer += 0.30 * tube([collar], 0.0125)
        layer += 0.09 * blur(outline, 3.0) + 0.16 * rim(outline, 4)
        head = fill_outline(ellipse(0.965 if mirrored else 0.035, 0.275, 0.050, 0.055))
        shaft = [(0.030, 0.29), (0.005, 0.36), (-0.025, 0.5)]
        arm = tube([mirror(shaft) if mirrored else shaft], 0.024)
        layer += 0.26 * np.maximum(blur(head, 2.5) + 0.4 * rim(head, 4), arm)
    return np.asarray(blur(layer + _spine(rng), 0.8), dtype=np.float32)


def _rib(index: int, rng: np.random.Generator) -> tuple[Points, Points]:
    """Return the posterior and the anterior part of one right rib, from spine to cartilage."""
    top = 0.150 + 0.0575 * index + float(rng.normal(0, 0.0015))
    reach = 0.365 - 0.235 * float(np.exp(-0.36 * (index + 0.4)))
    drop = 0.055 + 0.0125 * index
    turn = np.linspace(0.0, np.pi / 2, 14)
    x_back = 0.5 - 0.040 - (reach - 0.040) * np.sin(turn)
    y_back = top - 0.022 * np.sin(2 * turn) + drop * (1 - np.cos(turn))
    along = np.linspace(0.0, 1.0, 10)
    x_front = x_back[-1] + (reach - 0.150) * along**1.3
    y_front = y_back[-1] + 0.135 * np.sin(along * np.pi / 2.2)
    posterior = [(float(x), float(y)) for x, y in zip(x_back, y_back, strict=True)]
    anterior = [(float(x), float(y)) for x, y in zip(x_front, y_front, strict=True)]
    return posterior, anterior if index < 7 else anterior[:5]


def _spine(rng: np.random.Generator) -> Grey:
    bodies, pedicles, processes = (np.zeros((SIDE, SIDE), np.float32) for _ in range(3))
    y = 0.0
    while y < 1.0:
        height, half = 0.040 + 0.020 * y, 0.028 + 0.018 * y
        middle = 0.5 + float(rng.normal(0, 0.001))
        waist, side = half * 0.94, half * 0.6
        right = [(middle + half, y), (middle + waist, y + height / 2), (middle + half, y + height)]
        left = [(2 * middle - x, at) for x, at in reversed(right)]
        fill_outline(right + left, bodies)
        for x in (middle - side, middle + side):
            fill_outline(ellipse(x, y + height * 0.42, 0.009, 0.011), pedicles)
        fill_outline(ellipse(middle, y + height * 0.75, 0.006, 0.014), processes)
        y += height + 0.009
    field = 0.22 * blur(bodies, 1.6) + 0.12 * rim(bodies, 5)
    field += 0.10 * rim(pedicles, 3) + 0.14 * blur(processes, 1.2)
    return np.asarray(field, dtype=np.float32)


def _consolidation(rng: np.random.Generator, lungs: Grey) -> Grey:
    """Return a patch with soft, blotchy borders, kept inside the lung."""
    centre = (0.285 + float(rng.normal(0, 0.02)), 0.555 + float(rng.normal(0, 0.03)))
    patch = blur(fill_outline(ellipse(*centre, 0.085, 0.080)), 26.0)
    blotches = np.clip(0.85 + 0.28 * texture(rng, 8.0), 0.2, 1.5)
    return np.asarray(0.85 * patch * blotches * (lungs > 0.08), dtype=np.float32)


def _marker(film: Grey) -> None:
    """Put the side marker L where the patient's left is: the right of the film."""
    rows, columns = film.shape
    size = 0.05 * min(rows, columns)
    x, y = round(columns * 0.90), round(rows * 0.07)
    corner = (x, round(y + size))
    thick = max(1, round(0.13 * size))
    cv2.line(film, (x, y), corner, 0.93, thick)
    cv2.line(film, corner, (round(x + 0.6 * size), corner[1]), 0.93, thick)


def _to_size(film: Grey, rows: int, columns: int) -> Grey:
    smaller = cv2.resize(film, (min(columns, SIDE), min(rows, SIDE)), interpolation=cv2.INTER_AREA)
    larger = cv2.resize(smaller, (columns, rows), interpolation=cv2.INTER_CUBIC)
    return np.asarray(larger, dtype=np.float32)
