"""Backups without widgets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from cxr_desktop.domain.backup import BackupInfo, BackupStatus
from cxr_desktop.domain.errors import UserError
from cxr_desktop.domain.ports import JobContext
from cxr_desktop.domain.roles import Actor
from cxr_desktop.services.backup import BackUp
from cxr_desktop.ui.errors import Notice, notice_of
from cxr_desktop.ui.jobs import Job, JobRunner
from cxr_desktop.ui.screens.admin.backups.state import BackupsState, LoadFailed, Loading, Shown
from cxr_desktop.ui.session import Session


class BackupsPresenter(QObject):
    """Emits a `BackupsState`; one run or check at a time, which can be cancelled."""

    state_changed = Signal(object)
    restore_checked = Signal(object)  # the BackupInfo of a sound backup: ask, then `restore`

    def __init__(self, backups: BackUp, runner: JobRunner, session: Session) -> None:
        super().__init__()
        self._backups, self._runner, self._session = backups, runner, session
        self._job: Job | None = None
        self.state: BackupsState = Loading()

    def refresh(self) -> None:
        """Read folder and list; not while a backup is made."""
        actor = self._session.actor
        if actor is None or self._busy():
            return
        self._runner.start(
            lambda _job: self._backups.status(actor), done=self._on_status, failed=self._on_failed
        )

    def choose(self, folder: Path) -> None:
        """Send backups there from now on."""
        actor = self._session.require()
        if isinstance(self.state, Shown):
            self._show(replace(self.state, notice=None))  # it was said of the folder before

        def work(_job: JobContext) -> BackupStatus:
            self._backups.choose_folder(actor, folder)
            return self._backups.status(actor)

        self._runner.start(work, done=self._on_status, failed=self._say_error)

    def run(self) -> None:
        """Make a backup now."""
        self._do(
            self._backups.run,
            self.tr("The backup was made and checked: {0} files."),
        )

    def check_newest(self) -> None:
        """Read the newest backup whole."""
        if isinstance(self.state, Shown) and self.state.status.backups:
            newest = self.state.status.backups[0].path
            self._do(
                lambda actor, job: self._backups.verify(actor, newest, job),
                self.tr("The newest backup is sound: {0} files, none changed."),
            )

    def check_for_restore(self, backup: Path) -> None:
        """Read a backup whole; sound, `restore_checked` asks whether it shall be restored."""
        self._do(
            lambda actor, job: self._backups.verify(actor, backup, job),
            self.tr("The backup is sound: {0} files, none changed."),
            self.restore_checked.emit,
        )

    def restore(self, backup: Path) -> None:
        """Restore it, to be used from the next start on."""
        self._do(
            lambda actor, job: self._backups.restore(actor, backup, job),
            self.tr("Restored: {0} files. Close the program and start it again to use them."),
        )

    def give_up_restore(self) -> None:
        """Go on with the folder in use."""
        actor = self._session.require()

        def work(_job: JobContext) -> BackupStatus:
            self._backups.give_up_restore(actor)
            return self._backups.status(actor)

        self._runner.start(work, done=self._on_status, failed=self._say_error)

    def cancel(self) -> None:
        """Stop what is being done; the backups there were stay."""
        if self._job is not None:
            self._job.cancel()

    def _do(
        self,
        work: Callable[[Actor, JobContext], BackupInfo],
        said: str,
        then: Callable[[BackupInfo], None] | None = None,
    ) -> None:
        actor = self._session.actor
        if actor is None or self._busy() or not isinstance(self.state, Shown):
            return
        self._show(replace(self.state, busy=True, step="", fraction=0.0, notice=None))

        def done(info: BackupInfo) -> None:
            self._end(Notice("info", said.format(info.files)))
            if then is not None:
                then(info)

        self._job = self._runner.start(
            lambda job: work(actor, job),
            done=done,
            failed=lambda error: self._end(notice_of(error)),
            progress=self._on_progress,
            cancelled=lambda: self._end(Notice("info", self.tr("Stopped."))),
        )

    def _end(self, notice: Notice) -> None:
        self._job = None
        if isinstance(self.state, Shown):
            self._show(replace(self.state, busy=False, notice=notice))
        self.refresh()

    def _busy(self) -> bool:
        return isinstance(self.state, Shown) and self.state.busy

    def _on_progress(self, step: str, fraction: float) -> None:
        if isinstance(self.state, Shown) and self.state.busy:
            self._show(replace(self.state, step=step, fraction=fraction))

    def _on_status(self, status: BackupStatus) -> None:
        before = self.state if isinstance(self.state, Shown) else Shown(status)
        self._show(replace(before, status=status))

    def _on_failed(self, error: UserError) -> None:
        self._show(LoadFailed(notice_of(error)))

    def _say_error(self, error: UserError) -> None:
        if isinstance(self.state, Shown):
            self._show(replace(self.state, notice=notice_of(error)))

    def _show(self, state: BackupsState) -> None:
        self.state = state
        self.state_changed.emit(state)
