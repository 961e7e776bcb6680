"""What runs by itself: encrypting an old data folder, the daily backup, the full check.

The first two run after a sign-in, the check while the window is locked: nobody needs the computer
then. All of it needs the key of the data folder, so that it runs only while somebody is signed in.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from cxr_desktop.domain.errors import UserError
from cxr_desktop.ui.jobs import Job, JobRunner
from cxr_desktop.ui.opening import OpenedData
from cxr_desktop.ui.screens.access.state import AccessState, Locked

if TYPE_CHECKING:  # brings numpy, which the window needs only behind the door
    from cxr_desktop.domain.full_check import FullCheck
    from cxr_desktop.domain.ports import JobContext

_log = logging.getLogger(__name__)


class BackgroundWork(QObject):
    """Starts it; what became of it is in the audit log, and in Admin, Backups and System.

    `found` carries what a full check found; empty when all is as it was stored.
    """

    found = Signal(str)

    def __init__(self, runner: JobRunner) -> None:
        super().__init__()
        self._runner = runner
        self._data: OpenedData | None = None
        self._check: Job | None = None

    def on_opened(self, data: OpenedData) -> None:
        """Remember which data folder is open."""
        self._data = data

    def on_signed_in(self, _: object) -> None:
        """Encrypt and remove what is left, then back up if it is due, in the background."""
        data = self._data
        if data is None:
            return

        def work(job: JobContext) -> FullCheck | None:
            try:
                data.program.encrypt_rest(job)
                if data.program.remove_cut_off():
                    _log.warning("half written exports were removed")
            finally:
                data.program.backups.run_if_due(job)
            return data.program.full_check.last()

        self._runner.start(work, done=self._on_check, failed=_on_failed)

    def on_access(self, state: AccessState) -> None:
        """Begin the full check, if it is due, when the window is locked; end it when not."""
        locked = isinstance(state, Locked)
        if self._check is not None and not locked:
            self._check.cancel()
            self._check = None
        if self._data is not None and locked and self._check is None:
            self._check = self._runner.start(
                self._data.program.full_check.run_if_due, done=self._on_check, failed=_on_failed
            )

    def _on_check(self, check: FullCheck | None) -> None:
        if check is not None:
            self.found.emit("" if check.found_nothing else check.words)


def _on_failed(error: UserError) -> None:
    _log.warning("the work after the sign-in failed: %s", error.code)
