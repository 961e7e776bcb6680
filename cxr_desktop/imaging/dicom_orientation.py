"""Turns a film so that it is seen as usual: patient's left on the right, head on top.

Patient Orientation (0020,0020) says where rows and columns run to (PS3.3 C.7.6.1.1.1).
"""

from __future__ import annotations

import numpy as np
from pydicom.dataset import Dataset

from cxr_desktop.domain.radiograph import Caution
from cxr_desktop.imaging.decoded import Stored
from cxr_desktop.imaging.dicom_tags import values

TURNED = Caution(
    "orientation_turned",
    "The film was turned as its tag Patient Orientation says; check the side marker.",
)


def upright(stored: Stored, dataset: Dataset) -> tuple[Stored, tuple[Caution, ...], bool]:
    """Return the film upright, a caution if it was turned, and whether rows became columns.

    A tag that is missing, or that names no frontal view, leaves the film as it is stored.
    """
    tag = [str(value)[:1].upper() for value in values(dataset, "PatientOrientation")[:2]]
    if len(tag) != 2:
        return stored, (), False
    along, down = tag
    swapped = along in "HF" and down in "LR" and bool(along and down)
    if swapped:
        stored, along, down = stored.T, down, along
    if along not in ("L", "R") or down not in ("F", "H"):
        return stored if not swapped else stored.T, (), False
    if along == "R":
        stored = stored[:, ::-1]
    if down == "H":
        stored = stored[::-1]
    turned = swapped or along == "R" or down == "H"
    return np.ascontiguousarray(stored), (TURNED,) if turned else (), swapped
