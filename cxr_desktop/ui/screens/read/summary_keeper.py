"""Sums up when a run of several films has ended, and saves the list of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from cxr_desktop.domain.errors import UserError
from cxr_desktop.domain.outcome import FilmOutcome, RunSums
from cxr_desktop.domain.roles import Actor, Permission
from cxr_desktop.ui.errors import Notice, notice_of
from cxr_desktop.ui.jobs import JobRunner
from cxr_desktop.ui.screens.read.bulk_run import BulkRun
from cxr_desktop.ui.screens.read.item import Item
from cxr_desktop.ui.screens.read.ports import ReadServices
from cxr_desktop.ui.screens.read.state import RunSummary
from cxr_desktop.ui.session import Session

translate = QCoreApplication.translate


class SummaryKeeper:
    """`summary` is that of the last run, until the next one begins; `changed` tells of saving."""

    def __init__(
        self,
        services: ReadServices,
        runner: JobRunner,
        session: Session,
        changed: Callable[[], None],
    ) -> None:
        self._services = services
        self._runner = runner
        self._session = session
        self._changed = changed
        self._was_busy = False
        self.summary: RunSummary | None = None

    def follow(self, line: BulkRun, items: Iterable[Item]) -> None:
        """Look whether a run began or ended; one film by itself is no run to sum up.

        All films of the list are told of, those too that were refused before they came in line.
        """
        was_busy, self._was_busy = self._was_busy, line.is_busy
        if line.is_busy:
            self.summary = None
        elif was_busy and line.length > 1:
            label = self._services.label
            told = tuple(
                outcome_of(item, label(item.path)) for item in items if item.path is not None
            )
            looked_at = any(one.status != "not_looked_at" for one in told)
            self.summary = RunSummary(told, RunSums.of(told)) if looked_at else None

    def forget(self) -> None:
        """Say nothing more of the last run."""
        self.summary = None

    def dismiss(self) -> None:
        """Take the sums of the last run away, and tell."""
        self.forget()
        self._changed()

    def save(self, path: Path) -> None:
        """Write the list of the last run into a file."""
        actor, summary = self._session.actor, self.summary
        if actor is None or summary is None or summary.is_saving:
            return
        saving = replace(summary, is_saving=True, notice=None)
        self._show(saving)
        self._runner.start(
            lambda _: self._services.save_list(actor, summary.outcomes, path),
            done=lambda _: self._on_ended(saving, _saved(path, actor)),
            failed=lambda error: self._on_failed(saving, error),
            cancelled=partial(self._on_ended, saving, None),
        )

    def _on_failed(self, saving: RunSummary, error: UserError) -> None:
        self._on_ended(saving, notice_of(error))

    def _on_ended(self, saving: RunSummary, notice: Notice | None) -> None:
        if self.summary is saving:  # no other run has begun
            self._show(replace(saving, is_saving=False, notice=notice))

    def _show(self, summary: RunSummary) -> None:
        self.summary = summary
        self._changed()


def outcome_of(item: Item, file: str) -> FilmOutcome:
    """Return what became of a film so far."""
    if item.was_stored_before:
        return FilmOutcome(file, "stored_before", exam_id=item.exam_id)
    if item.exam is not None:
        return FilmOutcome.of_exam(file, item.exam)
    if item.error is not None:
        return FilmOutcome.of_error(file, item.error)
    return FilmOutcome(file, "not_looked_at")


def _saved(path: Path, actor: Actor) -> Notice:
    text = translate("Read", "The list was written to “{file}”.").format(file=path.name)
    if actor.may(Permission.EXPORT):
        hint = translate(
            "Read", "The file may name patients and is not encrypted: keep it where it is safe."
        )
    else:
        hint = translate(
            "Read", "The model's answers are not in it: your account may not export them."
        )
    return Notice("info", text, hint)
