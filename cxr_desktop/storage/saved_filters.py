"""Filters that people keep under a name, in the database."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.review import Agreement
from cxr_desktop.domain.saved_filters import Filters, SavedFilter
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.faults import damage
from cxr_desktop.storage.texts import storable
from cxr_desktop.storage.times import day_of, day_text


class SqliteSavedFilters:
    """The `SavedFilterStore` of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, user: str) -> Sequence[SavedFilter]:
        """Return a person's, by name."""
        ask = "SELECT name, filters FROM saved_filters WHERE user = ? ORDER BY name_key"
        with self._database.read() as db, damage():
            return [
                SavedFilter(row["name"], _filters(json.loads(row["filters"])))
                for row in db.query(ask, (user,))
            ]

    def put(self, user: str, saved: SavedFilter) -> None:
        """Add it, or replace the one of that name. Raises `StorageUnavailable`."""
        name = storable(saved.name)
        row = (user, name.casefold(), name, json.dumps(_values(saved.filters)))
        with self._database.write() as db:
            db.execute("INSERT OR REPLACE INTO saved_filters VALUES (?, ?, ?, ?)", row)

    def remove(self, user: str, name: str) -> None:
        """Take it away. Raises `StorageUnavailable`."""
        with self._database.write() as db:
            db.execute(
                "DELETE FROM saved_filters WHERE user = ? AND name_key = ?",
                (user, name.casefold()),
            )


def _values(filters: Filters) -> dict[str, Any]:
    return {
        **asdict(filters),
        "text": storable(filters.text),
        "first_day": day_text(filters.first_day),
        "last_day": day_text(filters.last_day),
    }


def _filters(values: dict[str, Any]) -> Filters:
    return Filters(
        text=values["text"],
        verdict=None if values["verdict"] is None else Verdict(values["verdict"]),
        user=values["user"],
        first_day=day_of(values["first_day"]),
        last_day=day_of(values["last_day"]),
        reviewed=values["reviewed"],
        agreement=None if values["agreement"] is None else Agreement(values["agreement"]),
        deleted=values.get("deleted", False),  # kept before there were any
        signed=values.get("signed"),  # the same, and so below
        read_by=values.get("read_by", ""),
        model=values.get("model", ""),
    )
