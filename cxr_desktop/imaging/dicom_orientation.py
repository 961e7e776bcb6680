"""Turns a film so that it is seen as usual: patient's left on the right, head on top.

Patient Orientation (0020,0020) says where rows and columns run to (PS3.3 C.7.6.1.1.1).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from cxr_desktop.domain.radiograph import Caution
from cxr_desktop.imaging.decoded import Stored
from cxr_desktop.imaging.dicom_tags import values

TURNED = Caution(
    "orientation_turned",
    "The film was turned as its tag Patient Orientation says; check the side marker.",
)


@dataclass(frozen=True, slots=True)
class Turn:
    """What is done to the stored pixels, in this order: rows become columns, then mirrored, then
    turned upside down.
    """

    swapped: bool = False
    mirrored: bool = False
    flipped: bool = False

    def undone(self, points: NDArray[np.float64], rows: int, columns: int) -> NDArray[np.float64]:
        """Return where points (n, 2), x and y on the upright film, lie on that of `rows` stored."""
        across, down = (rows, columns) if self.swapped else (columns, rows)
        x, y = points[:, 0], points[:, 1]
        x = across - x if self.mirrored else x
        y = down - y if self.flipped else y
        return np.stack([y, x] if self.swapped else [x, y], axis=1)


def turn_of(dataset: Dataset) -> Turn:
    """Return what turns the film upright.

    A tag that is missing, or that names no frontal view, leaves the film as it is stored.
    """
    tag = [str(value)[:1].upper() for value in values(dataset, "PatientOrientation")[:2]]
    if len(tag) != 2:
        return Turn()
    along, down = tag
    swapped = along in "HF" and down in "LR" and bool(along and down)
    if swapped:
        along, down = down, along
    if along not in ("L", "R") or down not in ("F", "H"):
        return Turn()
    return Turn(swapped, along == "R", down == "H")


def upright(stored: Stored, dataset: Dataset) -> tuple[Stored, tuple[Caution, ...], bool]:
    """Return the film upright, a caution if it was turned, and whether rows became columns."""
    turn = turn_of(dataset)
    if turn == Turn():
        return stored, (), False
    stored = stored.T if turn.swapped else stored
    stored = stored[:, ::-1] if turn.mirrored else stored
    stored = stored[::-1] if turn.flipped else stored
    return np.ascontiguousarray(stored), (TURNED,), turn.swapped
