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
COMMONEST, NAME_LETTERS = 5, 40
NOT_STATED, OTHERS = "not stated", "others"


class Alarm(StrEnum):
    """What the figures ask for."""

    TOO_FEW = "too_few"
    STEADY = "steady"
    WATCH = "watch"
    ALARM = "alarm"


@dataclass(frozen=True, slots=True)
class DriftWeek:
    """The week of this Monday: one model's films per tenth of P(abnormal), films refused.

    `answered` counts the films of all models: a refusal belongs to none of them.
    """

    monday: date
    scores: tuple[int, ...]
    refused: int
    answered: int

    @property
    def films(self) -> int:
        """All films that the model answered."""
        return sum(self.scores)

    @property
    def refusal_rate(self) -> Estimate:
        """The share of refused films among all that were to be answered."""
        return wilson(self.refused, self.refused + self.answered)


@dataclass(frozen=True, slots=True)
class Mix:
    """Where the films come from, or what answered them: (name, films before, films now).

    `weeks` has the films of every week, oldest first, in the order of `shares`. `psi` and
    `by_chance` as in `Drift`.
    """

    shares: tuple[tuple[str, int, int], ...]
    weeks: tuple[tuple[int, ...], ...]
    psi: float
    by_chance: float
    alarm: Alarm


@dataclass(frozen=True, slots=True)
class Drift:
    """The weeks of one model, oldest first; the last four are compared with all before.

    `devices` and `models` are of all films, whatever model answered. `psi` is the population
    stability index of the scores, `by_chance` what it may reach by chance
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
    devices: Mix
    models: Mix

    def week_index(self, week: DriftWeek) -> float:
        """Return the index of one week's scores against all weeks but the last four; or nan."""
        before = _sum(self.weeks[:-RECENT_WEEKS])
        few = min(sum(before), week.films) < LEAST_FILMS
        return math.nan if few else psi(before, week.scores)


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


class MixTally:
    """Counts films by a name and week; the last weeks of `mondays` are compared with the others."""

    def __init__(self, mondays: Sequence[date]) -> None:
        self._mondays = tuple(mondays)
        self._films: dict[str, Counter[date]] = {}

    def add(self, typed: str, monday: date, films: int) -> None:
        """Count films of the week of this Monday."""
        name = " ".join(typed.casefold().split())[:NAME_LETTERS] or NOT_STATED
        self._films.setdefault(name, Counter())[monday] += films

    def mix(self) -> Mix:
        """Compare the commonest names, all others together."""
        ranked = sorted(self._films, key=lambda name: -self._films[name].total())
        listed = {name: self._films[name] for name in ranked[:COMMONEST]}
        rest = sum((self._films[name] for name in ranked[COMMONEST:]), Counter[date]())
        if rest:
            listed[OTHERS] = rest
        weeks = [tuple(by[monday] for by in listed.values()) for monday in self._mondays]
        before, now = (_columns(part) for part in (weeks[:-RECENT_WEEKS], weeks[-RECENT_WEEKS:]))
        shares = tuple(zip(listed, before, now, strict=True))
        old, new = sum(before), sum(now)
        index = psi(before, now) if shares else 0.0
        chance = by_chance(old, new, chi_square_99(max(len(shares) - 1, 1)))
        alarm = alarm_of_index(old, new, index, chance)
        return Mix(shares, tuple(weeks), index, chance, alarm)


def _columns(weeks: Sequence[tuple[int, ...]]) -> tuple[int, ...]:
    return tuple(map(sum, zip(*weeks, strict=True)))


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
        self._devices, self._models = MixTally(self._mondays), MixTally(self._mondays)

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
            self._models.add(model, monday, films)

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
            models=self._models.mix(),
        )

    def _weeks(self) -> Iterator[DriftWeek]:
        counted: Mapping[date, list[int]] = self._scores.get(self._latest, {})
        nothing = [0] * BINS
        for monday in self._mondays:
            scores = tuple(counted.get(monday, nothing))
            answered = sum(sum(by.get(monday, nothing)) for by in self._scores.values())
            yield DriftWeek(monday, scores, self._refused[monday], answered)


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
    refused, films = sum(week.refused for week in weeks), sum(week.answered for week in weeks)
    return wilson(refused, refused + films) if refused + films >= LEAST_FILMS else NOT_MEASURED


def _sum(weeks: Sequence[DriftWeek]) -> tuple[int, ...]:
    return tuple(sum(week.scores[bin_] for week in weeks) for bin_ in range(BINS))


def _shares(counts: Sequence[int]) -> list[float]:
    total = sum(counts) + 0.5 * len(counts)
    return [(count + 0.5) / total for count in counts]
