"""Whether a film can be looked at on this screen: the self-test's check of it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QScreen

from cxr_desktop.domain.errors import UserError

LEAST_WIDTH, LEAST_HEIGHT = 800, 600  # real pixels, whatever the scaling
LEAST_DEPTH = 24  # bits of colour: 256 greys


def screen_check(screen: QScreen | None) -> Callable[[], str]:
    """Look at the screen now, and return the check that says what was seen."""
    if screen is None:
        return lambda: screen_words(0, 0, 0)
    scale, size, depth = screen.devicePixelRatio(), screen.size(), screen.depth()
    width, height = round(size.width() * scale), round(size.height() * scale)
    return lambda: screen_words(width, height, depth)


def screen_words(width: int, height: int, depth: int) -> str:
    """Say what the screen shows, in real pixels. Raises `UserError` where films need more."""
    if width < LEAST_WIDTH or height < LEAST_HEIGHT or depth < LEAST_DEPTH:
        raise UserError(
            f"The screen shows {width} × {height} pixels in {depth} bits of colour: films cannot"
            " be looked at on it.",
            hint=f"Set at least {LEAST_WIDTH} × {LEAST_HEIGHT} and {LEAST_DEPTH} bits (true"
            " colour), then start the program again.",
            code="screen",
        )
    return f"{width} × {height} pixels in {depth} bits of colour."
