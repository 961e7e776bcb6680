"""A new data set of what may stay of an old one, and the list of what was done."""

from __future__ import annotations

from collections.abc import Iterator

from pydicom.datadict import dictionary_VR, keyword_for_tag
from pydicom.dataset import Dataset
from pydicom.tag import BaseTag, Tag

from cxr_desktop.domain.deidentify import Change, Deed, DeidOptions
from cxr_desktop.imaging.deidentify import profile, values
from cxr_desktop.imaging.deidentify.codes import Codes
from cxr_desktop.imaging.deidentify.sequences import rebuilt
from cxr_desktop.imaging.dicom_tags import guarded, text

MOST_CHANGES = 5000
DEEPEST = 16


class Scrubber:
    """Copies what may stay; `days` is how far the patient's dates move."""

    def __init__(self, codes: Codes, options: DeidOptions, days: int) -> None:
        self._codes = codes
        self._options = options
        self._days = days
        self.changes: list[Change] = []

    def scrub(self, old: Dataset) -> Dataset:
        """Return the new data set, without pixels; what was done is in `changes`."""
        made = Dataset()
        for tag in sorted(old.keys()):
            keyword = keyword_for_tag(tag)
            if keyword in profile.CODED:
                self._note(Tag(tag), keyword, Deed.REPLACED)
            elif keyword not in profile.OWN:
                self._treat(old, made, Tag(tag), keyword)
        return made

    def _treat(self, old: Dataset, made: Dataset, tag: BaseTag, keyword: str) -> None:
        way = profile.action(
            tag,
            keyword,
            shift_dates=self._options.shift_dates,
            keep_characteristics=self._options.keep_characteristics,
        )
        vr = dictionary_VR(tag)[:2] if keyword else ""
        match way:
            case profile.KEEP if vr == "SQ":
                self._keep_sequence(old, made, tag, keyword)
            case profile.KEEP:
                found = values.kept(old, keyword, vr)
                if found is None:
                    self._note(tag, keyword, Deed.REMOVED)
                else:
                    setattr(made, keyword, found[0] if len(found) == 1 else found or None)
            case profile.SHIFT:
                setattr(made, keyword, values.shifted(old, keyword, vr, self._days))
                self._note(tag, keyword, Deed.SHIFTED)
            case profile.NEW_UID if text(old, keyword):
                setattr(made, keyword, self._codes.uid(text(old, keyword)))
                self._note(tag, keyword, Deed.REPLACED)
            case profile.EMPTY if vr != "SQ":
                setattr(made, keyword, None)
                self._note(tag, keyword, Deed.EMPTIED)
            case profile.DUMMY if values.dummy(vr) is not None:
                setattr(made, keyword, values.dummy(vr))
                self._note(tag, keyword, Deed.REPLACED)
            case _:
                self._remove(old, tag, keyword)

    def _keep_sequence(self, old: Dataset, made: Dataset, tag: BaseTag, keyword: str) -> None:
        kept = rebuilt(old, keyword)
        if kept:
            setattr(made, keyword, kept)
            self._note(tag, keyword, Deed.REPLACED)
        else:
            self._remove(old, tag, keyword)

    def _remove(self, old: Dataset, tag: BaseTag, keyword: str) -> None:
        self._note(tag, keyword, Deed.REMOVED)
        for place, name in _inside(old, tag, _place(tag), 0):
            self._add(Change(place, name, Deed.REMOVED))

    def _note(self, tag: BaseTag, keyword: str, deed: Deed) -> None:
        self._add(Change(_place(tag), keyword or _kind(tag), deed))

    def _add(self, change: Change) -> None:
        if len(self.changes) < MOST_CHANGES:
            self.changes.append(change)


def _inside(dataset: Dataset, tag: BaseTag, place: str, depth: int) -> Iterator[tuple[str, str]]:
    """Yield place and name of everything inside a sequence that is removed."""
    element = guarded(lambda: dataset[tag], None)
    if element is None or element.VR != "SQ" or depth >= DEEPEST:
        return
    for number, item in enumerate(element.value or ()):
        for inner in sorted(item.keys()):
            inside = f"{place}[{number}].{_place(Tag(inner))}"
            yield inside, keyword_for_tag(inner) or _kind(Tag(inner))
            yield from _inside(item, Tag(inner), inside, depth + 1)


def _place(tag: BaseTag) -> str:
    return f"({tag.group:04X},{tag.element:04X})"


def _kind(tag: BaseTag) -> str:
    return "private" if tag.is_private else "unknown"
