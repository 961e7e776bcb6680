"""How fast a run of films goes, and when it will be through."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

WINDOW = 64
MINUTE, HOUR = 60, 3600


class Pace:
    """Counts in `done` the films of `total`; `clock` gives monotonic seconds.

    Films per second are those of the last `WINDOW` films that were worked on: a film that was
    skipped took no time and says nothing about the next.
    """

    def __init__(self, total: int, clock: Callable[[], float]) -> None:
        self.total = total
        self._clock = clock
        self.done = 0
        self._moments: deque[float] = deque([clock()], maxlen=WINDOW + 1)

    def add(self, *, skipped: bool = False) -> None:
        """Note that a film is through."""
        self.done += 1
        if not skipped:
            self._moments.append(self._clock())
        elif len(self._moments) == 1:
            self._moments[0] = self._clock()

    def rest(self) -> None:
        """Begin to measure anew: after a pause."""
        self._moments.clear()
        self._moments.append(self._clock())

    @property
    def films_per_second(self) -> float:
        """0 before the first film."""
        took = self._moments[-1] - self._moments[0]
        return (len(self._moments) - 1) / took if took > 0 else 0.0

    @property
    def seconds_left(self) -> float | None:
        """None before the first film."""
        rate = self.films_per_second
        return (self.total - self.done) / rate if rate else None

    def __str__(self) -> str:
        """Such as “3.4 films/s, about 12 min left”; empty before the first film."""
        left = self.seconds_left
        if left is None:
            return ""
        return f"{self.films_per_second:.1f} films/s, {time_words(left)} left"


def time_words(seconds: float) -> str:
    """Return a time as a person says it: “about 12 min”."""
    if seconds < MINUTE:
        return "less than a minute" if seconds > 0 else "nothing"
    if seconds < HOUR:
        return f"about {round(seconds / MINUTE)} min"
    hours = seconds / HOUR
    return f"about {hours:.1f} h" if hours < 48 else f"about {round(hours / 24)} days"
