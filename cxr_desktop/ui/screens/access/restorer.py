"""The way from a damaged data folder to a restored one; no widgets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QCoreApplication

from cxr_desktop.domain.errors import UserError
from cxr_desktop.ui.errors import Notice, notice_of
from cxr_desktop.ui.jobs import Job, JobRunner
from cxr_desktop.ui.opening import OpenedData
from cxr_desktop.ui.screens.access.state import Restoring

if TYPE_CHECKING:  # all of it brings numpy, which the window need not wait for
    from cxr_desktop.domain.backup import BackupInfo
    from cxr_desktop.domain.ports import JobContext
    from cxr_desktop.services.restore_at_start import Proof


class RestoresAtStart(Protocol):
    """`services.restore_at_start.RestoreAtStart`."""

    def backups(self) -> Sequence[BackupInfo]:
        """Return the backups that can be found."""
        ...

    def restore(self, backup: Path, proof: Proof, job: JobContext) -> None:
        """Restore one and put it in place."""
        ...

    def give_up(self) -> None:
        """Remove what was restored and is not in place."""
        ...


class Restorer:
    """Shows `Restoring` by `show`; `restored` is called when the folder can be opened again."""

    def __init__(
        self,
        make: Callable[[Path], RestoresAtStart],
        runner: JobRunner,
        show: Callable[[Restoring], None],
        restored: Callable[[], None],
    ) -> None:
        self._make = make
        self._runner = runner
        self._show_state = show
        self._restored = restored
        self._state = Restoring()
        self._service: RestoresAtStart | None = None
        self._job: Job | None = None

    def begin(self, folder: Path, opened: OpenedData | None) -> None:
        """Let go of the folder, and list its backups."""

        def work(_: JobContext) -> tuple[RestoresAtStart, Sequence[BackupInfo]]:
            if opened is not None:
                opened.close()
            service = self._make(folder)
            return service, service.backups()

        self._show(Restoring(busy=True))
        self._runner.start(work, done=self._on_listed, failed=self._on_failed)

    def restore(self, backup: Path, proof: Proof) -> None:
        """Restore it, if the proof is right."""
        service = self._service
        if service is None or self._state.busy:
            return
        self._show(replace(self._state, busy=True, step="", fraction=0.0, notice=None))
        self._job = self._runner.start(
            lambda job: service.restore(backup, proof, job),
            done=lambda _: self._restored(),
            failed=self._on_failed,
            cancelled=lambda: self._show(replace(self._state, busy=False)),
            progress=self._on_progress,
        )

    def cancel(self) -> None:
        """Stop restoring; the data folder is as it was."""
        if self._job is not None:
            self._job.cancel()

    def leave(self, then: Callable[[], None]) -> None:
        """Remove what was restored in vain."""
        service, self._service = self._service, None

        def work(_: JobContext) -> None:
            if service is not None:
                service.give_up()

        self._runner.start(work, done=lambda _: then(), failed=lambda _: then())

    def _on_listed(self, found: tuple[RestoresAtStart, Sequence[BackupInfo]]) -> None:
        self._service, backups = found
        none = None if backups else _none_found()
        self._show(Restoring(tuple(backups), notice=none))

    def _on_progress(self, step: str, fraction: float) -> None:
        self._show(replace(self._state, step=step, fraction=fraction))

    def _on_failed(self, error: UserError) -> None:
        self._show(replace(self._state, busy=False, notice=notice_of(error)))

    def _show(self, state: Restoring) -> None:
        self._state = state
        self._show_state(state)


def _none_found() -> Notice:
    return Notice(
        "info",
        QCoreApplication.translate("Access", "No backup was found in the folder of the settings."),
        QCoreApplication.translate("Access", "Connect the disk of the backups and choose one."),
    )
