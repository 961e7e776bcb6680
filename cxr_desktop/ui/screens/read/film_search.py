"""Looks for films in what was dropped, off the GUI thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from cxr_desktop.domain.errors import UserError
from cxr_desktop.domain.ports import JobContext
from cxr_desktop.ui.jobs import Job, JobRunner
from cxr_desktop.ui.screens.read.ports import ReadServices
from cxr_desktop.ui.screens.read.worklist import Urgency, urgency_of

RUN_AUTOMATICALLY = "reading.run_automatically"


@dataclass(frozen=True, slots=True)
class Found:
    """The films of one search, and what the settings say: run them unasked, order them.

    `places` is where they lie, as a person is told.
    """

    paths: list[Path]
    places: dict[Path, str]
    run_them: bool
    urgency: Urgency | None


class FilmSearch:
    """`found` gets what one search found."""

    def __init__(
        self,
        services: ReadServices,
        runner: JobRunner,
        *,
        found: Callable[[Found], None],
        failed: Callable[[UserError], None],
        cancelled: Callable[[], None],
    ) -> None:
        self._services = services
        self._runner = runner
        self._found = found
        self._failed = failed
        self._cancelled = cancelled
        self._searches: set[Job] = set()

    @property
    def is_running(self) -> bool:
        """Whether anything is looked for."""
        return bool(self._searches)

    def start(self, paths: Sequence[Path]) -> None:
        """Look in these files and folders."""

        def ended(then: Callable[[], None]) -> None:
            self._searches.discard(search)
            then()

        search = self._runner.start(
            partial(self._search, list(paths)),
            done=lambda found: ended(partial(self._found, found)),
            failed=lambda error: ended(partial(self._failed, error)),
            cancelled=lambda: ended(self._cancelled),
        )
        self._searches.add(search)

    def cancel(self) -> None:
        """Stop looking."""
        for search in self._searches:
            search.cancel()

    def _search(self, paths: list[Path], job: JobContext) -> Found:
        found = []
        for path in self._services.find_films(paths):
            job.report("Looking for films", 0.0)
            found.append(path)
        setting, label = self._services.setting, self._services.label
        places = {path: label(path) for path in found}
        return Found(found, places, bool(setting(RUN_AUTOMATICALLY)), urgency_of(setting))
