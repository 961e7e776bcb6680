"""Collects what a data set says about grey into `GreyTags`."""

from __future__ import annotations

import math

import numpy as np
from pydicom.dataset import Dataset
from pydicom.uid import UID

from cxr_desktop.imaging.decoded import Stored
from cxr_desktop.imaging.dicom_pixels import Function, GreyTags, LookUpTable, WindowTag
from cxr_desktop.imaging.dicom_stream import COLOUR, NATIVE, FrameTags
from cxr_desktop.imaging.dicom_tags import items, number, numbers, values, word

MAX_ENTRIES = 65_536
FUNCTIONS: dict[str, Function] = {
    "LINEAR_EXACT": "LINEAR_EXACT",
    "SIGMOID": "SIGMOID",
}


def read_grey_tags(dataset: Dataset, tags: FrameTags, syntax: UID, stored: Stored) -> GreyTags:
    """Collect rescale, look-up tables, windows and padding; broken ones count as absent."""
    allocated = 8 * stored.dtype.itemsize
    if tags.photometric in COLOUR:  # luminance has none of the rest
        return GreyTags(bits_stored=allocated, high_bit=allocated - 1)
    bits, high_bit = _bits(tags, syntax, allocated)
    return GreyTags(
        bits_stored=bits,
        high_bit=high_bit,
        signed=tags.signed,
        monochrome1=tags.photometric == "MONOCHROME1",
        slope=_scale(dataset, "RescaleSlope", 1.0),
        intercept=_scale(dataset, "RescaleIntercept", 0.0),
        modality_lut=_table(dataset, "ModalityLUTSequence"),
        voi_lut=_table(dataset, "VOILUTSequence"),
        windows=_windows(dataset),
        function=FUNCTIONS.get(word(dataset, "VOILUTFunction"), "LINEAR"),
        padding=number(dataset, "PixelPaddingValue"),
        padding_limit=number(dataset, "PixelPaddingRangeLimit"),
    )


def _bits(tags: FrameTags, syntax: UID, allocated: int) -> tuple[int, int]:
    """Return bits stored and high bit as they are in the decoded array.

    A decompressor hands values over at the right end of the word; unsigned ones are taken as they
    are, for a stream may carry more bits than the tag admits.
    """
    if syntax in NATIVE:
        return tags.bits_stored, tags.high_bit
    if tags.signed:
        return min(tags.bits_stored, allocated), min(tags.bits_stored, allocated) - 1
    return allocated, allocated - 1


def _scale(dataset: Dataset, keyword: str, default: float) -> float:
    """Return the number, NaN for a tag that is there but is none, or the default."""
    if not _is_stated(dataset, keyword):
        return default
    found = number(dataset, keyword)
    return math.nan if found is None else found


def _windows(dataset: Dataset) -> tuple[WindowTag, ...]:
    centres, widths = numbers(dataset, "WindowCenter"), numbers(dataset, "WindowWidth")
    names = values(dataset, "WindowCenterWidthExplanation")
    if not any(_is_stated(dataset, tag) for tag in ("WindowCenter", "WindowWidth")):
        return ()
    count = max(len(centres), len(widths), 1)
    centres += [math.nan] * (count - len(centres))
    widths += [math.nan] * (count - len(widths))
    titles = [str(name)[:64] for name in names] + [""] * count
    return tuple(
        WindowTag(centre, width, title)
        for centre, width, title in zip(centres, widths, titles, strict=False)
    )


def _is_stated(dataset: Dataset, keyword: str) -> bool:
    """Whether a tag is there with any value, even one that is no number ('abc')."""
    if keyword not in dataset:
        return False
    return dataset.get_item(keyword).value not in (None, b"", "")


def _table(dataset: Dataset, keyword: str) -> LookUpTable | None:
    """Return the first table of the sequence, or None when there is none that is sound."""
    item = next(iter(items(dataset, keyword)), None)
    if item is None:
        return None
    descriptor = numbers(item, "LUTDescriptor")
    if len(descriptor) != 3 or not all(math.isfinite(value) for value in descriptor):
        return None
    count = int(descriptor[0]) or MAX_ENTRIES
    data = item.get("LUTData")
    if isinstance(data, bytes):
        kind = np.dtype(np.uint8) if len(data) == count else np.dtype("<u2")
        entries = np.frombuffer(data[: count * kind.itemsize], dtype=kind).astype(np.float64)
    else:
        entries = np.atleast_1d(np.asarray(data, dtype=np.float64))[:count]
    if len(entries) != count or not np.isfinite(entries).all():
        return None
    return LookUpTable(first=descriptor[1], entries=entries)
