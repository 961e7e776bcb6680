"""The folders of a restore at the start: one is made aside, and used when it is put in place.

::

    CXR data                the data folder, damaged perhaps
    CXR data.restoring      made of a backup, checked; not used until somebody proved who they are
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from cxr_desktop.domain.audit import AuditEvent
from cxr_desktop.domain.errors import StorageUnavailable
from cxr_desktop.domain.ports import JobContext
from cxr_desktop.storage.audit import SqliteAuditLog
from cxr_desktop.storage.backup_parts import DOOR
from cxr_desktop.storage.backup_reader import BackupReader
from cxr_desktop.storage.connection import connection
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.door import Door
from cxr_desktop.storage.faults import database_faults
from cxr_desktop.storage.paths import DataPaths
from cxr_desktop.storage.restoring import use_restored, waiting_folder
from cxr_desktop.storage.vault import Vault
from cxr_desktop.storage.waiting_events import AuditAtTheDoor


class MadeAside:
    """A folder restored beside `root`, made once per backup."""

    def __init__(self, root: Path, now: Callable[[], datetime]) -> None:
        self._root = root
        self._now = now
        self._made_of: Path | None = None
        self.folder = root.with_name(f"{root.name}.restoring")

    def is_of_another(self, backup: Path) -> bool:
        """Whether both doors can be read, and were made for different keys."""
        ours, theirs = _public(DataPaths(self._root).keys), _public(backup / DOOR)
        return ours is not None and theirs is not None and ours != theirs

    def make(self, backup: Path, job: JobContext) -> None:
        """Restore and check it, unless that was done. Raises `StorageUnavailable`, …."""
        if self._made_of == backup and self.folder.is_dir():
            return
        self.give_up()
        BackupReader().restore(backup, self.folder, job)
        self._made_of = backup

    def put_in_place(self, event: AuditEvent) -> None:
        """Note the event at its door, and use it; the folder that was in use is kept aside."""
        paths = DataPaths(self.folder)
        log, vault = SqliteAuditLog(Database(paths.database)), Vault()
        AuditAtTheDoor(log, Door.open(paths), vault).append(event)
        waiting = waiting_folder(self._root)
        try:
            if waiting.exists():
                shutil.rmtree(waiting)
            self.folder.rename(waiting)
        except OSError as error:
            raise StorageUnavailable(
                f"“{self.folder}” could not be put in place.",
                hint="Close every program that uses the data folder, then try again.",
            ) from error
        self._made_of = None
        use_restored(self._root, self._now)

    def give_up(self) -> None:
        """Remove it."""
        self._made_of = None
        shutil.rmtree(self.folder, ignore_errors=True)


def _public(door: Path) -> bytes | None:
    """Return what a door seals events for; None where it cannot be read."""
    try:
        with database_faults(), connection(door, options="mode=ro&immutable=1") as opened:
            row = opened.execute("SELECT public FROM seal").fetchone()
    except StorageUnavailable:
        return None
    return None if row is None else bytes(row[0])
