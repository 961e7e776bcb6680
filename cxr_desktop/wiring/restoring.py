"""Restored data folders: what checks and restores a backup, and puts it in its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from cxr_desktop import __version__, locations
from cxr_desktop.domain.backup import BackupChecker, BackupInfo
from cxr_desktop.domain.errors import UserError
from cxr_desktop.services.access import Access
from cxr_desktop.services.backup import FOLDER
from cxr_desktop.services.recovery import RecoverAccess
from cxr_desktop.services.restore_at_start import Doorkeeper, RestoreAtStart
from cxr_desktop.settings.policy import read_policy
from cxr_desktop.settings.store import TomlSettings
from cxr_desktop.storage.audit import SqliteAuditLog
from cxr_desktop.storage.backup_reader import BackupReader
from cxr_desktop.storage.backup_writer import BackupWriter
from cxr_desktop.storage.conversion import open_door
from cxr_desktop.storage.data_lock import DataLock
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.paths import DataPaths
from cxr_desktop.storage.recovery import SqliteRecovery
from cxr_desktop.storage.restoring import restore_waits, use_restored
from cxr_desktop.storage.restoring_at_start import MadeAside
from cxr_desktop.storage.users import SqliteUsers
from cxr_desktop.storage.vault import Vault
from cxr_desktop.storage.waiting_events import AuditAtTheDoor
from cxr_desktop.wiring.clock import utc_now


def backup_checker() -> BackupChecker:
    """Return what checks and restores backups; it needs no data folder."""
    return BackupReader()


def use_restored_folder(root: Path, check_unused: Callable[[Path], None]) -> None:
    """Put a restored data folder that waits in its place. Raises `StorageUnavailable`.

    `check_unused` raises where `root` is open elsewhere.
    """
    if restore_waits(root):
        if root.is_dir():
            check_unused(root)
        use_restored(root, utc_now)


class RestoredFolder(MadeAside):
    """The `RestoredAside` of a data folder. `check_unused` raises where `root` is open."""

    def __init__(self, root: Path, check_unused: Callable[[Path], None]) -> None:
        super().__init__(root, utc_now)
        self._check_unused = check_unused

    def backups(self) -> Sequence[BackupInfo]:
        """Return those in the folder of the settings; none where it cannot be read."""
        data = DataPaths(self._root)
        try:
            settings = TomlSettings(data.settings, policy=read_policy(locations.policy_file()))
            folder = str(settings.get(FOLDER)).strip()
            writer = BackupWriter(data, __version__, utc_now)
            return writer.backups(Path(folder)) if folder else ()
        except UserError:
            return ()

    def require_unused(self) -> None:
        """Raise `StorageUnavailable` where the data folder is open in another window."""
        if self._root.is_dir():
            self._check_unused(self._root)

    @contextmanager
    def door(self) -> Iterator[Doorkeeper]:
        """Open the restored folder's door, and close it again."""
        data = DataPaths(self.folder)
        door, vault = open_door(data), Vault()
        database = Database(data.database, key=vault.database_key)
        users, audit = SqliteUsers(database, door), SqliteAuditLog(database)
        hasher = DataLock(vault, database, door, utc_now)
        at_the_door = AuditAtTheDoor(audit, door, vault)
        access = Access(users, at_the_door, hasher, utc_now)
        keys = SqliteRecovery(database, door)
        try:
            yield Doorkeeper(
                access, RecoverAccess(keys, users, access, at_the_door, hasher, utc_now)
            )
        finally:
            vault.close()


def restore_at_start(root: Path, check_unused: Callable[[Path], None]) -> RestoreAtStart:
    """Return what restores a backup in the place of `root`, before anybody is signed in."""
    return RestoreAtStart(RestoredFolder(root, check_unused), utc_now)
