"""Stand-ins for what a watched folder needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from cxr_desktop.domain.errors import UserError
from cxr_desktop.domain.outcome import FilmOutcome
from cxr_desktop.domain.ports import JobContext
from cxr_desktop.domain.roles import Actor
from cxr_desktop.domain.watching import FileMark, WatchLook


class MemoryWatchedFiles:
    """A `WatchedFiles` in a dictionary; `error` is raised instead of remembering."""

    def __init__(self) -> None:
        self._known: dict[str, FileMark] = {}
        self.error: BaseException | None = None

    def known(self) -> Mapping[str, FileMark]:
        """Return what was remembered."""
        return dict(self._known)

    def remember(self, path: Path, mark: FileMark) -> None:
        """Remember it."""
        if self.error is not None:
            raise self.error
        self._known[str(path)] = mark


class FakeWatch:
    """Tells `films` and gives `look`, or raises `error`; no folder is watched at first."""

    def __init__(self) -> None:
        self.result = WatchLook()
        self.films: list[FilmOutcome] = []
        self.error: UserError | None = None
        self.looks = 0

    def look(self, actor: Actor, job: JobContext, tell: Callable[[FilmOutcome], None]) -> WatchLook:
        """Look once."""
        self.looks += 1
        while self.films:
            tell(self.films.pop(0))
            job.report("Film", 0.5)
        if self.error is not None:
            raise self.error
        return self.result
