"""Film to 8-bit grey for a screen: window, level, invert."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.radiograph import Radiograph, Window

WHITE = 255.0


def to_display(
    pixels: NDArray[np.float32], window: Window, *, invert: bool = False
) -> NDArray[np.uint8]:
    """Show `pixels` (float32, 0..1) through a window: uint8, same shape, rounded.

    The window's low end becomes 0 and its high end 255. `invert` turns the result after windowing
    (255 - grey), so that the window means the same either way. One pass over the pixels.
    """
    gain = WHITE / window.width
    offset = -window.low * gain
    if invert:
        gain, offset = -gain, WHITE - offset
    shown = cv2.addWeighted(pixels, gain, pixels, 0.0, offset, dtype=cv2.CV_8U)
    return np.asarray(shown, dtype=np.uint8).reshape(pixels.shape)


def as_first_shown(radiograph: Radiograph) -> NDArray[np.uint8]:
    """Show a film through its own window (the domain's `Display`)."""
    return to_display(radiograph.pixels, radiograph.window)
