"""New values for attributes: checked ones that stay, made-up ones, moved days."""

from __future__ import annotations

import math
import re
from datetime import date
from typing import Any

from pydicom.dataset import Dataset

from cxr_desktop.imaging.deidentify.codes import moved
from cxr_desktop.imaging.deidentify.profile import KEPT_CODES, NUMBERS
from cxr_desktop.imaging.dicom_tags import values

TIME = re.compile(r"\d{2}(?:\d{2}(?:\d{2}(?:\.\d{1,6})?)?)?")
AGE = re.compile(r"(\d{3})[DWMY]")
DUMMIES = {"DA": "19000101", "DT": "19000101", "TM": "000000", "IS": "0", "DS": "0"}
WORD = "REMOVED"
TEXTS = frozenset({"LO", "SH", "PN", "LT", "ST", "UT", "UC", "AE", "CS"})
OLDEST = "090Y"
STANDARD = "1.2.840.10008."  # what begins otherwise names a maker


def kept(dataset: Dataset, keyword: str, vr: str) -> list[Any] | None:
    """Return the values of an attribute that stays, checked for its kind; None for bad ones."""
    found = values(dataset, keyword)
    if vr in NUMBERS:
        return found if all(_is_number(value) for value in found) else None
    texts = [str(value).strip() for value in found]
    if keyword == "PatientAge":
        return _age(texts)
    if keyword == "SOPClassUID":
        return texts if all(text.startswith(STANDARD) for text in texts) else None
    if keyword == "ImageType":
        texts = texts[:2]  # the others are the maker's own
    return texts if all(not text or text in KEPT_CODES[keyword] for text in texts) else None


def shifted(dataset: Dataset, keyword: str, vr: str, days: int) -> str:
    """Return a date or moment moved back by whole days; a time of day stays; "" for a bad one."""
    found = [str(value).strip() for value in values(dataset, keyword)][:1]
    text = found[0] if found else ""
    if vr == "TM":
        return text if TIME.fullmatch(text) else ""
    day, rest = text[:8], text[8:]
    if rest and (vr == "DA" or not TIME.fullmatch(rest)):
        return ""
    try:
        there = date(int(day[:4]), int(day[4:6]), int(day[6:8]))
    except ValueError:
        return ""
    return f"{moved(there, days):%Y%m%d}{rest}"


def dummy(vr: str) -> str | None:
    """Return a made-up value; None where an attribute of that kind is better removed."""
    return WORD if vr in TEXTS else DUMMIES.get(vr)


def _is_number(value: Any) -> bool:
    try:
        return math.isfinite(float(value))
    except (TypeError, ValueError):
        return False


def _age(texts: list[str]) -> list[str] | None:
    match = AGE.fullmatch(texts[0]) if len(texts) == 1 else None
    if match is None:
        return None
    return [OLDEST] if texts[0].endswith("Y") and int(match[1]) > 89 else texts
