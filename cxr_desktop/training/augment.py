"""Random changes that the truth about a film survives and a shortcut does not.

The known shortcuts (see docs/model.md) are borders, side markers, brightness, crops and the picture
pipeline (blur, resampling, JPEG). Each has its own change here. Films are float32, (rows, columns),
0..1, and keep their label and their top.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from cxr_desktop.imaging.preprocess import resize_area, stretch_percentiles

Film = NDArray[np.float32]


def augment(film: Film, size: int, rng: np.random.Generator) -> Film:
    """Return a changed film of size x size pixels, 0..1."""
    film = random_crop(film, rng)
    film = resize_area(film, size, size)
    film = stretch_percentiles(film)
    if rng.random() < 0.5:
        film = np.ascontiguousarray(film[:, ::-1])
    film = tilt(film, rng)
    film = vary_tone(film, rng)
    film = vary_sharpness(film, rng)
    film = hide_border(film, rng)
    film = hide_boxes(film, rng)
    return np.clip(film, 0.0, 1.0).astype(np.float32)


def random_crop(film: Film, rng: np.random.Generator) -> Film:
    """Cut up to 18 % off each axis at random, so that the collimation tells nothing."""
    if rng.random() < 0.25:
        return film
    rows, columns = film.shape
    high = max(8, round(rows * rng.uniform(0.82, 1.0)))
    wide = max(8, round(columns * rng.uniform(0.82, 1.0)))
    top = int(rng.integers(0, rows - high + 1))
    left = int(rng.integers(0, columns - wide + 1))
    return film[top : top + high, left : left + wide]


def tilt(film: Film, rng: np.random.Generator) -> Film:
    """Turn by up to 12 degrees, shear, scale and shift a little; the outside becomes one grey."""
    if rng.random() < 0.2:
        return film
    size = film.shape[0]
    angle, scale = math.radians(rng.normal(0, 5)), rng.uniform(0.9, 1.12)
    shear = rng.normal(0, 0.04)
    turn = np.array(
        [[math.cos(angle), -math.sin(angle) + shear], [math.sin(angle), math.cos(angle)]]
    )
    turn *= scale
    centre = np.array([size / 2, size / 2])
    shift = centre - turn @ centre + rng.normal(0, 0.025, 2) * size
    outside = 0.0 if rng.random() < 0.7 else float(rng.random())
    return np.asarray(
        cv2.warpAffine(
            film, np.column_stack([turn, shift]), (size, size), borderValue=(outside,) * 4
        ),
        dtype=np.float32,
    )


def vary_tone(film: Film, rng: np.random.Generator) -> Film:
    """Change the grey scale: gamma, a random monotone curve, or local equalisation (CLAHE)."""
    if rng.random() < 0.6:
        film = film ** np.float32(math.exp(rng.normal(0, 0.3)))
    if rng.random() < 0.35:
        steps = rng.gamma(2.0, 1.0, 6)
        curve = np.concatenate([[0.0], np.cumsum(steps) / steps.sum()])
        film = np.interp(film, np.linspace(0, 1, 7), curve).astype(np.float32)
    if rng.random() < 0.25:
        equaliser = cv2.createCLAHE(clipLimit=float(rng.uniform(1, 4)), tileGridSize=(8, 8))
        equal = equaliser.apply((film * 255).astype(np.uint8)).astype(np.float32) / 255
        film = np.asarray(film + rng.uniform(0.3, 1.0) * (equal - film), dtype=np.float32)
    if rng.random() < 0.3:
        brighter = film * rng.uniform(0.75, 1.1) + rng.uniform(-0.08, 0.15)
        film = np.clip(brighter, 0, 1).astype(np.float32)
    return np.asarray(film, dtype=np.float32)


def vary_sharpness(film: Film, rng: np.random.Generator) -> Film:
    """Blur, sharpen, resample, compress or add noise: no source keeps its own sharpness."""
    size = film.shape[0]
    if rng.random() < 0.5:
        film = _blur(film, rng.uniform(0.3, 1.3) * size / 224)
    elif rng.random() < 0.3:
        soft = _blur(film, 1.5 * size / 224)
        film = film + np.float32(rng.uniform(0.3, 1.2)) * (film - soft)
    if rng.random() < 0.2:
        small = round(size * rng.uniform(0.5, 0.9))
        film = resize_area(resize_area(np.asarray(film, np.float32), small, small), size, size)
    if rng.random() < 0.15:
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(40, 95))]
        grey = (np.clip(film, 0, 1) * 255).astype(np.uint8)
        _, coded = cv2.imencode(".jpg", grey, quality)
        decoded = cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE)
        film = np.asarray(decoded, dtype=np.float32) / np.float32(255)
    if rng.random() < 0.4:
        film = film + rng.normal(0, rng.uniform(0.005, 0.03), film.shape).astype(np.float32)
    return np.asarray(film, dtype=np.float32)


def _blur(film: Film, sigma: float) -> Film:
    return np.asarray(cv2.GaussianBlur(film, (0, 0), sigma), dtype=np.float32)


def hide_border(film: Film, rng: np.random.Generator) -> Film:
    """Cover up to 10 % of each edge and, at times, the corners where side markers stand."""
    film = film.copy()
    size = film.shape[0]
    if rng.random() < 0.3:
        grey = 0.0 if rng.random() < 0.6 else float(rng.random())
        top, bottom, left, right = rng.integers(0, max(2, size // 10), 4)
        film[:top], film[size - bottom :] = grey, grey
        film[:, :left], film[:, size - right :] = grey, grey
    for rows in (slice(0, size // 6), slice(size - size // 6, size)):
        for columns in (slice(0, size // 6), slice(size - size // 6, size)):
            if rng.random() < 0.15:
                film[rows, columns] = float(np.median(film[rows, columns]))
    return film


def hide_boxes(film: Film, rng: np.random.Generator) -> Film:
    """Cover one to three small boxes anywhere (random erasing)."""
    if rng.random() < 0.7:
        return film
    size = film.shape[0]
    for _ in range(int(rng.integers(1, 4))):
        high, wide = rng.integers(size // 16, size // 4, 2)
        top, left = int(rng.integers(0, size - high)), int(rng.integers(0, size - wide))
        film[top : top + high, left : left + wide] = float(rng.random())
    return film
