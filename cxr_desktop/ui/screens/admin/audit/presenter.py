"""The audit log without widgets: page by page, verified, exported."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from cxr_desktop.domain.audit import AuditEntry
from cxr_desktop.domain.errors import UserError
from cxr_desktop.domain.ports import JobContext
from cxr_desktop.domain.roles import Actor
from cxr_desktop.services.audit_trail import ReadAuditTrail, Verified
from cxr_desktop.ui.errors import Notice, notice_of
from cxr_desktop.ui.jobs import JobRunner
from cxr_desktop.ui.screens.admin.audit.state import (
    AuditState,
    Filters,
    Listed,
    LoadFailed,
    Loading,
)
from cxr_desktop.ui.session import Session

PAGE = 200
T = TypeVar("T")


class AuditPresenter(QObject):
    """Emits an `AuditState`; only the answer to the latest question is taken."""

    state_changed = Signal(object)

    def __init__(self, trail: ReadAuditTrail, runner: JobRunner, session: Session) -> None:
        super().__init__()
        self._trail, self._runner, self._session = trail, runner, session
        self._filters = Filters()
        self._question = 0
        self._reading = False
        self.state: AuditState = Loading()

    def refresh(self) -> None:
        """Read the newest rows that match the filters."""
        self._read(None)

    def narrow(self, filters: Filters) -> None:
        """Show only rows that match."""
        if filters != self._filters:
            self._filters = filters
            self.refresh()

    def read_older(self) -> None:
        """Read the rows below those that are shown."""
        if isinstance(self.state, Listed) and self.state.more and not self._reading:
            self._read(self.state.entries[-1].number)

    def verify(self) -> None:
        """Recompute the chain."""
        self._do(
            self.tr("Verifying the audit log"),
            lambda actor, _job: self._trail.verify(actor),
            self._verified_notice,
        )

    def export(self, target: Path) -> None:
        """Write all rows that match the filters into a new CSV file."""
        query = self._filters.query(limit=PAGE)
        self._do(
            self.tr("Writing the audit log"),
            lambda actor, job: self._trail.export(actor, query, target, job),
            lambda count: Notice(
                "info", self.tr("{0} events were written to “{1}”.").format(count, target.name)
            ),
        )

    def _verified_notice(self, found: Verified) -> Notice:
        return Notice(
            "info",
            self.tr("{0} events, none changed. Seal: {1}").format(found.events, found.seal),
            self.tr("Write the seal down: it proves later that the log up to here is the same."),
        )

    def _do(
        self,
        what: str,
        work: Callable[[Actor, JobContext], T],
        said: Callable[[T], Notice],
    ) -> None:
        actor = self._session.actor
        if actor is None or not isinstance(self.state, Listed) or self.state.busy:
            return
        self._show(replace(self.state, busy=what, notice=None))
        self._runner.start(
            lambda job: work(actor, job),
            done=lambda result: self._say(said(result)),
            failed=lambda error: self._say(notice_of(error)),
        )

    def _say(self, notice: Notice) -> None:
        if isinstance(self.state, Listed):
            self._show(replace(self.state, busy="", notice=notice))

    def _read(self, below: int | None) -> None:
        actor = self._session.actor
        if actor is None:
            return
        self._question += 1
        question, query = self._question, self._filters.query(below=below, limit=PAGE)
        self._reading = True
        self._runner.start(
            lambda _job: self._trail.search(actor, query),
            done=lambda rows: self._on_read(question, rows, older=below is not None),
            failed=lambda error: self._on_failed(question, error),
        )

    def _on_read(self, question: int, rows: Sequence[AuditEntry], *, older: bool) -> None:
        if question != self._question:
            return
        self._reading = False
        before = self.state if isinstance(self.state, Listed) else Listed((), more=False)
        shown = before.entries if older else ()
        self._show(replace(before, entries=(*shown, *rows), more=len(rows) == PAGE))

    def _on_failed(self, question: int, error: UserError) -> None:
        if question == self._question:
            self._reading = False
            self._show(LoadFailed(notice_of(error)))

    def _show(self, state: AuditState) -> None:
        self.state = state
        self.state_changed.emit(state)
