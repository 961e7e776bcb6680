"""The films at hand, in the order in which they came or, as an option, by urgency.

By urgency, what is still to be read goes: first whoever has waited longest, once that is longer
than the cap; then abnormal, uncertain, not answered yet, normal; within each as they came. What was
read, refused or not done comes last. Only answers that the person may see count: where the reading
comes first, the order tells nothing of the answer.

The cap is there so that a film that the model missed cannot sink for ever (Baltruschat et al.,
2020).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.roles import Actor
from cxr_desktop.domain.settings import SettingValue
from cxr_desktop.ui.screens.read.item import Item
from cxr_desktop.ui.screens.read.state import Entry, FilmStatus

NO_PLACES: Mapping[Path, str] = {}
BY_URGENCY = "reading.by_urgency"
LONGEST_WAIT = "reading.longest_wait_minutes"
A_MINUTE = 60_000
OVERDUE, ABNORMAL, UNCERTAIN, UNKNOWN, NORMAL, DONE = range(6)


@dataclass(frozen=True, slots=True)
class Urgency:
    """The order by urgency, and how long a film may wait before it goes to the top."""

    longest_wait: timedelta


def urgency_of(setting: Callable[[str], SettingValue]) -> Urgency | None:
    """Return what the settings say; None for films in the order in which they came."""
    if not setting(BY_URGENCY):
        return None
    return Urgency(timedelta(minutes=float(setting(LONGEST_WAIT))))


class Worklist(QObject):
    """Items by key; the order is made whenever it is asked for. `late`: look at it again."""

    late = Signal()

    def __init__(self, now: Callable[[], datetime]) -> None:
        super().__init__()
        self._now = now
        self._items: dict[int, Item] = {}
        self._keys = itertools.count(1)
        self._urgency: Urgency | None = None
        self._clock = QTimer(self)
        self._clock.setInterval(A_MINUTE)
        self._clock.timeout.connect(self.late)

    @property
    def is_by_urgency(self) -> bool:
        """Whether the order is another one than that in which they came."""
        return self._urgency is not None

    def order(self, urgency: Urgency | None) -> None:
        """Order by urgency from now on, or as they came."""
        self._urgency = urgency
        if urgency is None:
            self._clock.stop()
        else:
            self._clock.start()

    def add(
        self, name: str, *, path: Path | None = None, place: str = "", exam_id: str = ""
    ) -> Item:
        """Add a film from a file, or a stored exam."""
        item = Item(next(self._keys), name, path, exam_id, came=self._now(), place=place)
        self._items[item.key] = item
        return item

    def add_files(
        self, paths: Sequence[Path], places: Mapping[Path, str] = NO_PLACES
    ) -> list[Item]:
        """Return one item per file: that which is on the list and not answered yet, or a new one.

        Files of one name, as those of a disc, are numbered. `places` is where they lie, as a
        person is told; by default their paths.
        An answer belongs to the bytes that were read, and the file may hold others by now.
        """
        unanswered = {item.path: item for item in self._items.values() if item.exam is None}
        numbers = {item.path: item.number for item in self._items.values() if item.path}
        highest: dict[str, int] = {}
        for path, number in numbers.items():
            highest[path.name] = max(highest.get(path.name, 0), number)
        found = []
        for path in paths:
            item = unanswered.get(path)
            if item is None:
                number = numbers.get(path) or highest.get(path.name, 0) + 1
                highest[path.name] = max(highest.get(path.name, 0), number)
                name = path.name if number == 1 else f"{path.name} ({number})"
                item = self.add(name, path=path, place=places.get(path) or str(path))
                item.number = number
            found.append(item)
        return found

    def remove(self, item: Item) -> None:
        """Take one off."""
        del self._items[item.key]

    def get(self, key: int) -> Item | None:
        """Return the item of that key, if it is here."""
        return self._items.get(key)

    def of_exam(self, exam_id: str) -> Item | None:
        """Return the item of a stored exam, if it is here."""
        for item in self._items.values():
            if (item.exam.exam_id if item.exam is not None else item.exam_id) == exam_id:
                return item
        return None

    def as_they_came(self) -> list[Item]:
        """Return all, the first that came first."""
        return list(self._items.values())

    def unsaved(self, key: int | None = None) -> list[str]:
        """Return the names of films with a reading that is not stored: of all, or of one."""
        items = self._items.values()
        return [item.name for item in items if item.notes.has_draft and key in {None, item.key}]

    def in_order(self, actor: Actor | None) -> list[Item]:
        """Return all in the order that is shown to this person."""
        items, late = self.as_they_came(), self._late()
        if late is None:
            return items
        return sorted(items, key=lambda item: _rank(item, actor, late))  # a stable sort

    def entries(self, actor: Actor | None) -> tuple[Entry, ...]:
        """Return their lines in that order; what waited too long is marked."""
        late = self._late()
        return tuple(_line(item, actor, late) for item in self.in_order(actor))

    def beside(self, item: Item | None, by: int, actor: Actor | None) -> Item | None:
        """Return the item so many places after it in that order, if there is one."""
        items = self.in_order(actor)
        if item not in items:
            return None
        place = items.index(item) + by
        return items[place] if 0 <= place < len(items) else None

    def _late(self) -> datetime | None:
        """Return when a film must have come to be overdue by now; None without an order."""
        return self._now() - self._urgency.longest_wait if self._urgency is not None else None


def _line(item: Item, actor: Actor | None, late: datetime | None) -> Entry:
    entry = item.entry(actor)
    if late is None or _rank(item, actor, late) != OVERDUE:
        return entry
    return replace(entry, is_overdue=True)


def _rank(item: Item, actor: Actor | None, late: datetime) -> int:
    entry = item.entry(actor)
    ended = entry.status in (FilmStatus.REFUSED, FilmStatus.FAILED)
    if ended or (actor is not None and actor.reviews and not entry.is_unread):
        return DONE
    if item.came is not None and item.came <= late:
        return OVERDUE
    if entry.verdict is None:
        return UNKNOWN
    return _RANKS[entry.verdict]


_RANKS = {
    Verdict.ABNORMAL: ABNORMAL,
    Verdict.UNCERTAIN: UNCERTAIN,
    Verdict.NORMAL: NORMAL,
}
