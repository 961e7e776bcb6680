"""A film whose file holds a negative, turned into a positive because a person asked for it.

The exam says so in a caution; by it the stored film is turned again whenever the exam is opened.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from cxr_desktop.domain.radiograph import Caution, Radiograph, Window

DOUBTFUL = "polarity_doubtful"  # the code of a film that looks like a negative
TURNED = Caution(
    "negative_turned",
    "Black and white were exchanged on request before the model saw this film: its file holds a"
    " negative.",
)


def is_turned(cautions: Iterable[Caution]) -> bool:
    """Whether these are the cautions of a film that was turned."""
    return any(caution.code == TURNED.code for caution in cautions)


def turn_negative(film: Radiograph) -> Radiograph:
    """Return the film with black and white exchanged, for display and model alike."""
    pixels = np.subtract(np.float32(1.0), film.pixels, dtype=np.float32)
    cautions = tuple(caution for caution in film.cautions if caution.code != DOUBTFUL)
    return replace(
        film,
        pixels=pixels,
        window=_turned(film.window),
        windows=tuple(_turned(window) for window in film.windows),
        cautions=(TURNED, *cautions),
    )


def _turned(window: Window) -> Window:
    return replace(window, centre=1.0 - window.centre)
