"""Pictures that must be refused: made from training films, or drawn. No file, all by a seed.

Every maker takes a random generator, some also films (float32, (rows, columns), 0..1), and returns
one picture of the same kind of array. What is made from a film keeps its texture and its source,
so that the gate has to look at what is shown and not at how it was stored.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from cxr_desktop.imaging.preprocess import resize_area
from cxr_desktop.training.gate_bodies import abdomen, side_view, skull

Picture = NDArray[np.float32]
SIDE = 256


def upside_down(film: Picture, rng: np.random.Generator) -> Picture:
    """Turn a film by half a circle, or flip it top to bottom."""
    return film[::-1, ::-1] if rng.random() < 0.6 else film[::-1]


def turned(film: Picture, rng: np.random.Generator) -> Picture:
    """Turn a film by a quarter of a circle, either way."""
    return np.asarray(np.rot90(film, 1 if rng.random() < 0.5 else 3), dtype=np.float32)


def inverted(film: Picture, rng: np.random.Generator) -> Picture:
    """Exchange black and white, with some change of gamma."""
    return np.asarray((1.0 - film) ** rng.uniform(0.7, 1.4), dtype=np.float32)


def cropped(film: Picture, rng: np.random.Generator) -> Picture:
    """Keep 28 to 48 % of each side, or one half of the film."""
    rows, columns = film.shape
    if rng.random() < 0.3:
        half = film[:, : columns // 2] if rng.random() < 0.5 else film[:, columns // 2 :]
        return half if rng.random() < 0.6 else np.ascontiguousarray(half[: round(rows * 0.6)])
    high, wide = (max(16, round(side * rng.uniform(0.28, 0.48))) for side in (rows, columns))
    top, left = int(rng.integers(0, rows - high + 1)), int(rng.integers(0, columns - wide + 1))
    return film[top : top + high, left : left + wide]


def in_a_page(film: Picture, rng: np.random.Generator) -> Picture:
    """Put a film, 25 to 50 % of the side, on a page or a dark screen."""
    grey = float(rng.choice([0.0, 0.1, 0.5, 0.93, 1.0]))
    page = np.full((SIDE, SIDE), grey, np.float32)
    if rng.random() < 0.5:
        _lines_of_text(page, rng, ink=1.0 - round(grey), first=int(rng.integers(10, 180)))
    high, wide = (round(SIDE * rng.uniform(0.25, 0.5)) for _ in range(2))
    top, left = int(rng.integers(0, SIDE - high)), int(rng.integers(0, SIDE - wide))
    page[top : top + high, left : left + wide] = resize_area(film, wide, high)
    return page


def scrambled(film: Picture, rng: np.random.Generator) -> Picture:
    """Cut a film into tiles, 3 x 3 to 5 x 5, and lay them down in another order."""
    count = int(rng.integers(3, 6))
    tile = SIDE // count
    whole = resize_area(film, tile * count, tile * count)
    tiles = whole.reshape(count, tile, count, tile).transpose(0, 2, 1, 3).reshape(-1, tile, tile)
    mixed = tiles[rng.permutation(len(tiles))].reshape(count, count, tile, tile)
    return np.ascontiguousarray(mixed.transpose(0, 2, 1, 3).reshape(tile * count, tile * count))


def grain_only(film: Picture, rng: np.random.Generator) -> Picture:
    """Keep how coarse a film is and lose what it shows: its spectrum with the phases of noise."""
    square = resize_area(film, SIDE, SIDE)
    strength = np.abs(np.fft.rfft2(square - square.mean()))
    other = np.fft.rfft2(rng.normal(0, 1, square.shape))
    field = np.fft.irfft2(strength * other / np.maximum(np.abs(other), 1e-9), square.shape)
    return _stretched(field)


def montage(films: tuple[Picture, ...], rng: np.random.Generator) -> Picture:
    """Put four films in a square, or two side by side or one above the other."""
    half = SIDE // 2
    tiles = [resize_area(film, half, half) for film in films]
    kind = rng.random()
    if kind < 0.5:
        return np.block([[tiles[0], tiles[1]], [tiles[2], tiles[3]]]).astype(np.float32)
    return np.concatenate(tiles[:2], axis=int(kind < 0.75))


def noise(rng: np.random.Generator) -> Picture:
    """Draw noise of any smoothness and contrast."""
    sigma = float(rng.choice([0.0, 0.7, 2.0, 6.0, 20.0, 45.0]))
    field = rng.normal(0, 1, (SIDE, SIDE)).astype(np.float32)
    return _stretched(_blur(field, sigma) if sigma else field)


def blank(rng: np.random.Generator) -> Picture:
    """Draw a nearly even plate: a slow slope, a little noise, perhaps a collimated field."""
    plate = np.asarray(0.02 * _slope(rng) + rng.uniform(0.1, 0.9), dtype=np.float64)
    plate = plate + rng.normal(0, rng.uniform(0.0005, 0.02), plate.shape)
    if rng.random() < 0.4:
        top, left, bottom, right = rng.integers(8, 60, 4)
        frame = np.zeros_like(plate)
        frame[top : SIDE - bottom, left : SIDE - right] = 1.0
        plate = plate * frame
    return np.asarray(np.clip(plate, 0, 1), dtype=np.float32)


def gradient(rng: np.random.Generator) -> Picture:
    """Draw a slope, a spot of light or a wave."""
    y, x = np.mgrid[0:SIDE, 0:SIDE] / SIDE
    kind = int(rng.integers(0, 3))
    if kind == 0:
        return _stretched(_slope(rng))
    if kind == 1:
        cx, cy, width = rng.uniform(0.2, 0.8), rng.uniform(0.2, 0.8), rng.uniform(0.1, 0.6)
        return np.exp(-((x - cx) ** 2 + (y - cy) ** 2) / width**2).astype(np.float32)
    waves = rng.uniform(1, 14)
    angle = rng.uniform(0, np.pi)
    phase = 2 * np.pi * waves * (x * np.cos(angle) + y * np.sin(angle))
    return np.asarray(0.5 + 0.5 * np.sin(phase), dtype=np.float32)


def text_page(rng: np.random.Generator) -> Picture:
    """Write lines on a page, light or dark."""
    dark = rng.random() < 0.3
    page = np.full((SIDE, SIDE), 0.1 if dark else rng.uniform(0.7, 1.0), np.float32)
    _lines_of_text(page, rng, ink=0.95 if dark else rng.uniform(0.0, 0.3))
    shade = 1.0 - rng.uniform(0, 0.3) * _slope(rng)
    return np.clip(_blur(page, rng.uniform(0.3, 1.5)) * shade, 0, 1).astype(np.float32)


def screen(rng: np.random.Generator) -> Picture:
    """Draw windows, bars and buttons with words."""
    page = np.full((SIDE, SIDE), rng.uniform(0, 1), np.float32)
    for _ in range(int(rng.integers(3, 12))):
        left, top = (int(v) for v in rng.integers(-20, SIDE - 20, 2))
        wide, high = (int(v) for v in rng.integers(20, SIDE, 2))
        corner = (left + wide, top + high)
        cv2.rectangle(page, (left, top), corner, float(rng.random()), -1)
        cv2.rectangle(page, (left, top), corner, float(rng.random()), 1)
        word = "".join(chr(int(c)) for c in rng.integers(97, 123, int(rng.integers(3, 12))))
        _write(page, word, (left + 4, top + 14), float(rng.uniform(0.3, 0.6)), float(rng.random()))
    return page


def shapes(rng: np.random.Generator) -> Picture:
    """Draw filled ellipses and polygons, sharp or soft."""
    page = np.full((SIDE, SIDE), rng.random(), np.float32)
    for _ in range(int(rng.integers(1, 14))):
        grey = float(rng.random())
        if rng.random() < 0.5:
            middle = tuple(int(v) for v in rng.integers(0, SIDE, 2))
            axes = tuple(int(v) for v in rng.integers(8, SIDE // 2, 2))
            cv2.ellipse(page, middle, axes, float(rng.uniform(0, 180)), 0, 360, grey, -1)
        else:
            corners = rng.integers(0, SIDE, (int(rng.integers(3, 7)), 2)).astype(np.int32)
            cv2.fillPoly(page, [corners], grey)
    page = _blur(page, rng.uniform(0.3, 9.0))
    return np.clip(page + rng.normal(0, 0.02, page.shape), 0, 1).astype(np.float32)


def limb(rng: np.random.Generator) -> Picture:
    """Draw bones in soft tissue: fingers, a forearm, a leg; no lungs."""
    tissue, bone = np.zeros((SIDE, SIDE), np.float32), np.zeros((SIDE, SIDE), np.float32)
    number = int(rng.integers(1, 6))
    for index in range(number):
        x = SIDE * (index + 0.5 + rng.uniform(-0.2, 0.2)) / number
        lean, width = rng.uniform(-0.3, 0.3) * SIDE, SIDE * rng.uniform(0.08, 0.3) / number**0.7
        ends = ((round(x - lean / 2), -20), (round(x + lean / 2), SIDE + 20))
        cv2.line(tissue, *ends, 1.0, max(3, round(2.2 * width)), cv2.LINE_AA)
        cv2.line(bone, *ends, 1.0, max(2, round(width)), cv2.LINE_AA)
        for share in rng.uniform(0.1, 0.9, int(rng.integers(0, 4))):
            joint = tuple(round(a + share * (b - a)) for a, b in zip(*ends, strict=True))
            cv2.circle(bone, joint, max(3, round(0.7 * width)), 1.0, -1, cv2.LINE_AA)
    rim = np.clip(bone - cv2.erode(bone, np.ones((5, 5), np.uint8)), 0, 1)
    film = 0.35 * _blur(tissue, 4.0) + 0.35 * _blur(bone, 1.5) + 0.25 * _blur(rim, 0.8)
    lying = np.rot90(film, int(rng.integers(0, 2))) * (1.0 + 0.1 * rng.normal(0, 1))
    return np.clip(lying + rng.normal(0, 0.015, lying.shape), 0, 1).astype(np.float32)


def cross_section(rng: np.random.Generator) -> Picture:
    """Draw a body cut across: an oval with a rim, organs, a spine, on black."""
    plate = np.zeros((SIDE, SIDE), np.float32)
    c = SIDE // 2
    wide, high = round(SIDE * rng.uniform(0.33, 0.48)), round(SIDE * rng.uniform(0.22, 0.42))
    cv2.ellipse(plate, (c, c), (wide, high), 0, 0, 360, rng.uniform(0.2, 0.9), -1, cv2.LINE_AA)
    inner = (round(wide * 0.88), round(high * 0.88))
    cv2.ellipse(plate, (c, c), inner, 0, 0, 360, rng.uniform(0.3, 0.6), -1, cv2.LINE_AA)
    for _ in range(int(rng.integers(2, 9))):
        at = (c + int(rng.normal(0, wide / 2.5)), c + int(rng.normal(0, high / 2.5)))
        size = tuple(int(v) for v in rng.integers(6, max(8, high // 2), 2))
        cv2.ellipse(plate, at, size, 0, 0, 360, float(rng.random()), -1, cv2.LINE_AA)
    cv2.circle(plate, (c, c + round(high * 0.6)), max(4, high // 5), 1.0, -1, cv2.LINE_AA)
    grainy = _blur(plate, rng.uniform(0.6, 2.5)) + rng.normal(0, 0.03, plate.shape)
    return np.clip(grainy, 0, 1).astype(np.float32)


FROM_FILMS: dict[str, Callable[[Picture, np.random.Generator], Picture]] = {
    "upside down": upside_down,
    "turned": turned,
    "inverted": inverted,
    "cropped": cropped,
    "small in a page": in_a_page,
    "scrambled": scrambled,
    "grain only": grain_only,
}
DRAWN: dict[str, Callable[[np.random.Generator], Picture]] = {
    "noise": noise,
    "blank": blank,
    "gradient": gradient,
    "drawn text": text_page,
    "drawn screen": screen,
    "drawn shapes": shapes,
    "drawn limb": limb,
    "drawn cross-section": cross_section,
    "drawn side view": side_view,
    "drawn abdomen": abdomen,
    "drawn skull": skull,
}
MONTAGE = "montage"


def _lines_of_text(page: Picture, rng: np.random.Generator, *, ink: float, first: int = 12) -> None:
    step, size = int(rng.integers(8, 24)), float(rng.uniform(0.25, 0.7))
    for y in range(first, SIDE, step):
        words = "".join(chr(int(c)) for c in rng.choice([32, *range(97, 123)], 48))
        _write(page, words, (int(rng.integers(2, 24)), y), size, ink)


def _write(page: Picture, words: str, at: tuple[int, int], size: float, ink: float) -> None:
    """Write on `page`; the font is drawn in bytes, so that any OpenCV can."""
    mask = np.zeros(page.shape, np.uint8)
    cv2.putText(mask, words, at, cv2.FONT_HERSHEY_SIMPLEX, size, 255, 1, cv2.LINE_AA)
    cover = mask.astype(np.float32) / np.float32(255)
    page += cover * (np.float32(ink) - page)


def _slope(rng: np.random.Generator) -> Picture:
    y, x = np.mgrid[0:SIDE, 0:SIDE] / SIDE
    angle = rng.uniform(0, 2 * np.pi)
    return _stretched(x * np.cos(angle) + y * np.sin(angle))


def _blur(layer: NDArray[np.floating], sigma: float) -> Picture:
    return np.asarray(cv2.GaussianBlur(layer, (0, 0), sigma), dtype=np.float32)


def _stretched(field: NDArray[np.floating]) -> Picture:
    low, high = float(field.min()), float(field.max())
    return np.asarray((field - low) / max(high - low, 1e-6), dtype=np.float32)
