"""A tab of Quality as one page for the file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from cxr_desktop.domain.audit import AuditAction, AuditEvent
from cxr_desktop.domain.ports import AuditLog
from cxr_desktop.domain.quality_sheet import Sheet, SheetFacts
from cxr_desktop.domain.report import ReportPage
from cxr_desktop.domain.roles import Actor, Permission
from cxr_desktop.services.access import Access


class PrintSheet:
    """Needs `quality` and `see_result`. `save` writes a file, whole or not at all."""

    def __init__(
        self,
        layouts: Callable[[SheetFacts], tuple[str, ...]],
        save: Callable[[Path, bytes], None],
        hospital: Callable[[], str],
        access: Access,
        audit: AuditLog,
        *,
        now: Callable[[], datetime],
        program_version: str,
    ) -> None:
        self._layouts = layouts
        self._hospital = hospital
        self._access = access
        self._audit = audit
        self._now = now
        self._program_version = program_version
        self.save = save

    def page(self, actor: Actor, sheet: Sheet) -> ReportPage:
        """Return the page; that it was made is noted. Raises `PermissionDenied`."""
        current = self._access.require(actor, Permission.SEE_RESULT, Permission.QUALITY)
        facts = SheetFacts(
            sheet=sheet,
            hospital=self._hospital(),
            printed_by=current.user.full_name or current.name,
            printed_at=self._now(),
            program_version=self._program_version,
        )
        detail = {"quality": sheet.title}
        event = AuditEvent(AuditAction.REPORT_MADE, current.name, self._now(), "", detail)
        self._audit.append(event)
        return ReportPage(sheet.title, self._layouts(facts), None, None, sheet.pictures)
