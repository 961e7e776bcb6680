"""Emergency access: every exam and its answer for an hour, for a reason that is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from cxr_desktop.domain.audit import AuditAction, AuditEvent
from cxr_desktop.domain.ports import UserStore
from cxr_desktop.domain.roles import Actor, Emergency, Permission
from cxr_desktop.services.access import Access
from cxr_desktop.services.reasons import checked_reason

LASTS = timedelta(minutes=60)
SHORTEST_REASON, LONGEST_REASON = 10, 300


class EmergencyAccess:
    """For accounts with the permission `emergency`; what an account is denied stays denied."""

    def __init__(self, users: UserStore, access: Access, now: Callable[[], datetime]) -> None:
        self._users = users
        self._access = access
        self._now = now

    def begin(self, actor: Actor, reason: str) -> Actor:
        """Begin it, noted with its reason; return the actor as of now.

        Raises `InvalidRequest` without a reason, `PermissionDenied`, `StorageUnavailable`.
        """
        current = self._access.require(actor, Permission.EMERGENCY)
        hint = "Say why the exams of others must be seen now, without naming the patient."
        said = checked_reason(reason, SHORTEST_REASON, LONGEST_REASON, hint)
        now = self._now()
        emergency = Emergency(now, now + LASTS)
        detail = {"reason": said, "until": emergency.until.isoformat(timespec="seconds")}
        event = AuditEvent(AuditAction.EMERGENCY_ACCESS, current.name, now, current.name, detail)
        self._users.begin_emergency(current.name, emergency, event)
        return self._access.actor(current.name)
