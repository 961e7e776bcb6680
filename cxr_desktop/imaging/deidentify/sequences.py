"""The few sequences that stay, built anew from numbers and known codes."""

from __future__ import annotations

from functools import cache

import numpy as np
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes

from cxr_desktop.imaging.dicom_tags import items, numbers, text

CODE_GROUPS = ("CID4009", "CID4010")  # anatomy and views of DX (PS3.16)
ENTRIES = 65_536


def rebuilt(dataset: Dataset, keyword: str) -> list[Dataset]:
    """Return the items of a sequence that stays; those that are not sound are left out."""
    make = _table_item if keyword.endswith("LUTSequence") else _code_item
    return [made for item in items(dataset, keyword) if (made := make(item)) is not None]


def _code_item(item: Dataset) -> Dataset | None:
    """Return a code with the meaning that the standard gives it, whatever the file says."""
    value, scheme = text(item, "CodeValue"), text(item, "CodingSchemeDesignator")
    meaning = _meanings().get((scheme, value))
    if meaning is None:
        return None
    made = Dataset()
    made.CodeValue, made.CodingSchemeDesignator, made.CodeMeaning = value, scheme, meaning
    return made


@cache
def _meanings() -> dict[tuple[str, str], str]:
    known = {}
    for group in CODE_GROUPS:
        collection = getattr(codes, group)
        for name in collection.dir():
            code = getattr(collection, name)
            known[code.scheme_designator, code.value] = code.meaning
    return known


def _table_item(item: Dataset) -> Dataset | None:
    """Return a look-up table of exactly the entries that it says it has."""
    descriptor = numbers(item, "LUTDescriptor")
    data = item.get("LUTData")
    if len(descriptor) != 3 or not np.isfinite(descriptor).all() or data is None:
        return None
    count = int(descriptor[0]) or ENTRIES
    if not isinstance(data, bytes):
        data = np.atleast_1d(np.asarray(data, dtype="<u2")).tobytes()
    size = count if len(data) == count else 2 * count
    if len(data) < size or not 0 < count <= ENTRIES:
        return None
    made = Dataset()
    signed = descriptor[1] < 0
    made.add_new(0x00283002, "SS" if signed else "US", [int(value) for value in descriptor])
    made.add_new(0x00283006, "OW", data[:size] + b"\0" * (size % 2))
    if "ModalityLUTType" in item:
        made.ModalityLUTType = "US"
    return made
