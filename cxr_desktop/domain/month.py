"""A month of daily work: model against reader, by groups, and where the two contradict."""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.performance import Estimate, wilson
from cxr_desktop.domain.quality_rows import OPPOSITE, Contradicted, QualityCount

MOST_LISTED, MOST_DEVICES, DEVICE_LETTERS = 100, 6, 24
UNKNOWN = "unknown"
AGES = ((18, "under 18"), (40, "18 to 39"), (65, "40 to 64"), (200, "65 and older"))
SEXES = {"F": "female", "M": "male"}
VIEWS = frozenset({"PA", "AP"})


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """One group of exams: how many, how many reviewed, and how reader and model stand.

    `missed`: normal to the model and abnormal to the reader; `overcalled`: the other way round.
    """

    kind: str
    name: str
    exams: int
    reviewed: int
    agreement: Estimate
    missed: int
    overcalled: int


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """`first` is the month's first day; `table` counts (model, reader), None for not reviewed.

    `second_look` are exams abnormal to the model and normal to the reader, `missed` the other way
    round, at most 100 of each, in the order of their time, signed ones first. `signed` counts all
    signed reports, `signed_normal` those of the former. `median_ms` is what half of the films took
    at most; nan without any. `seconds_before` is the same of readings that came before the model's
    answer was shown, `seconds_with` of those with the answer in sight, from the film on the screen
    to the reading saved; `timed` is how many of each.
    """

    first: date
    models: tuple[str, ...]
    table: Mapping[tuple[Verdict, Verdict | None], int]
    groups: tuple[GroupFigures, ...]
    second_look: tuple[Contradicted, ...]
    missed: tuple[Contradicted, ...]
    refusals: Mapping[str, int]
    median_ms: float
    signed: int = 0
    signed_normal: int = 0
    seconds_before: float = math.nan
    seconds_with: float = math.nan
    timed: tuple[int, int] = (0, 0)

    @property
    def exams(self) -> int:
        """All exams."""
        return sum(self.table.values())

    @property
    def whole(self) -> GroupFigures:
        """The figures of all exams together."""
        return self.groups[0]


@dataclass(frozen=True, slots=True)
class MonthFacts:
    """What the page is written from."""

    figures: MonthFigures
    hospital: str
    printed_by: str
    printed_at: datetime
    program_version: str


class MonthTally:
    """Adds up what was counted of the month's days."""

    def __init__(self, first: date) -> None:
        self._first = first
        self._models: set[str] = set()
        self._groups: dict[tuple[str, str], Counter[tuple[Verdict, Verdict | None]]] = {}
        self._listed: dict[Verdict, list[Contradicted]] = {said: [] for said in OPPOSITE}
        self._milliseconds = array("d")
        self._seconds: dict[bool, list[float]] = {True: [], False: []}
        self._signed: Counter[tuple[Verdict, Verdict | None]] = Counter()

    def add(self, counts: Iterable[QualityCount], milliseconds: array[float]) -> None:
        """Add a stretch of time."""
        self._milliseconds.extend(milliseconds)
        for count in counts:
            self._models.add(count.model)
            if count.signed:
                self._signed[count.verdict, count.reader] += count.exams
            for group in _groups_of(count):
                pairs = self._groups.setdefault(group, Counter())
                pairs[count.verdict, count.reader] += count.exams

    def add_readings(self, readings: Iterable[tuple[bool, float]]) -> None:
        """Add readings: (before the answer, seconds)."""
        for first, seconds in readings:
            self._seconds[first].append(seconds)

    def note(self, said: Verdict, exams: Iterable[Contradicted]) -> None:
        """Take in exams that the model called `said` and the reader the opposite."""
        self._listed[said] += exams

    def left(self, said: Verdict) -> int:
        """Return how many more of those are listed."""
        return MOST_LISTED - len(self._listed[said])

    def figures(self, refusals: Mapping[str, int]) -> MonthFigures:
        """Return what was counted."""
        whole = self._groups.get(("", "all"), Counter())
        rest = sorted((group for group in self._groups if group[0]), key=_place)
        rare = self._rare_devices()
        return MonthFigures(
            first=self._first,
            models=tuple(sorted(self._models)),
            table=dict(whole),
            groups=(
                _figures(("", "all"), whole),
                *(_figures(group, self._groups[group]) for group in rest if group not in rare),
            ),
            second_look=_signed_first(self._listed[Verdict.ABNORMAL]),
            missed=_signed_first(self._listed[Verdict.NORMAL]),
            refusals=dict(sorted(refusals.items())),
            median_ms=_middle(self._milliseconds),
            signed=self._signed.total(),
            signed_normal=self._signed[Verdict.ABNORMAL, Verdict.NORMAL],
            seconds_before=_middle(self._seconds[True]),
            seconds_with=_middle(self._seconds[False]),
            timed=(len(self._seconds[True]), len(self._seconds[False])),
        )

    def _rare_devices(self) -> set[tuple[str, str]]:
        """Return the makers that are not listed: all but the commonest six."""
        devices = [group for group in self._groups if group[0] == "device"]
        devices.sort(key=lambda group: (-self._groups[group].total(), group))
        return set(devices[MOST_DEVICES:])


def _middle(values: Sequence[float]) -> float:
    return median(values) if values else math.nan


def _signed_first(exams: Iterable[Contradicted]) -> tuple[Contradicted, ...]:
    return tuple(sorted(exams, key=lambda exam: not exam.signed))


def _place(group: tuple[str, str]) -> tuple[str, int, str]:
    """Order groups by kind, ages from young to old, the unknown last."""
    kind, name = group
    ages = [word for _, word in AGES]
    unknown = len(ages) if name == UNKNOWN else 0
    return kind, ages.index(name) if name in ages else unknown, name


def _groups_of(row: QualityCount) -> tuple[tuple[str, str], ...]:
    years = row.years
    age = UNKNOWN if years is None else next(name for below, name in AGES if years < below)
    view = row.view_position if row.view_position in VIEWS else UNKNOWN
    return (
        ("", "all"),
        ("age", age),
        ("sex", SEXES.get(row.sex.upper(), UNKNOWN)),
        ("view", view),
        ("device", row.manufacturer[:DEVICE_LETTERS].casefold() or UNKNOWN),
    )


def _figures(
    group: tuple[str, str], pairs: Counter[tuple[Verdict, Verdict | None]]
) -> GroupFigures:
    reviewed = sum(count for (_, reader), count in pairs.items() if reader is not None)
    agreed = sum(count for (said, reader), count in pairs.items() if said is reader)
    return GroupFigures(
        kind=group[0],
        name=group[1],
        exams=pairs.total(),
        reviewed=reviewed,
        agreement=wilson(agreed, reviewed),
        missed=pairs[Verdict.NORMAL, Verdict.ABNORMAL],
        overcalled=pairs[Verdict.ABNORMAL, Verdict.NORMAL],
    )
