"""A backup restored beside the data folder, and put in its place at the next start.

::

    CXR data                               the data folder
    CXR data.restored                      a restored one that waits, complete and checked
    CXR data.before-restore-20260301-120000    an old one that was kept aside

Cut off at any moment, the folder in use is the old or the restored one; neither is changed.
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from cxr_desktop.domain.audit import AuditEvent
from cxr_desktop.domain.backup import BackupInfo
from cxr_desktop.domain.errors import StorageUnavailable
from cxr_desktop.domain.ports import EventSink, JobContext
from cxr_desktop.files import PART, sync_folder
from cxr_desktop.storage.backup_reader import BackupReader
from cxr_desktop.storage.door import Door
from cxr_desktop.storage.paths import DataPaths
from cxr_desktop.storage.vault import Vault
from cxr_desktop.storage.waiting_events import AuditAtTheDoor


class RestoreBeside:
    """The `BackupRestorer` of a data folder; `log` is its audit log."""

    def __init__(self, paths: DataPaths, reader: BackupReader, log: EventSink) -> None:
        self._root = paths.root
        self._reader = reader
        self._log = log

    def prepare(self, backup: Path, event: AuditEvent, job: JobContext) -> BackupInfo:
        """Restore beside the data folder; the event goes into the log that will be used."""
        self.give_up()
        made = waiting_folder(self._root)
        info = self._reader.restore(backup, made, job)
        try:
            restored = DataPaths(made)
            if restored.keys.is_file():  # a backup from before encryption has no door
                AuditAtTheDoor(self._log, Door.open(restored), Vault()).append(event)
        except BaseException:
            self.give_up()
            raise
        return info

    def waits(self) -> bool:
        """Whether a restored folder will be used from the next start on."""
        return restore_waits(self._root)

    def give_up(self) -> None:
        """Remove a restored folder that waits, and what a sudden end left of one."""
        made = waiting_folder(self._root)
        try:
            if made.is_dir():  # renamed first: half removed it must not be taken for a whole one
                made.rename(made.with_name(f".{made.name}.{uuid.uuid4().hex}{PART}"))
            for left in made.parent.glob(f".{made.name}.*{PART}"):
                shutil.rmtree(left)
        except OSError as error:
            raise _fault(made) from error


def waiting_folder(root: Path) -> Path:
    """Return where a restored folder waits."""
    return root.with_name(f"{root.name}.restored")


def restore_waits(root: Path) -> bool:
    """Whether a restored folder waits to be used instead of `root`."""
    return waiting_folder(root).is_dir()


def use_restored(root: Path, now: Callable[[], datetime]) -> Path | None:
    """Put the folder that waits in the place of `root`; return where the old one lies now.

    Nobody may have the folder open. Raises `StorageUnavailable`; then the old one is in use, or,
    after a second call, the restored one.
    """
    if not restore_waits(root):
        return None
    aside = root.with_name(f"{root.name}.before-restore-{now():%Y%m%d-%H%M%S}")
    try:
        kept = root.exists()  # absent: a start was cut off right here
        if kept:
            root.rename(aside)
            sync_folder(root.parent)
        waiting_folder(root).rename(root)
        sync_folder(root.parent)
    except OSError as error:
        raise _fault(root) from error
    return aside if kept else None


def _fault(folder: Path) -> StorageUnavailable:
    return StorageUnavailable(
        f"“{folder}” could not be moved or removed.",
        hint="Close every program that uses it, then start this one again.",
    )
