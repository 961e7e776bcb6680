"""Grey of a DICOM film as pure functions of its stored values (PS3.3 C.7.6.3, C.11.1, C.11.2).

Order: padding aside → Modality LUT or rescale → VOI LUT or SIGMOID → scaled by the used range →
MONOCHROME1 turned, once. A LINEAR window stays a window, in the scaled units.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.radiograph import FULL_WINDOW, Caution, Window
from cxr_desktop.imaging.decoded import Stored, count_values, table_size
from cxr_desktop.imaging.refusals import no_pixels

Values = NDArray[np.float64]
Function = Literal["LINEAR", "LINEAR_EXACT", "SIGMOID"]
MOST_CLIPPED = 0.60
LOW_SHARE, HIGH_SHARE = 0.005, 0.995
WINDOW_REPLACED = Caution(
    "window_replaced",
    "The file's own grey window does not fit its pixels; a window made from the pixels is used.",
)
SCALE_IGNORED = Caution(
    "scale_ignored", "The file's rescale values are unusable and were left aside."
)


@dataclass(frozen=True, slots=True)
class LookUpTable:
    """A Modality or VOI LUT: `entries[0]` belongs to the value `first`; the ends go on for ever."""

    first: float
    entries: Values

    def __call__(self, values: Values) -> Values:
        """Return the entry of each value (PS3.3 C.11.1.1.1)."""
        index = np.clip(np.floor(values - self.first), 0, len(self.entries) - 1)
        return self.entries[index.astype(np.int64)]


@dataclass(frozen=True, slots=True)
class WindowTag:
    """One Window Center and Window Width as the file has them; NaN where it has no number."""

    centre: float
    width: float
    name: str = ""


@dataclass(frozen=True, slots=True)
class GreyTags:
    """What the tags say about grey; see PS3.3 C.7.6.3.1 for the bits."""

    bits_stored: int
    high_bit: int
    signed: bool = False
    monochrome1: bool = False
    slope: float = 1.0
    intercept: float = 0.0
    modality_lut: LookUpTable | None = None
    voi_lut: LookUpTable | None = None
    windows: tuple[WindowTag, ...] = ()
    function: Function = "LINEAR"
    padding: float | None = None
    padding_limit: float | None = None


@dataclass(frozen=True, slots=True)
class GreyScale:
    """The grey of each storable value (float32, 0..1), and the windows in the same units.

    `span` is what became 0 and 1, in modality units, or in those of the VOI LUT where
    `voi_applied`.
    """

    table: NDArray[np.float32]
    window: Window
    windows: tuple[Window, ...]
    cautions: tuple[Caution, ...]
    span: tuple[float, float]
    voi_applied: bool


def grey_scale(stored: Stored, tags: GreyTags) -> GreyScale:
    """Work out the grey of a film. Raises `FilmRefused` (no_pixels) when all of it is one grey."""
    counts = count_values(stored)
    raw = unpack(table_size(stored), tags)
    padded = is_padding(raw, tags)
    counts[padded] = 0
    used = counts > 0
    values, cautions = to_modality(raw, tags)
    values, voi_applied = apply_voi(values, tags)
    if not used.any() or np.ptp(values[used]) <= 0:
        raise no_pixels("The picture is empty: all its pixels have the same value.")
    low, high = float(values[used].min()), float(values[used].max())
    grey = np.clip((values - low) / (high - low), 0.0, 1.0)
    first = FULL_WINDOW
    windows: tuple[Window, ...] = ()
    if not voi_applied:
        found = [_unit_window(tag, tags.function, low, high) for tag in tags.windows]
        windows = tuple(window for window in found if window is not None)
        first, replaced = _first_window(found, grey, counts)
        cautions += replaced
    if tags.monochrome1:
        grey = 1.0 - grey
        first, windows = _turned(first), tuple(_turned(window) for window in windows)
    grey[padded] = 0.0  # padding is no part of the film: shown black, whatever its polarity
    table = grey.astype(np.float32)
    return GreyScale(table, first, windows, cautions, (low, high), voi_applied)


def unpack(size: int, tags: GreyTags) -> Values:
    """Return the value that each possible container holds (PS3.5 8.1.1).

    Bits outside High Bit and Bits Stored, where old films keep overlays, are left out; so a film
    with High Bit 15 and 12 Bits Stored comes out right.
    """
    container = np.arange(size, dtype=np.int64)
    shift = tags.high_bit + 1 - tags.bits_stored
    values = (container >> shift) & ((1 << tags.bits_stored) - 1)
    if tags.signed:
        values = np.where(
            values >= 1 << (tags.bits_stored - 1), values - (1 << tags.bits_stored), values
        )
    return values.astype(np.float64)


def is_padding(raw: Values, tags: GreyTags) -> NDArray[np.bool_]:
    """Say which values are Pixel Padding Value, or in its Range Limit (PS3.3 C.7.5.1.1.2)."""
    if tags.padding is None:
        return np.zeros(raw.shape, dtype=np.bool_)
    # Written in the container's whole width, or as negative where values are not, by some devices.
    span = 1 << tags.bits_stored
    folded = [
        value if raw.min() <= value <= raw.max() else (value % span) + min(0.0, float(raw.min()))
        for value in (
            tags.padding,
            tags.padding if tags.padding_limit is None else tags.padding_limit,
        )
    ]
    return np.asarray((raw >= min(folded)) & (raw <= max(folded)), dtype=np.bool_)


def to_modality(raw: Values, tags: GreyTags) -> tuple[Values, tuple[Caution, ...]]:
    """Apply the Modality LUT, or slope and intercept; an unusable slope counts as 1."""
    if tags.modality_lut is not None:
        return tags.modality_lut(raw), ()
    usable = math.isfinite(tags.slope) and math.isfinite(tags.intercept) and tags.slope != 0
    if not usable:
        return raw, (SCALE_IGNORED,)
    return raw * tags.slope + tags.intercept, ()


def apply_voi(values: Values, tags: GreyTags) -> tuple[Values, bool]:
    """Apply what is no plain window: a VOI LUT, or a SIGMOID (PS3.3 C.11.2.1.3.1)."""
    if tags.voi_lut is not None:
        return tags.voi_lut(values), True
    window = tags.windows[0] if tags.windows else None
    if tags.function != "SIGMOID" or window is None or not _is_sound(window):
        return values, False
    steep = np.clip(-4.0 * (values - window.centre) / window.width, -700.0, 700.0)
    return 1.0 / (1.0 + np.exp(steep)), True


def _is_sound(tag: WindowTag) -> bool:
    return math.isfinite(tag.centre) and math.isfinite(tag.width) and tag.width > 0


def _unit_window(tag: WindowTag, function: Function, low: float, high: float) -> Window | None:
    """Move a window from modality values to 0..1; None when it is no window.

    LINEAR reaches from centre - 0.5 - (width - 1) / 2 to centre - 0.5 + (width - 1) / 2,
    LINEAR_EXACT from centre - width / 2 to centre + width / 2 (PS3.3 C.11.2.1.2.1, C.11.2.1.3.2).
    """
    exact = function == "LINEAR_EXACT"
    width = tag.width if exact else tag.width - 1.0
    centre = tag.centre if exact else tag.centre - 0.5
    span = high - low
    if not _is_sound(tag) or not 0 < width / span < 1e6 or abs((centre - low) / span) > 1e6:
        return None
    return Window((centre - low) / span, width / span, tag.name)


def _first_window(
    found: list[Window | None], grey: Values, counts: NDArray[np.int64]
) -> tuple[Window, tuple[Caution, ...]]:
    if not found:
        return FULL_WINDOW, ()
    first = found[0]
    if first is not None:
        outside = counts[(grey < first.low) | (grey > first.high)].sum()
        if outside <= MOST_CLIPPED * counts.sum():
            return first, ()
    return percentile_window(grey, counts), (WINDOW_REPLACED,)


def percentile_window(grey: Values, counts: NDArray[np.int64]) -> Window:
    """Return the window from the 0.5th to the 99.5th percentile of the film."""
    order = np.argsort(grey, kind="stable")
    share = np.cumsum(counts[order]) / counts.sum()
    low = float(grey[order[np.searchsorted(share, LOW_SHARE)]])
    high = float(grey[order[np.searchsorted(share, HIGH_SHARE)]])
    return Window((low + high) / 2, high - low) if high > low else FULL_WINDOW


def _turned(window: Window) -> Window:
    return Window(1.0 - window.centre, window.width, window.name)
