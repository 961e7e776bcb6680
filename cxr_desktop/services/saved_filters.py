"""Each person's own filters of the History, under names of their own."""

from __future__ import annotations

from cxr_desktop.domain.errors import InvalidRequest
from cxr_desktop.domain.roles import Actor
from cxr_desktop.domain.saved_filters import (
    MOST_SAVED,
    NAME_LIMIT,
    Filters,
    SavedFilter,
    SavedFilterStore,
)
from cxr_desktop.services.access import Access


class KeepFilters:
    """Needs no permission: a filter shows nothing that its owner may not see anyway."""

    def __init__(self, store: SavedFilterStore, access: Access) -> None:
        self._store = store
        self._access = access

    def all(self, actor: Actor) -> tuple[SavedFilter, ...]:
        """Return one's own, by name."""
        return tuple(self._store.of(self._access.active(actor).name))

    def keep(self, actor: Actor, name: str, filters: Filters) -> tuple[SavedFilter, ...]:
        """Keep filters under a name, replacing those of that name; return all.

        Raises `InvalidRequest` for no name, too long a one or too many, and `StorageUnavailable`.
        """
        current = self._access.active(actor)
        clean = "".join(c if c.isprintable() else " " for c in name).strip()
        if not 0 < len(clean) <= NAME_LIMIT:
            raise InvalidRequest(
                f"A name has 1 to {NAME_LIMIT} characters.", hint="Choose another name."
            )
        mine = self._store.of(current.name)
        is_new = all(one.name.casefold() != clean.casefold() for one in mine)
        if is_new and len(mine) >= MOST_SAVED:
            raise InvalidRequest(
                f"There are {MOST_SAVED} saved filters already.", hint="Remove one first."
            )
        self._store.put(current.name, SavedFilter(clean, filters))
        return self.all(actor)

    def remove(self, actor: Actor, name: str) -> tuple[SavedFilter, ...]:
        """Take one away; return those that are left."""
        self._store.remove(self._access.active(actor).name, name)
        return self.all(actor)
