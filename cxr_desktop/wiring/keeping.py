"""Puts together what signs, deletes and removes exams."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from cxr_desktop.domain.ports import AuditLog
from cxr_desktop.domain.settings import SettingsStore
from cxr_desktop.services.access import Access
from cxr_desktop.services.deletion import DeleteExams
from cxr_desktop.services.history import BrowseHistory
from cxr_desktop.services.retention import RemoveForGood
from cxr_desktop.services.signing import SignReports
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.deletions import SqliteDeletions
from cxr_desktop.storage.image_store import FilmFolder
from cxr_desktop.storage.retention import SqliteRetention
from cxr_desktop.storage.reviews import SqliteReviews
from cxr_desktop.storage.signatures import SqliteSignatures


def make_signing(
    database: Database, history: BrowseHistory, access: Access, now: Callable[[], datetime]
) -> SignReports:
    """Return the service, over this database."""
    reviews = SqliteReviews(database)
    return SignReports(SqliteSignatures(database), reviews, history, access, now)


def make_deleting(
    database: Database, history: BrowseHistory, access: Access, now: Callable[[], datetime]
) -> DeleteExams:
    """Return the service, over this database."""
    return DeleteExams(SqliteDeletions(database), history, access, now)


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
