"""Where the heat map lies: the share of what it shows inside the lung half of the film.

The lung half is a fixed box, because a lung outline would need a second network: the middle 5/6 of
the width, from 15 to 75 % of the height. That is half of the film's area, so an even map has half
of its energy inside; on the films used here it holds lung fields, heart and mediastinum.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

TOP, BOTTOM = 0.15, 0.75
LEFT, RIGHT = 1 / 12, 11 / 12
BOX_TEXT = "the middle 5/6 of the width, from 15 to 75 % of the height: half of the area"


def share_in_lung_half(heat: NDArray[np.floating]) -> float:
    """Return the share of a map's raising values, (rows, columns), inside the box; nan without any.

    Each cell counts by the part of it that lies inside (energy-based pointing game, Wang et al.,
    CVPR workshops 2020).
    """
    raising = np.maximum(np.asarray(heat, dtype=np.float64), 0.0)
    total = raising.sum()
    if total <= 0:
        return float("nan")
    rows, columns = raising.shape
    inside = np.outer(_overlap(rows, TOP, BOTTOM), _overlap(columns, LEFT, RIGHT))
    return float((raising * inside).sum() / total)


def _overlap(cells: int, low: float, high: float) -> NDArray[np.float64]:
    """Return how much of each of so many equal cells lies between two places of 0..1."""
    edges = np.linspace(0.0, 1.0, cells + 1)
    covered = np.minimum(edges[1:], high) - np.maximum(edges[:-1], low)
    return np.asarray(np.maximum(covered, 0.0) * cells, dtype=np.float64)
