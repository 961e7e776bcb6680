"""The refused films of the audit log, which no exam tells of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from cxr_desktop.domain.audit import AuditAction, AuditEntry, AuditQuery
from cxr_desktop.domain.ports import AuditLog, JobContext

PAGE = 2000


def refused_films(
    audit: AuditLog, query: AuditQuery, job: JobContext
) -> Iterator[Sequence[AuditEntry]]:
    """Yield them page by page, the newest first; of `query`, user and time count.

    Raises `StorageUnavailable`, `JobCancelled`.
    """
    asked = replace(query, action=AuditAction.FILM_REFUSED, limit=PAGE)
    while True:
        entries = audit.search(asked)
        yield entries
        job.report("Counting refused films", 1.0)
        if len(entries) < PAGE:
            return
        asked = replace(asked, below=entries[-1].number)


def refusals_by_reason(audit: AuditLog, query: AuditQuery, job: JobContext) -> Counter[str]:
    """Count them by the code of their reason; raises as `refused_films` does."""
    counts: Counter[str] = Counter()
    for entries in refused_films(audit, query, job):
        counts.update(entry.event.detail.get("code", "") for entry in entries)
    return counts
