"""A watched folder: a new film in it is classified and stored by itself, each once."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Protocol

from cxr_desktop.domain.history import ExamView
from cxr_desktop.domain.outcome import FilmOutcome
from cxr_desktop.domain.ports import JobContext
from cxr_desktop.domain.roles import Actor, Permission
from cxr_desktop.domain.settings import SettingValue
from cxr_desktop.domain.watching import FileMark, FilmsIn, FolderFiles, WatchedFiles, WatchLook
from cxr_desktop.services.access import Access
from cxr_desktop.services.batch import FileOutcome, outcome_of

FOLDER, SECONDS, HANDLED = "watch.folder", "watch.seconds", "watch.handled"
QUEUE = 16
DONE, REFUSED = "read", "refused"


class ClassifyingWatched(Protocol):
    """`wiring.films_at_once.ClassifyHere`."""

    def __call__(
        self, actor: Actor, films: list[Path], job: JobContext, *, whoever: bool
    ) -> Iterator[FileOutcome[ExamView]]:
        """Yield one outcome per film, in order, as soon as it is stored."""
        ...


@dataclass(frozen=True, slots=True)
class WatchTools:
    """What it works with. `label` names a film to a person."""

    files: FolderFiles
    remembered: WatchedFiles
    classify: ClassifyingWatched
    films_in: FilmsIn
    label: Callable[[Path], str]
    setting: Callable[[str], SettingValue]


class WatchFolder:
    """Looks into the folder when it is asked to; the exams are of whoever is signed in then.

    A file is read when size and time of change stood still for some seconds and nobody has it open
    to write it. Then it is remembered, or moved into a subfolder. Cut off between storing an exam
    and remembering its file, the next look finds the exam by the bytes of the film: nothing is done
    twice. A file that is changed afterwards is a new one.

    `keep_out` is the data folder, which is not watched. `clock` gives monotonic seconds.
    """

    def __init__(
        self,
        tools: WatchTools,
        access: Access,
        keep_out: Path,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._tools = tools
        self._access = access
        self._keep_out = keep_out
        self._clock = clock
        self._known: dict[str, FileMark] | None = None
        self._since: dict[Path, tuple[FileMark, float]] = {}

    def look(
        self,
        actor: Actor,
        job: JobContext,
        tell: Callable[[FilmOutcome], None],
        folder: Path | None = None,
    ) -> WatchLook:
        """Look once at `folder`, or the one of the settings, and read what is ready.

        At most `QUEUE` files at a time; `tell` gets each film as soon as it is done. Raises what
        concerns every film (`ModelUnavailable`, `StorageUnavailable`, …) and `JobCancelled`; what
        was stored before stays stored.
        """
        place = str(folder or self._tools.setting(FOLDER)).strip()
        if not place:
            self._since.clear()
            return WatchLook()
        problem = self._problem(actor, Path(place))
        if problem:
            return WatchLook(place, problem=problem)
        job.report("Looking into the watched folder", 0.0)
        moves = self._tools.setting(HANDLED) == "moved"
        try:
            there = self._tools.files.of(Path(place), without=(DONE, REFUSED) if moves else ())
        except OSError:
            self._since.clear()
            gone = f"The watched folder “{place}” is not there. Connect its disk or share."
            return WatchLook(place, problem=gone)
        new = self._new(there)
        ready = list(islice(filter(self._is_ready, new), QUEUE + 1))
        more, ready = len(ready) > QUEUE, ready[:QUEUE]
        marks = {path: there[path] for path in ready}
        self._read(actor, marks, Path(place) if moves else None, job, tell)
        return WatchLook(place, waiting=len(new) - len(ready), more=more)

    def _problem(self, actor: Actor, place: Path) -> str:
        if not (actor.may(Permission.IMPORT) and actor.may(Permission.RUN)):
            return (
                "The watched folder waits: this account may not open films or run the model. "
                "Sign in with one that may."
            )
        if place.absolute().is_relative_to(self._keep_out.absolute()):
            return "The data folder itself cannot be watched. Choose another in Admin, Settings."
        return ""

    def _new(self, there: Mapping[Path, FileMark]) -> list[Path]:
        """Return what was not handled, the oldest first; note since when each stands still."""
        if self._known is None:
            self._known = dict(self._tools.remembered.known())
        new = [path for path, mark in there.items() if self._known.get(str(path)) != mark]
        before, now = self._since, self._clock()
        self._since = {
            path: before[path]
            if path in before and before[path][0] == there[path]
            else (there[path], now)
            for path in new
        }
        return sorted(new, key=lambda path: (there[path].modified_ns, path))

    def _is_ready(self, path: Path) -> bool:
        stood_still = self._clock() - self._since[path][1]
        return stood_still >= float(
            self._tools.setting(SECONDS)
        ) and not self._tools.files.is_being_written(path)

    def _read(
        self,
        actor: Actor,
        ready: Mapping[Path, FileMark],
        move_in: Path | None,
        job: JobContext,
        tell: Callable[[FilmOutcome], None],
    ) -> None:
        films: list[Path] = []
        file_of: dict[Path, Path] = {}
        left: Counter[Path] = Counter()
        for path, mark in ready.items():
            found = self._tools.films_in(path)
            left[path] = len(found)
            films += found
            file_of |= dict.fromkeys(found, path)
            if not found:
                self._remember(path, mark)
        if not films:
            return
        refused: set[Path] = set()
        for outcome in self._tools.classify(actor, films, job, whoever=True):
            file = file_of[outcome.path]
            if outcome.refusal is not None:
                refused.add(file)
            left[file] -= 1
            if left[file] == 0:
                into = move_in and move_in / (REFUSED if file in refused else DONE)
                self._handled(file, ready[file], into)
            tell(outcome_of(outcome, self._tools.label(outcome.path)))

    def _handled(self, file: Path, mark: FileMark, into: Path | None) -> None:
        """Move the file, or remember it: also where it cannot be moved."""
        if into is not None:
            try:
                self._tools.files.move(file, into)
            except OSError:
                pass
            else:
                return
        self._remember(file, mark)

    def _remember(self, file: Path, mark: FileMark) -> None:
        self._tools.remembered.remember(file, mark)
        if self._known is not None:
            self._known[str(file)] = mark
