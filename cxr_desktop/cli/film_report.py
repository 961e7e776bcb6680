"""The three ways to tell of many films: JSON lines, aligned text, a table with a progress bar."""

from __future__ import annotations

from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, TextColumn
from rich.table import Table
from rich.text import Text

from cxr_desktop.cli.film_line import as_json, notes_of, score_of, word_of
from cxr_desktop.cli.terminal import Terminal, shown
from cxr_desktop.domain.assessment import DISCLAIMER
from cxr_desktop.domain.outcome import FilmOutcome

STYLES = {"normal": "green", "uncertain": "yellow", "abnormal": "bold red", "refused": "magenta"}
INDENT = " " * 19


class FilmReport(Protocol):
    """Gets each film as it is done, and the summary at the end."""

    def add(self, outcome: FilmOutcome) -> None:
        """Tell one film."""
        ...

    def end(self, summary: str) -> None:
        """Tell the sums, then the disclaimer, which stays the last line."""
        ...


class JsonReport:
    """One JSON object per line. What is stored has an `exam_id` and a summary on standard error."""

    def __init__(self, terminal: Terminal, *, stored: bool = True) -> None:
        self._terminal = terminal
        self._stored = stored

    def add(self, outcome: FilmOutcome) -> None:
        """Write the line."""
        row = as_json(outcome)
        if self._stored:
            row["exam_id"] = outcome.exam_id or None
        self._terminal.json_line(row)

    def end(self, summary: str) -> None:
        """Say the summary beside the output, where it is about what was stored."""
        if self._stored:
            self._terminal.say(summary)


class PlainReport:
    """Aligned text without colours or cursor movements, for pipes and log files."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._begun = False

    def add(self, outcome: FilmOutcome) -> None:
        """Write the film, and below it what to know of it."""
        if not self._begun:
            self._begun = True
            self._terminal.line(f"{'VERDICT':<10} {'P(ABN)':>7} FILE")
        self._terminal.line(f"{word_of(outcome):<10} {score_of(outcome):>7} {outcome.file}")
        for note in notes_of(outcome):
            self._terminal.line(f"{INDENT}{note}")

    def end(self, summary: str) -> None:
        """Write the summary and the disclaimer."""
        self._terminal.line(summary)
        self._terminal.line(DISCLAIMER)


class TableReport:
    """A progress bar while films are worked on, then a table."""

    def __init__(self, terminal: Terminal, total: int) -> None:
        self._console = console_of(terminal)
        self._table = Table(box=None, pad_edge=False)
        self._table.add_column("Verdict")
        self._table.add_column("P(abnormal)", justify="right")
        self._table.add_column("File", overflow="fold")
        self._progress = films_bar(self._console)
        self._task = self._progress.add_task("Films", total=total)
        self._progress.start()

    def add(self, outcome: FilmOutcome) -> None:
        """Add a row and move the bar."""
        file = Text(shown(outcome.file))
        for note in notes_of(outcome):
            file.append(f"\n{shown(note)}", style="dim")
        word = word_of(outcome)
        self._table.add_row(Text(word, style=STYLES.get(word, "")), score_of(outcome), file)
        self._progress.advance(self._task)

    def end(self, summary: str) -> None:
        """Take the bar away; write table, summary and disclaimer."""
        self._progress.stop()
        if self._table.row_count:
            self._console.print(self._table)
        print_sums(self._console, summary)


def console_of(terminal: Terminal) -> Console:
    """Return a console that writes text as it is."""
    return Console(file=terminal.out, highlight=False, markup=False, emoji=False)


def films_bar(console: Console, *more: ProgressColumn) -> Progress:
    """Return the bar of a run of films, with more columns behind it; it goes when it stops."""
    columns = (TextColumn("Films"), BarColumn(), MofNCompleteColumn(), *more)
    return Progress(*columns, console=console, transient=True)


def print_sums(console: Console, summary: str) -> None:
    """Write the summary and, last, who decides."""
    console.print(Text(shown(summary)), soft_wrap=True)
    console.print(Text(DISCLAIMER), soft_wrap=True)


def film_report(terminal: Terminal, *, as_json: bool, total: int) -> FilmReport:
    """Choose how to tell: JSON when asked for, a table on a terminal, else aligned text."""
    if as_json:
        return JsonReport(terminal, stored=False)
    return TableReport(terminal, total) if terminal.is_terminal else PlainReport(terminal)
