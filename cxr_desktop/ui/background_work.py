"""What runs by itself after a sign-in: encrypting an old data folder, and the daily backup.

It needs the key of the data folder, so that it runs only while somebody is signed in.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from cxr_desktop.domain.errors import UserError
from cxr_desktop.ui.jobs import JobRunner
from cxr_desktop.ui.opening import OpenedData

if TYPE_CHECKING:  # brings numpy, which the window needs only behind the door
    from cxr_desktop.domain.ports import JobContext

_log = logging.getLogger(__name__)


class BackgroundWork(QObject):
    """Starts it; what became of a backup is in the audit log and in Admin, Backups."""

    def __init__(self, runner: JobRunner) -> None:
        super().__init__()
        self._runner = runner
        self._data: OpenedData | None = None

    def on_opened(self, data: OpenedData) -> None:
        """Remember which data folder is open."""
        self._data = data

    def on_signed_in(self, _: object) -> None:
        """Encrypt what is left, then back up if it is due, in the background."""
        data = self._data
        if data is None:
            return

        def work(job: JobContext) -> None:
            try:
                data.program.encrypt_rest(job)
            finally:
                data.program.backups.run_if_due(job)

        self._runner.start(work, done=_nothing, failed=_on_failed)


def _nothing(_: object) -> None:
    pass


def _on_failed(error: UserError) -> None:
    _log.warning("the work after the sign-in failed: %s", error.code)
