"""How a stored film is first shown here, in the words of a presentation state."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.filewriter import correct_ambiguous_vr

from cxr_desktop.domain.errors import FilmRefused, RefusalCode
from cxr_desktop.imaging.dicom import parse
from cxr_desktop.imaging.dicom_grey import read_grey_tags
from cxr_desktop.imaging.dicom_orientation import Turn, turn_of
from cxr_desktop.imaging.dicom_pixels import Function, GreyScale, GreyTags, grey_scale
from cxr_desktop.imaging.dicom_stream import COLOUR, decode_frame, read_frame_tags
from cxr_desktop.imaging.dicom_tags import items


@dataclass(frozen=True, slots=True, eq=False)
class FilmLook:
    """`window` is (centre, width) in modality units, or None where a look-up table is used.

    `rescale` is (intercept, slope). `inverse`: what is low is shown bright. `turn` is what was done
    to the stored pixels so that the film is seen upright, `rows` and `columns` are those stored.
    """

    window: tuple[float, float] | None
    function: Function
    voi_lut: Dataset | None
    modality_lut: Dataset | None
    rescale: tuple[float, float]
    inverse: bool
    turn: Turn
    rows: int
    columns: int

    def as_stored(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Move points (n, 2) of the film as shown, x and y, to where they lie as stored."""
        moved = self.turn.undone(points, self.rows, self.columns)
        return np.clip(moved, 0.0, (self.columns, self.rows))


def look_of(content: bytes, *, turned: bool) -> FilmLook:
    """Read it off a film; `turned`: a person had its black and white exchanged.

    Raises `FilmRefused` for a film in colour, and as reading it does.
    """
    dataset, syntax, _ = parse(content)
    frame = read_frame_tags(dataset)
    if frame.photometric in COLOUR:
        raise FilmRefused(
            RefusalCode.UNSUPPORTED_FORMAT,
            "A presentation state is for grey films, and this one is stored in colour.",
            hint="Leave it out, and write the picture.",
        )
    stored = decode_frame(dataset, syntax, frame)
    tags = read_grey_tags(dataset, frame, syntax, stored)
    scale = grey_scale(stored, tags)
    correct_ambiguous_vr(dataset, is_little_endian=True)
    window, function = _window(scale, tags)
    usable = math.isfinite(tags.slope) and math.isfinite(tags.intercept) and tags.slope != 0
    return FilmLook(
        window=window,
        function=function,
        voi_lut=_first(dataset, "VOILUTSequence") if tags.voi_lut is not None else None,
        modality_lut=None
        if tags.modality_lut is None
        else items(dataset, "ModalityLUTSequence")[0],
        rescale=(tags.intercept, tags.slope) if usable else (0.0, 1.0),
        inverse=tags.monochrome1 != turned,
        turn=turn_of(dataset),
        rows=stored.shape[0],
        columns=stored.shape[1],
    )


def _first(dataset: Dataset, keyword: str) -> Dataset:
    return items(dataset, keyword)[0]


def _window(scale: GreyScale, tags: GreyTags) -> tuple[tuple[float, float] | None, Function]:
    """Return the first window in modality units, as LINEAR has it (PS3.3 C.11.2.1.2.1)."""
    if tags.voi_lut is not None:
        return None, "LINEAR"
    if scale.voi_applied:
        return (tags.windows[0].centre, tags.windows[0].width), tags.function
    shown, (low, high) = scale.window, scale.span
    centre = 1.0 - shown.centre if tags.monochrome1 else shown.centre
    return (low + centre * (high - low) + 0.5, shown.width * (high - low) + 1.0), "LINEAR"
