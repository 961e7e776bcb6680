"""The audit log as a CSV file (RFC 4180) that a spreadsheet opens without running anything."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from cxr_desktop.domain.audit import AuditEntry
from cxr_desktop.domain.audit_dicom import DICOM_EVENTS
from cxr_desktop.domain.tables import Cell
from cxr_desktop.reporting.tables import csv_pieces

HEAD = (
    *("number", "time_utc", "user", "action", "subject", "detail", "hash"),
    *("dicom_event_id", "dicom_event_type", "dicom_action", "dicom_outcome"),
)


def audit_pieces(entries: Iterable[AuditEntry]) -> Iterator[bytes]:
    """Give the file piece by piece: a heading, then a line for each event."""
    return csv_pieces(HEAD, map(_row, entries))


def _row(entry: AuditEntry) -> tuple[Cell, ...]:
    event, meaning = entry.event, DICOM_EVENTS[entry.event.action]
    detail = json.dumps(dict(event.detail), ensure_ascii=False) if event.detail else ""
    return (
        entry.number,
        event.time.isoformat(),
        event.user,
        event.action.value,
        event.subject,
        detail,
        entry.hash,
        meaning.event,
        meaning.kind,
        meaning.action,
        meaning.outcome,
    )
