"""Audit events and the arithmetic of their hash chain.

What each event is in the words of DICOM PS3.15 A.5 stands in `audit_dicom`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

GENESIS = "0" * 64
SEAL_DIGITS = 16


class AuditAction(StrEnum):
    """What happened. Stored: never change a value."""

    SIGN_IN = "sign_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGN_OUT = "sign_out"
    SECURITY_ALERT = "security_alert"
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
    REPORT_SIGNED = "report_signed"
    EXAM_DELETED = "exam_deleted"
    EXAM_BROUGHT_BACK = "exam_brought_back"
    EXAMS_REMOVED = "exams_removed"
    FILMS_REMOVED = "films_removed"
    HISTORY_EXPORTED = "history_exported"
    FILM_LIST_SAVED = "film_list_saved"
    REPORT_MADE = "report_made"
    EXAM_EXPORTED = "exam_exported"
    FILMS_DEIDENTIFIED = "films_deidentified"
    MODEL_EVALUATED = "model_evaluated"
    OPERATING_POINTS_CHOSEN = "operating_points_chosen"
    EXAM_MEASURED = "exam_measured"
    EMERGENCY_ACCESS = "emergency_access"
    PERMISSION_DENIED = "permission_denied"
    AUDIT_LOG_USED = "audit_log_used"
    BACKUP_MADE = "backup_made"
    BACKUP_FAILED = "backup_failed"
    FOLDER_CHECKED = "folder_checked"
    OTHER_COMPUTERS_USED = "other_computers_used"
    SUPPORT_BUNDLE_MADE = "support_bundle_made"
    RESTORE_PREPARED = "restore_prepared"
    RESTORE_GIVEN_UP = "restore_given_up"
    RECOVERY_KEY_MADE = "recovery_key_made"
    RECOVERY_KEY_USED = "recovery_key_used"


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


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One row of the log: its number from 1, the event, and the hash of all up to here."""

    number: int
    event: AuditEvent
    hash: str

    @property
    def seal(self) -> str:
        """What to write down to prove later that the log up to here is still the same."""
        return f"{self.number}-{self.hash[:SEAL_DIGITS]}"


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """Which rows are wanted, newest first; an empty field does not narrow.

    `since` (inclusive) and `before` (exclusive) are aware moments; `below` continues a list: only
    rows with a smaller number.
    """

    action: AuditAction | None = None
    user: str = ""
    since: datetime | None = None
    before: datetime | None = None
    below: int | None = None
    limit: int = 200


def chain_hash(previous: str, event: AuditEvent) -> str:
    """SHA-256 over the previous row's hash and this event's canonical JSON (ASCII escapes)."""
    body = json.dumps(
        [event.action, event.user, event.time.isoformat(), event.subject, dict(event.detail)],
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(f"{previous}\n{body}".encode()).hexdigest()
