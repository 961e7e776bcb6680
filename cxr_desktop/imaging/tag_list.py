"""Lists a DICOM file's tags as text, in the decoder process; what is binary is only counted."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Iterator
from itertools import islice
from typing import Any

from pydicom.datadict import dictionary_description
from pydicom.dataset import Dataset
from pydicom.tag import BaseTag

from cxr_desktop.domain.errors import FilmRefused, RefusalCode
from cxr_desktop.domain.tags import VALUE_LIMIT, TagList, TagRow
from cxr_desktop.imaging.dicom import parse
from cxr_desktop.imaging.dicom_tags import guarded
from cxr_desktop.imaging.formats import HEAD_BYTES, sniff
from cxr_desktop.imaging.refusals import damaged

MOST_ROWS = 2000
MOST_ITEMS = 16
MOST_VALUES = 16
DEEPEST = 6
BINARY = frozenset({"OB", "OD", "OF", "OL", "OV", "OW", "UN"})
UNREADABLE = "(cannot be read)"


def read_tags(data: bytes) -> TagList:
    """Return the tags of a file's bytes in their order, at most 2,000. Raises `FilmRefused`."""
    if sniff(data[:HEAD_BYTES]) != "DICOM":
        raise FilmRefused(
            RefusalCode.UNSUPPORTED_FORMAT,
            "This file has no DICOM tags.",
            hint="Only DICOM files have them.",
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            dataset, _, _ = parse(data)
            meta = getattr(dataset, "file_meta", None)
            rows = list(islice(_all_rows(dataset, meta), MOST_ROWS + 1))
    except FilmRefused:
        raise
    except Exception as error:  # pydicom raises many kinds for a broken file
        raise damaged() from error
    sha256 = hashlib.sha256(data).hexdigest()
    return TagList(sha256, tuple(rows[:MOST_ROWS]), is_cut=len(rows) > MOST_ROWS)


def _all_rows(dataset: Dataset, meta: Dataset | None) -> Iterator[TagRow]:
    if meta is not None:
        yield from _rows(meta, 0)
    yield from _rows(dataset, 0)


def _rows(dataset: Dataset, depth: int) -> Iterator[TagRow]:
    for tag in sorted(dataset.keys()):
        element = _element(dataset, tag)
        number = f"({tag.group:04X},{tag.element:04X})"
        if element is None:
            yield TagRow(number, _name(tag), "", UNREADABLE, depth)
            continue
        kind = _kind(element)
        items = _items(element) if kind == "SQ" else []
        yield TagRow(number, _name(tag), kind, _value(element, kind), depth)
        for place, item in enumerate(items[:MOST_ITEMS], 1):
            if depth < DEEPEST:
                yield TagRow("", f"Item {place}", "", "", depth + 1)
                yield from _rows(item, depth + 2)


def _element(dataset: Dataset, tag: BaseTag) -> Any:
    return guarded(lambda: dataset[tag], None)


def _kind(element: Any) -> str:
    return guarded(lambda: str(element.VR), "")


def _items(element: Any) -> list[Dataset]:
    return guarded(lambda: [item for item in element.value if isinstance(item, Dataset)], [])


def _name(tag: BaseTag) -> str:
    if tag.is_private:
        return "Private"
    return guarded(lambda: dictionary_description(tag), "")


def _value(element: Any, kind: str) -> str:
    if kind == "SQ":
        count = len(_items(element))
        return "1 item" if count == 1 else f"{count:,} items"
    return guarded(lambda: _text(element.value, kind), UNREADABLE)


def _text(value: Any, kind: str) -> str:
    if isinstance(value, bytes | bytearray) or kind in BINARY:
        size = len(value) if hasattr(value, "__len__") else 0
        return f"{size:,} bytes"
    if value is None:
        return ""
    if isinstance(value, str) or not hasattr(value, "__iter__") or hasattr(value, "family_name"):
        return str(value)[:VALUE_LIMIT]
    shown = [str(one)[:VALUE_LIMIT] for one in islice(iter(value), MOST_VALUES + 1)]
    more = ["…"] if len(shown) > MOST_VALUES else []
    return ", ".join([*shown[:MOST_VALUES], *more])[:VALUE_LIMIT]
