"""Restored data folders: what checks and restores a backup, and puts it in its place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from cxr_desktop.domain.backup import BackupChecker
from cxr_desktop.storage.backup_reader import BackupReader
from cxr_desktop.storage.restoring import restore_waits, use_restored


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
        use_restored(root, lambda: datetime.now(UTC))
