"""Read and change settings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from cxr_desktop.domain.audit import AuditAction, AuditEvent
from cxr_desktop.domain.errors import InvalidRequest
from cxr_desktop.domain.ports import AuditLog
from cxr_desktop.domain.roles import Actor, Permission
from cxr_desktop.domain.settings import Setting, SettingsStore, SettingValue
from cxr_desktop.services.access import Access


class ChangeSettings:
    """Everybody may read settings; changing one is checked and noted.

    `check_folder` raises `InvalidRequest` for a folder that a setting may not name, `check_picture`
    for a file that no report could show.
    """

    def __init__(  # noqa: PLR0917 - one place per collaborator
        self,
        store: SettingsStore,
        access: Access,
        audit: AuditLog,
        now: Callable[[], datetime],
        check_folder: Callable[[Path], None],
        check_picture: Callable[[str], None],
    ) -> None:
        self._store = store
        self._access = access
        self._audit = audit
        self._now = now
        self._check_folder = check_folder
        self._check_picture = check_picture

    def rows(self) -> Sequence[Setting]:
        """List all settings."""
        return self._store.rows()

    def get(self, key: str) -> SettingValue:
        """Return a value. Raises KeyError for an unknown key."""
        return self._store.get(key)

    def set(self, actor: Actor, key: str, value: SettingValue) -> None:
        """Change one. Raises `PermissionDenied`, `InvalidRequest` or `StorageUnavailable`."""
        row = next((row for row in self._store.rows() if row.key == key), None)
        if row is None:
            raise InvalidRequest("There is no such setting.", hint="Choose one from the list.")
        if row.admin_only:
            self._access.require(actor, Permission.MANAGE_SETTINGS)
        else:
            self._access.active(actor)
        if row.kind == "folder" and value:
            self._check_folder(Path(str(value)))
        if row.kind == "picture" and value:
            self._check_picture(str(value))
        before = self._store.get(key)
        self._store.set(key, value)
        detail = {"from": str(before), "to": str(value)}
        self._audit.append(
            AuditEvent(AuditAction.SETTING_CHANGED, actor.name, self._now(), key, detail)
        )
