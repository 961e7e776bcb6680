"""How a film is turned on the screen: pure geometry, in film pixels from the upper left corner."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

QUARTERS = 4


@dataclass(frozen=True, slots=True)
class Orientation:
    """A film flipped left to right or not, then turned clockwise by `turns` quarters (0..3)."""

    turns: int = 0
    flipped: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether the film is shown as it came."""
        return self == UPRIGHT

    def right(self) -> Orientation:
        """Turn what is seen a quarter clockwise."""
        return Orientation((self.turns + 1) % QUARTERS, self.flipped)

    def left(self) -> Orientation:
        """Turn what is seen a quarter anticlockwise."""
        return Orientation((self.turns - 1) % QUARTERS, self.flipped)

    def mirrored(self) -> Orientation:
        """Exchange left and right of what is seen, however it is turned."""
        return Orientation(-self.turns % QUARTERS, not self.flipped)

    def size(self, columns: int, rows: int) -> tuple[int, int]:
        """Return columns and rows of the film as it is seen."""
        return (rows, columns) if self.turns % 2 else (columns, rows)

    def to_shown(self, columns: int, rows: int) -> NDArray[np.float64]:
        """Return the 3x3 matrix from film points to points of the film as it is seen."""
        matrix = np.eye(3)
        if self.flipped:
            matrix = np.array([[-1.0, 0, columns], [0, 1, 0], [0, 0, 1]])
        width, height = columns, rows
        for _ in range(self.turns):
            matrix = np.array([[0.0, -1, height], [1, 0, 0], [0, 0, 1]]) @ matrix
            width, height = height, width
        return matrix

    def to_film(self, columns: int, rows: int) -> NDArray[np.float64]:
        """Return the 3x3 matrix from points of the film as it is seen to film points."""
        return np.asarray(np.linalg.inv(self.to_shown(columns, rows)), dtype=np.float64)


UPRIGHT = Orientation()
