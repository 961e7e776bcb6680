"""Take exams out of lists and figures, and bring them back; what was stored stays stored."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from cxr_desktop.domain.audit import AuditAction, AuditEvent
from cxr_desktop.domain.deletion import (
    LONGEST_REASON,
    SHORTEST_REASON,
    Deletion,
    DeletionStore,
)
from cxr_desktop.domain.roles import Actor, Permission
from cxr_desktop.services.access import Access
from cxr_desktop.services.history import BrowseHistory
from cxr_desktop.services.reasons import checked_reason


class DeleteExams:
    """Needs `delete`. Film, answer and reviews stay in the data folder, unchanged."""

    def __init__(
        self,
        deletions: DeletionStore,
        history: BrowseHistory,
        access: Access,
        now: Callable[[], datetime],
    ) -> None:
        self._deletions = deletions
        self._history = history
        self._access = access
        self._now = now

    def delete(self, actor: Actor, exam_id: str, reason: str) -> None:
        """Take one out, noted with its reason.

        Raises `InvalidRequest` (no reason, no such exam), `PermissionDenied`, `StorageUnavailable`.
        """
        self._note(actor, exam_id, reason, brought_back=False)

    def bring_back(self, actor: Actor, exam_id: str, reason: str) -> None:
        """Put a deleted one into lists and figures again; raises as `delete`."""
        self._note(actor, exam_id, reason, brought_back=True)

    def _note(self, actor: Actor, exam_id: str, reason: str, *, brought_back: bool) -> None:
        current = self._access.require(actor, Permission.DELETE)
        self._history.visible(current, exam_id)
        hint = "Say why, without naming the patient."
        said = checked_reason(reason, SHORTEST_REASON, LONGEST_REASON, hint)
        deletion = Deletion(exam_id, current.name, self._now(), said, brought_back)
        action = AuditAction.EXAM_BROUGHT_BACK if brought_back else AuditAction.EXAM_DELETED
        event = AuditEvent(action, current.name, deletion.time, exam_id, {"reason": said})
        self._deletions.note(deletion, event)
