"""Grey windows made for chest radiographs, from the film's own values.

CR and DX have no scale like Hounsfield's, so a preset is a pair of percentiles of the film: the
lungs are its dark half, the mediastinum and what lies behind the heart its bright third.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication

from cxr_desktop.domain.radiograph import FULL_WINDOW, Radiograph, Window
from cxr_desktop.ui.widgets.film_pyramid import FilmPyramid

SAMPLE_SIDE = 256  # enough values for a percentile
EDGE = 0.05  # collimator edges and printed marks lie there
ENDS = (0.01, 0.99)  # values outside are background, blades and letters
FEWEST = 100
NARROWEST = 0.05


@dataclass(frozen=True, slots=True)
class Preset:
    """A window under a number key; `key` is empty for the film's own windows."""

    name: str
    key: str
    window: Window


def presets_of(film: Radiograph, pyramid: FilmPyramid) -> tuple[Preset, ...]:
    """Return the seven presets of a film, keys 1 to 7; 1 is how the film opened."""
    translate = QCoreApplication.translate
    values = _sample(pyramid)

    def between(low: float, high: float) -> Window:
        return _window(values, low, high)

    widest = between(0.5, 99.8)
    return (
        Preset(translate("Presets", "Default"), "1", film.window),
        Preset(translate("Presets", "Lungs"), "2", between(1, 70)),
        Preset(translate("Presets", "Mediastinum, behind the heart"), "3", between(35, 99.8)),
        Preset(translate("Presets", "Bone"), "4", between(22, 99)),
        Preset(translate("Presets", "Lines and tubes"), "5", between(4, 88)),
        Preset(
            translate("Presets", "Soft"), "6", Window(widest.centre, min(widest.width * 1.5, 2.0))
        ),
        Preset(translate("Presets", "Whole range"), "7", FULL_WINDOW),
    )


def own_presets(film: Radiograph) -> tuple[Preset, ...]:
    """Return the windows that the film's file names, in its order."""
    translate = QCoreApplication.translate
    return tuple(
        Preset(
            window.name or translate("Presets", "Window {number} of the film").format(number=place),
            "",
            window,
        )
        for place, window in enumerate(film.windows, 1)
    )


def _sample(pyramid: FilmPyramid) -> NDArray[np.float32]:
    """Take the middle of the film without its black and white ends, or all where that is little."""
    pixels = pyramid.levels[-1]
    step = max(1, min(pixels.shape) // SAMPLE_SIDE)
    small = pixels[::step, ::step]
    rows, columns = (round(side * EDGE) for side in small.shape)
    middle = small[rows : small.shape[0] - rows, columns : small.shape[1] - columns]
    kept = middle[(middle > ENDS[0]) & (middle < ENDS[1])]
    return kept if kept.size >= FEWEST else small.ravel()


def _window(values: NDArray[np.float32], low: float, high: float) -> Window:
    black, white = (float(value) for value in np.percentile(values, (low, high)))
    return Window((black + white) / 2, max(white - black, NARROWEST))
