"""The tour of the window is offered once; nothing of it is in the audit log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from cxr_desktop.domain.roles import Actor
from cxr_desktop.domain.tour import TourStore
from cxr_desktop.services.access import Access


class OfferTour:
    """Everybody for themselves. Raises `PermissionDenied` for an account that is not active."""

    def __init__(self, store: TourStore, access: Access, now: Callable[[], datetime]) -> None:
        self._store = store
        self._access = access
        self._now = now

    def is_due(self, actor: Actor) -> bool:
        """Whether this person has not taken it yet, nor skipped it."""
        return not self._store.has(self._access.active(actor).name)

    def end(self, actor: Actor) -> None:
        """Offer it no more. Raises `StorageUnavailable`."""
        self._store.add(self._access.active(actor).name, self._now())
