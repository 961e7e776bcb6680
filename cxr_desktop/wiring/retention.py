"""Puts together what removes exams for good."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from cxr_desktop.domain.ports import AuditLog
from cxr_desktop.domain.settings import SettingsStore
from cxr_desktop.services.access import Access
from cxr_desktop.services.retention import RemoveForGood
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.image_store import FilmFolder
from cxr_desktop.storage.retention import SqliteRetention


def make_retention(  # noqa: PLR0917 - one place per collaborator
    database: Database,
    archive: FilmFolder,
    settings: SettingsStore,
    access: Access,
    audit: AuditLog,
    now: Callable[[], datetime],
) -> RemoveForGood:
    """Return the service, over these."""
    return RemoveForGood(SqliteRetention(database), archive, settings, access, audit, now)
