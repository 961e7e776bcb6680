"""Has something changed? Scores and refusals of recent weeks against those before."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from cxr_desktop.domain.performance import NOT_MEASURED, Estimate, wilson

BINS = 10
RECENT_WEEKS = 4
LEAST_FILMS = 100
WATCH, ALARM = 0.1, 0.25
# 99th percentile of chi-square with BINS - 1 degrees of freedom.
CHI_SQUARE_99 = 21.666
NORMAL_99 = 2.3263
MAKERS, DEVICE_LETTERS = 5, 40
NOT_STATED, OTHERS = "not stated", "others"


class Alarm(StrEnum):
    """What the figures ask for."""

    TOO_FEW = "too_few"
    STEADY = "steady"
    WATCH = "watch"
    ALARM = "alarm"


@dataclass(frozen=True, slots=True)
class DriftWeek:
    """The week of this Monday: films answered per tenth of P(abnormal), and films refused."""

    monday: date
    scores: tuple[int, ...]
    refused: int

    @property
    def films(self) -> int:
        """All answered films."""
        return sum(self.scores)

    @property
    def refusal_rate(self) -> Estimate:
        """The share of refused films among all that were given to the model."""
        return wilson(self.refused, self.refused + self.films)


@dataclass(frozen=True, slots=True)
class DeviceMix:
    """Whose devices the films come from, of all models: (maker, films before, films now).

    `psi` and `by_chance` as in `Drift`.
    """

    shares: tuple[tuple[str, int, int], ...]
    psi: float
    by_chance: float
    alarm: Alarm


@dataclass(frozen=True, slots=True)
class Drift:
    """The weeks of one model, oldest first; the last four are compared with all before.

    `psi` is the population stability index of the scores, `by_chance` what it may reach by chance
    alone in 99 of 100 comparisons of so many films. `refused_before` and `refused_now` are shares.
    """

    model: str
    weeks: tuple[DriftWeek, ...]
    psi: float
    by_chance: float
    scores: Alarm
    refused_before: Estimate
    refused_now: Estimate
    refusals: Alarm
    devices: DeviceMix


def psi(before: Sequence[int], now: Sequence[int]) -> float:
    """Return the population stability index: the sum of (q - p) ln(q / p) over all bins.

    Half a film is added to every bin, so that an empty one does not make it infinite.
    """
    p, q = _shares(before), _shares(now)
    return math.fsum((b - a) * math.log(b / a) for a, b in zip(p, q, strict=True))


def by_chance(before: int, now: int, chi_square: float = CHI_SQUARE_99) -> float:
    """Return what the index reaches by chance in 1 of 100 comparisons.

    Without a change it is distributed as chi-square times (1/n + 1/m) (Yurdakul 2018).
    """
    if not before or not now:
        return math.inf
    return chi_square * (1 / before + 1 / now)


class DeviceTally:
    """Counts films by maker of the device; `recent` are the Mondays of the weeks that are new."""

    def __init__(self, recent: Sequence[date]) -> None:
        self._recent = frozenset(recent)
        self._before: Counter[str] = Counter()
        self._now: Counter[str] = Counter()

    def add(self, device: str, monday: date, films: int) -> None:
        """Count films of the week of this Monday."""
        name = " ".join(device.casefold().split())[:DEVICE_LETTERS] or NOT_STATED
        (self._now if monday in self._recent else self._before)[name] += films

    def mix(self) -> DeviceMix:
        """Compare the commonest makers, all others together."""
        commonest = [name for name, _ in (self._before + self._now).most_common(MAKERS)]
        shares = [(name, self._before[name], self._now[name]) for name in commonest]
        old, new = self._before.total(), self._now.total()
        rest = old - sum(row[1] for row in shares), new - sum(row[2] for row in shares)
        if any(rest):
            shares.append((OTHERS, *rest))
        index = psi([row[1] for row in shares], [row[2] for row in shares]) if shares else 0.0
        chance = by_chance(old, new, chi_square_99(max(len(shares) - 1, 1)))
        return DeviceMix(tuple(shares), index, chance, alarm_of_index(old, new, index, chance))


def chi_square_99(freedom: int) -> float:
    """Return the 99th percentile of chi-square (Wilson and Hilferty 1931, within 1 %)."""
    spread = 2 / (9 * freedom)
    return float(freedom * (1 - spread + NORMAL_99 * math.sqrt(spread)) ** 3)


class DriftTally:
    """Counts films by week, of `weeks` weeks up to the one of `last`."""

    def __init__(self, last: date, weeks: int) -> None:
        monday = last - timedelta(days=last.weekday())
        self._mondays = [monday - timedelta(weeks=back) for back in reversed(range(weeks))]
        self._scores: dict[str, dict[date, list[int]]] = {}
        self._refused = dict.fromkeys(self._mondays, 0)
        self._latest = ""
        self._devices = DeviceTally(self._mondays[-RECENT_WEEKS:])

    def add(
        self, model: str, day: date, probability: float, device: str = "", films: int = 1
    ) -> None:
        """Count answered films; they come in the order of their time."""
        monday = day - timedelta(days=day.weekday())
        if monday in self._refused:
            weeks = self._scores.setdefault(model, {})
            bins = weeks.setdefault(monday, [0] * BINS)
            bins[min(int(probability * BINS), BINS - 1)] += films
            self._latest = model
            self._devices.add(device, monday, films)

    def add_refused(self, day: date, count: int = 1) -> None:
        """Count refused films."""
        monday = day - timedelta(days=day.weekday())
        if monday in self._refused:
            self._refused[monday] += count

    def drift(self) -> Drift:
        """Compare, for the model that answered last; other models' scores mean something else."""
        weeks = tuple(self._weeks())
        before, now = weeks[:-RECENT_WEEKS], weeks[-RECENT_WEEKS:]
        old, new = _sum(before), _sum(now)
        index, chance = psi(old, new), by_chance(sum(old), sum(new))
        was, is_now = _refusal_rate(before), _refusal_rate(now)
        return Drift(
            model=self._latest,
            weeks=weeks,
            psi=index,
            by_chance=chance,
            scores=alarm_of_index(sum(old), sum(new), index, chance),
            refused_before=was,
            refused_now=is_now,
            refusals=_alarm_of_refusals(was, is_now),
            devices=self._devices.mix(),
        )

    def _weeks(self) -> Iterator[DriftWeek]:
        counted: Mapping[date, list[int]] = self._scores.get(self._latest, {})
        for monday in self._mondays:
            scores = tuple(counted.get(monday, [0] * BINS))
            yield DriftWeek(monday, scores, self._refused[monday])


