"""What the opening of the database is busy with, for whoever waits in front of the door."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

Tell = Callable[[str], None]


def tell_nobody(step: str) -> None:
    """Say it to nobody."""


class Steps:
    """Passes each step on to who listens at the moment, in the thread that works."""

    def __init__(self) -> None:
        self._tell: Tell = tell_nobody

    def report(self, step: str) -> None:
        """Say what is done now; what the listener raises undoes the work."""
        self._tell(step)

    @contextmanager
    def told_to(self, tell: Tell) -> Iterator[None]:
        """Let `tell` hear of each step for the time of the block."""
        self._tell = tell
        try:
            yield
        finally:
            self._tell = tell_nobody
