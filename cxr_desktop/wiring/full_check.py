"""The check of everything, put together, and its line in the self-test."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from cxr_desktop.domain.errors import StorageUnavailable
from cxr_desktop.domain.settings import SettingsStore
from cxr_desktop.domain.texts import local_minute
from cxr_desktop.services.full_check import CheckEverything
from cxr_desktop.storage.audit import SqliteAuditLog
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.full_check import FolderReader
from cxr_desktop.storage.image_store import FilmFolder
from cxr_desktop.storage.vault import Vault


def make_full_check(  # noqa: PLR0917 - one place per collaborator
    database: Database,
    audit: SqliteAuditLog,
    archive: FilmFolder,
    settings: SettingsStore,
    vault: Vault,
    now: Callable[[], datetime],
) -> CheckEverything:
    """Put it together over one data folder."""
    return CheckEverything(FolderReader(database, audit, archive, vault), settings, audit, now)


def last_full_check(full_check: CheckEverything, vault: Vault) -> str:
    """Say what the last check found. Raises `StorageUnavailable` when that was damage."""
    if not vault.is_open:
        return "Its result can be seen while somebody is signed in."
    last = full_check.last()
    if last is None:
        return "There was none yet: it is made while the window is locked."
    when = local_minute(last.time)
    if last.found_nothing:
        return f"{when}: {last.words}"
    raise StorageUnavailable(f"{when}: {last.words}", hint="Restore a backup, or ask IT.")