def alarm_of_index(before: int, now: int, index: float, chance: float) -> Alarm:
    """Say what an index over so many films asks for; one that chance explains asks nothing."""
    if min(before, now) < LEAST_FILMS:
        return Alarm.TOO_FEW
    if index <= chance or index < WATCH:
        return Alarm.STEADY
    return Alarm.ALARM if index >= ALARM else Alarm.WATCH


def _alarm_of_refusals(before: Estimate, now: Estimate) -> Alarm:
    """Raise it when the intervals do not even touch, to either side."""
    if math.isnan(before.value) or math.isnan(now.value):
        return Alarm.TOO_FEW
    apart = now.low > before.high or now.high < before.low
    return Alarm.ALARM if apart else Alarm.STEADY


def _refusal_rate(weeks: Sequence[DriftWeek]) -> Estimate:
    refused, films = sum(week.refused for week in weeks), sum(week.films for week in weeks)
    return wilson(refused, refused + films) if refused + films >= LEAST_FILMS else NOT_MEASURED


def _sum(weeks: Sequence[DriftWeek]) -> tuple[int, ...]:
    return tuple(sum(week.scores[bin_] for week in weeks) for bin_ in range(BINS))


def _shares(counts: Sequence[int]) -> list[float]:
    total = sum(counts) + 0.5 * len(counts)
    return [(count + 0.5) / total for count in counts]
