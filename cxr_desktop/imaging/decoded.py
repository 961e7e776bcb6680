"""A decoded film as stored values and a table: small to send, exact, and quick to turn into grey.

Every grey transformation of the standards (rescale, look-up tables, sigmoid, inversion, scaling) is
a function of one stored value, so it is computed for at most 65,536 values and looked up per pixel.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.radiograph import (
    FULL_WINDOW,
    Caution,
    PixelSpacing,
    Radiograph,
    StudyInfo,
    Window,
)

Stored = NDArray[Any]  # uint8 or uint16, (rows, columns): what a decoder gives
CV2_HAS_WIDE_LUT = int(cv2.__version__.split(".")[0]) >= 5


@dataclass(frozen=True, slots=True, eq=False)
class DecodedFilm:
    """A film between decoder and `Radiograph`.

    `stored` is uint8 or uint16, (rows, columns); `table` is float32, 0..1, with a grey for each of
    the 256 or 65,536 values that `stored` can hold. The rest is as in `Radiograph`.
    """

    stored: Stored
    table: NDArray[np.float32]
    file_format: str
    bits: int
    window: Window = FULL_WINDOW
    windows: tuple[Window, ...] = ()
    spacing: PixelSpacing | None = None
    study: StudyInfo = field(default_factory=StudyInfo)
    cautions: tuple[Caution, ...] = ()

    def __post_init__(self) -> None:
        """Raise ValueError unless values and table fit each other."""
        if self.stored.dtype not in (np.uint8, np.uint16) or self.stored.ndim != 2:
            raise ValueError(f"stored values are {self.stored.dtype} {self.stored.shape}")
        if self.table.dtype != np.float32 or self.table.shape != (table_size(self.stored),):
            raise ValueError(f"grey table is {self.table.dtype} {self.table.shape}")
        if not np.isfinite(self.table).all() or self.table.min() < 0 or self.table.max() > 1:
            raise ValueError("grey table leaves 0..1")

    def radiograph(self, sha256: str, file_name: str) -> Radiograph:
        """Look every pixel up: the film as the program holds it."""
        return Radiograph(
            pixels=look_up(self.stored, self.table),
            sha256=sha256,
            file_name=file_name,
            file_format=self.file_format,
            bits=self.bits,
            window=self.window,
            windows=self.windows,
            spacing=self.spacing,
            study=self.study,
            cautions=self.cautions,
        )


def table_size(stored: Stored) -> int:
    """How many values the array's type can hold: 256 or 65,536."""
    return 1 << (8 * stored.dtype.itemsize)


def look_up(stored: Stored, table: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the table's grey for each stored value."""
    if stored.dtype == np.uint8 or CV2_HAS_WIDE_LUT:  # three times as quick as indexing
        return np.asarray(cv2.LUT(stored, table.reshape(1, -1)), dtype=np.float32)
    return table[stored]


def count_values(stored: Stored) -> NDArray[np.int64]:
    """Count how often each possible value is stored."""
    size = table_size(stored)
    counts = cv2.calcHist([stored], [0], None, [size], [0, size])
    return np.asarray(counts, dtype=np.int64).reshape(size)
