"""Colours, distances and sizes of the whole window, by name."""

from __future__ import annotations

from typing import Final


class Palette:
    """The colours, as "#rrggbb"."""

    CANVAS: Final = "#000000"  # behind a film, and nowhere else
    BACKGROUND: Final = "#15171a"
    SURFACE: Final = "#1c1f23"
    RAISED: Final = "#272b30"
    HOVER: Final = "#30353b"
    BORDER: Final = "#343a41"  # between areas
    OUTLINE: Final = "#757e88"  # around controls
    TEXT: Final = "#e6e9ec"
    MUTED: Final = "#a9b0b8"
    FAINT: Final = "#7d858e"  # disabled
    ACCENT: Final = "#62b0e8"
    ACCENT_HOVER: Final = "#84c3f0"
    ON_ACCENT: Final = "#0d141a"
    SELECTION: Final = "#234a66"
    NORMAL: Final = "#4fc3a1"
    UNCERTAIN: Final = "#e6b84a"
    ABNORMAL: Final = "#f08a5d"
    REFUSED: Final = "#b4b9c0"
    DANGER: Final = "#f28482"
    INFO_SURFACE: Final = "#1b2c39"
    CAUTION_SURFACE: Final = "#332b18"
    DANGER_SURFACE: Final = "#3a2022"


class Space:
    """Distances in logical pixels: an 8 px grid with one half step."""

    HALF: Final = 4
    ONE: Final = 8
    TWO: Final = 16
    THREE: Final = 24
    FOUR: Final = 32
    SIX: Final = 48


class Size:
    """Heights and text sizes in logical pixels."""

    CONTROL: Final = 36
    ROW: Final = 40
    ICON: Final = 20
    TEXT: Final = 14
    SMALL: Final = 12
    HEADING: Final = 18
    TITLE: Final = 24
    VERDICT: Final = 32
