"""Small pictures for the History list."""

from __future__ import annotations

import cv2

from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.imaging.display import to_display
from cxr_desktop.imaging.preprocess import resize_area

LONGEST_SIDE = 192
SAMPLES = 3  # of the film for each pixel of the picture, in each direction, at least


def make_thumbnail(radiograph: Radiograph) -> bytes:
    """Draw the film as first shown: an 8-bit grey PNG, longest side 192 pixels at most."""
    scale = min(1.0, LONGEST_SIDE / max(radiograph.rows, radiograph.columns))
    width = max(1, round(radiograph.columns * scale))
    height = max(1, round(radiograph.rows * scale))
    # Every fifth pixel of a film of 3000 rows: three of them still make one of the small picture's
    # in each direction, and the resize costs a twentieth.
    step = max(1, max(radiograph.rows, radiograph.columns) // (SAMPLES * LONGEST_SIDE))
    small = resize_area(radiograph.pixels[::step, ::step], width, height)
    _, png = cv2.imencode(".png", to_display(small, radiograph.window))
    return png.tobytes()
