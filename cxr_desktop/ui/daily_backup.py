"""The backup that runs by itself once a day, a moment after the data folder was opened."""

from __future__ import annotations

import logging

from PySide6.QtCore import QObject

from cxr_desktop.domain.errors import UserError
from cxr_desktop.ui.jobs import JobRunner
from cxr_desktop.ui.opening import OpenedData

_log = logging.getLogger(__name__)


class DailyBackup(QObject):
    """Starts it; what became of it is in the audit log and in Admin, Backups."""

    def __init__(self, runner: JobRunner) -> None:
        super().__init__()
        self._runner = runner

    def on_opened(self, data: OpenedData) -> None:
        """Back up in the background, if it is due."""
        backups = data.program.backups
        self._runner.start(backups.run_if_due, done=_nothing, failed=_on_failed)


def _nothing(_: object) -> None:
    pass


def _on_failed(error: UserError) -> None:
    _log.warning("the daily backup failed: %s", error.code)
