"""How `batch` tells of a run that may last for days: speed, time left, and what was refused."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from rich.progress import TextColumn
from rich.text import Text

from cxr_desktop.cli.film_line import notes_of, score_of, word_of
from cxr_desktop.cli.film_report import (
    INDENT,
    STYLES,
    FilmReport,
    JsonReport,
    PlainReport,
    console_of,
    films_bar,
    print_sums,
)
from cxr_desktop.cli.terminal import Terminal, shown
from cxr_desktop.domain.outcome import FilmOutcome
from cxr_desktop.domain.pace import Pace

SAY_EVERY_S = 30.0
LISTED = 100


class PacedReport:
    """Says on standard error, every half minute, how far it is and how fast; for pipes and logs."""

    def __init__(
        self, report: FilmReport, terminal: Terminal, total: int, clock: Callable[[], float]
    ) -> None:
        self._report = report
        self._terminal = terminal
        self._clock = clock
        self._pace = Pace(total, clock)
        self._said = clock()

    def add(self, outcome: FilmOutcome) -> None:
        """Tell the film, and now and then the pace."""
        self._report.add(outcome)
        self._pace.add(skipped=outcome.status == "stored_before")
        if self._clock() - self._said >= SAY_EVERY_S:
            self._said = self._clock()
            self._terminal.say(f"{self._pace.done} of {self._pace.total} films. {self._pace}")

    def end(self, summary: str) -> None:
        """Tell the sums."""
        self._report.end(summary)


class RollingReport:
    """A line per film, rolling by above a bar with speed and time left; at the end the refusals.

    Holds no more than the last `LISTED` refusals: all are in the file that `--csv` names.
    """

    def __init__(self, terminal: Terminal, total: int, clock: Callable[[], float]) -> None:
        self._console = console_of(terminal)
        self._pace = Pace(total, clock)
        self._refused: deque[FilmOutcome] = deque(maxlen=LISTED)
        self._refusals = 0
        self._progress = films_bar(self._console, TextColumn("{task.fields[pace]}"))
        self._task = self._progress.add_task("Films", total=total, pace="")
        self._progress.start()

    def add(self, outcome: FilmOutcome) -> None:
        """Write the film's line and move the bar."""
        skipped = outcome.status == "stored_before"
        if not skipped:
            self._write(outcome)
        if outcome.error:
            self._refusals += 1
            self._refused.append(outcome)
        self._pace.add(skipped=skipped)
        self._progress.update(self._task, advance=1, pace=str(self._pace))

    def end(self, summary: str) -> None:
        """Take the bar away; write the refusals, the summary and the disclaimer."""
        self._progress.stop()
        if self._refused:
            more = self._refusals - len(self._refused)
            head = f"Refused (the last {LISTED}; {more} more before)" if more else "Refused"
            self._console.print(Text(f"{head}:"))
        for outcome in self._refused:
            line = f"  {shown(outcome.file)}: {shown(str(outcome.error))}"
            self._console.print(Text(line), soft_wrap=True)
        print_sums(self._console, summary)

    def _write(self, outcome: FilmOutcome) -> None:
        word = word_of(outcome)
        line = Text(f"{word:<10}", style=STYLES.get(word, ""))
        line.append(f" {score_of(outcome):>7} {shown(outcome.file)}", style="not bold default")
        for note in notes_of(outcome):
            line.append(f"\n{INDENT}{shown(note)}", style="dim")
        self._progress.console.print(line, soft_wrap=True)


def batch_report(
    terminal: Terminal,
    *,
    as_json: bool,
    total: int,
    clock: Callable[[], float] = time.monotonic,
) -> FilmReport:
    """Choose how to tell: JSON when asked for, a rolling list on a terminal, else aligned text."""
    if as_json:
        return PacedReport(JsonReport(terminal), terminal, total, clock)
    if terminal.is_terminal:
        return RollingReport(terminal, total, clock)
    return PacedReport(PlainReport(terminal), terminal, total, clock)
