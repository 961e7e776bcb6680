"""A person's own keys; a matter of taste, so nothing of it is in the audit log."""

from __future__ import annotations

import re

from cxr_desktop.domain.errors import InvalidRequest
from cxr_desktop.domain.keys import KeyChoices, KeyStore
from cxr_desktop.domain.roles import Actor
from cxr_desktop.services.access import Access

NAME = re.compile(r"[a-z0-9_.]{1,64}")
KEY_LIMIT = 64
MOST = 300


class ChooseKeys:
    """Everybody chooses for themselves."""

    def __init__(self, store: KeyStore, access: Access) -> None:
        self._store = store
        self._access = access

    def of(self, actor: Actor) -> KeyChoices:
        """Return one's own choices. Raises `PermissionDenied` for an account that is not active."""
        return self._store.of(self._access.active(actor).name)

    def save(self, actor: Actor, choices: KeyChoices) -> None:
        """Store these in place of the earlier ones; nothing chosen means all as it came.

        Raises `InvalidRequest`, `PermissionDenied`, `StorageUnavailable`.
        """
        current = self._access.active(actor)
        usable = all(
            NAME.fullmatch(name) and len(key) <= KEY_LIMIT and key.isprintable()
            for name, key in choices.items()
        )
        if not usable or len(choices) > MOST:
            raise InvalidRequest("These keys cannot be stored.", hint="Choose other keys.")
        self._store.replace(current.name, choices)
