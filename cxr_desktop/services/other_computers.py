"""Whether films may be sent to other computers, and a note in the audit log that they were."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from cxr_desktop.domain.audit import AuditAction, AuditEvent
from cxr_desktop.domain.errors import InvalidRequest
from cxr_desktop.domain.ports import AuditLog
from cxr_desktop.domain.roles import Actor, Permission
from cxr_desktop.domain.settings import SettingsStore
from cxr_desktop.services.access import Access

SETTING = "batch.other_computers"


class UseOtherComputers:
    """Needs `import` and `run`, and the administrator's setting; off until it is switched on."""

    def __init__(
        self,
        settings: SettingsStore,
        access: Access,
        audit: AuditLog,
        now: Callable[[], datetime],
    ) -> None:
        self._settings = settings
        self._access = access
        self._audit = audit
        self._now = now

    def __call__(self, actor: Actor, address: str) -> None:
        """Note that films go there. Raises `PermissionDenied`, `InvalidRequest`."""
        current = self._access.require(actor, Permission.IMPORT, Permission.RUN)
        if self._settings.get(SETTING) is not True:
            locked = next(row.locked for row in self._settings.rows() if row.key == SETTING)
            raise InvalidRequest(
                "Films may not be sent to other computers.",
                hint=locked or "An administrator allows it in Admin, Settings.",
            )
        detail = {"scheduler": address}
        event = AuditEvent(AuditAction.OTHER_COMPUTERS_USED, current.name, self._now(), "", detail)
        self._audit.append(event)
