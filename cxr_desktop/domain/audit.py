"""Audit events and the arithmetic of their hash chain.

The vocabulary follows DICOM PS3.15 A.5 (application activity, user authentication, instances
accessed, security alert).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

GENESIS = "0" * 64


class AuditAction(StrEnum):
    """What happened. Stored: never change a value."""

    SIGN_IN = "sign_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGN_OUT = "sign_out"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - the name of an event
    USER_ADDED = "user_added"
    USER_CHANGED = "user_changed"
    GROUP_CHANGED = "group_changed"
    SETTING_CHANGED = "setting_changed"
    MODEL_CHANGED = "model_changed"
    FILM_CLASSIFIED = "film_classified"
    FILM_REFUSED = "film_refused"
    EXAM_VIEWED = "exam_viewed"
    EXAM_REVIEWED = "exam_reviewed"
    PERMISSION_DENIED = "permission_denied"


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """One event: who, what, on what, when (aware UTC). No patient text belongs in `detail`."""

    action: AuditAction
    user: str
    time: datetime
    subject: str = ""
    detail: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Raise ValueError for a time without a zone."""
        if self.time.tzinfo is None:
            raise ValueError("an audit event needs an aware time")


def chain_hash(previous: str, event: AuditEvent) -> str:
    """SHA-256 over the previous row's hash and this event's canonical JSON (ASCII escapes)."""
    body = json.dumps(
        [event.action, event.user, event.time.isoformat(), event.subject, dict(event.detail)],
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(f"{previous}\n{body}".encode()).hexdigest()
