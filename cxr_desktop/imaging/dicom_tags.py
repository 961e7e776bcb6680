"""DICOM tags, read one by one and capped: a bad tag is an empty one, never an exception.

pydicom converts a value when it is first looked at, and `str()` of a bad one can raise nearly
anything; so each access is guarded here, and only here.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, TypeVar

from pydicom.dataset import Dataset

from cxr_desktop.domain.radiograph import TEXT_LIMIT

T = TypeVar("T")
MAX_VALUES = 64  # no tag read here has more; a hostile one may have millions


def values(dataset: Dataset, keyword: str, most: int = MAX_VALUES) -> list[Any]:
    """Return a tag's values, at most `most`; none when it is absent, empty or broken."""
    found = guarded(lambda: dataset.get(keyword), None)
    if found is None:
        return []
    if isinstance(found, str) or not hasattr(found, "__iter__") or hasattr(found, "family_name"):
        return [found]
    return guarded(lambda: list(found[:most]), [])


def text(dataset: Dataset, keyword: str) -> str:
    """Return a tag as text, its values joined by a comma, at most 256 characters."""
    parts = [_text(value) for value in values(dataset, keyword)]
    return ", ".join(part for part in parts if part)[:TEXT_LIMIT].strip()


def word(dataset: Dataset, keyword: str) -> str:
    """Return a tag's first value in capitals, for comparing."""
    return next((_text(value).strip().upper() for value in values(dataset, keyword)), "")


def numbers(dataset: Dataset, keyword: str) -> list[float]:
    """Return a tag's values as floats; what is no number becomes NaN."""
    return [_number(value) for value in values(dataset, keyword)]


def number(dataset: Dataset, keyword: str) -> float | None:
    """Return a tag's first value when it is a finite number."""
    first = next(iter(numbers(dataset, keyword)), math.nan)
    return first if math.isfinite(first) else None


def integer(dataset: Dataset, keyword: str) -> int | None:
    """Return a tag's first value when it is a whole number."""
    first = number(dataset, keyword)
    return int(first) if first is not None and first == int(first) else None


def day(dataset: Dataset, keyword: str) -> date | None:
    """Return a date of the form YYYYMMDD (VR DA), or None."""
    digits = word(dataset, keyword)[:8]
    # A day has no zone; the naive moment never leaves this line.
    return guarded(lambda: datetime.strptime(digits, "%Y%m%d").date(), None)  # noqa: DTZ007


def items(dataset: Dataset, keyword: str, most: int = MAX_VALUES) -> list[Dataset]:
    """Return the items of a sequence, at most `most`."""
    return [item for item in values(dataset, keyword, most) if isinstance(item, Dataset)]


def _text(value: Any) -> str:
    return guarded(lambda: str(value)[:TEXT_LIMIT], "")


def _number(value: Any) -> float:
    return guarded(lambda: float(value), math.nan)


def guarded(read: Callable[[], T], otherwise: T) -> T:
    """Run one look at a foreign value; RecursionError from deep nesting counts as broken too."""
    try:
        return read()
    except Exception:  # noqa: BLE001 - pydicom raises many kinds for a bad value; see above
        return otherwise
