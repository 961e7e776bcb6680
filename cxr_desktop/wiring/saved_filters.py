"""Puts together what keeps filters of the History."""

from __future__ import annotations

from cxr_desktop.services.access import Access
from cxr_desktop.services.saved_filters import KeepFilters
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.saved_filters import SqliteSavedFilters


def make_saved_filters(database: Database, access: Access) -> KeepFilters:
    """Return the service, over this database."""
    return KeepFilters(SqliteSavedFilters(database), access)
