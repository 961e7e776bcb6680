"""The occlusion check: how the score moves when a part of the film is hidden.

After Zeiler and Fergus, ECCV 2014: a part that the score rests on moves it when it is covered.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from cxr_desktop.domain.model_input import FilmRegion
from cxr_desktop.domain.radiograph import Radiograph

SMALLEST = 8  # pixels a side
LARGEST_SHARE = 0.5  # of the film: more hides the film, not a part of it
RING_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class Occlusion:
    """P(abnormal) as it was answered, and with `region` hidden; not an answer, and never stored."""

    region: FilmRegion
    before: float
    after: float

    @property
    def change(self) -> float:
        """How far the score moved: negative when the hidden part spoke for abnormal."""
        return self.after - self.before


def hide(film: Radiograph, region: FilmRegion) -> Radiograph:
    """Return the film with a part filled with the mean grey of what lies around it.

    Around it is a ring of a quarter of the part's smaller side. Raises ValueError for a part that
    does not lie on the film.
    """
    right, bottom = region.x + region.width, region.y + region.height
    if not (0 <= region.x < right <= film.columns and 0 <= region.y < bottom <= film.rows):
        raise ValueError("the part to hide does not lie on the film")
    ring = max(2, round(min(region.width, region.height) * RING_SHARE))
    top, left = max(region.y - ring, 0), max(region.x - ring, 0)
    around = film.pixels[top : bottom + ring, left : right + ring]
    inside = film.pixels[region.y : bottom, region.x : right]
    count = around.size - inside.size
    if count > 0:
        mean = (around.sum(dtype=np.float64) - inside.sum(dtype=np.float64)) / count
    else:
        mean = float(inside.mean(dtype=np.float64))
    pixels = film.pixels.copy()
    pixels[region.y : bottom, region.x : right] = min(max(mean, 0.0), 1.0)
    return replace(film, pixels=pixels)
