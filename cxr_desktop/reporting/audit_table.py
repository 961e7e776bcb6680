"""The audit log as a CSV file (RFC 4180) that a spreadsheet opens without running anything."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterable
from pathlib import Path

from cxr_desktop.domain.audit import AuditEntry
from cxr_desktop.domain.errors import InvalidRequest, StorageUnavailable

HEAD = ("number", "time_utc", "user", "action", "subject", "detail", "hash")
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def write_audit_table(target: Path, entries: Iterable[AuditEntry]) -> int:
    """Write a new file (mode 0600, UTF-8 with a mark for spreadsheets); return how many rows.

    Raises `InvalidRequest` for a file that exists, `StorageUnavailable` for one that cannot be
    written; no half-written file stays.
    """
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(target, flags, 0o600)
    except FileExistsError as error:
        raise InvalidRequest(
            f"There is a file “{target.name}” already.", hint="Choose another name."
        ) from error
    except OSError as error:
        raise _not_written() from error
    try:
        with io.TextIOWrapper(
            os.fdopen(descriptor, "wb"), encoding="utf-8-sig", newline=""
        ) as file:
            count = _write(file, entries)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        target.unlink(missing_ok=True)
        raise _not_written() from error
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return count


def cell(text: str) -> str:
    """Return the text as a cell that no spreadsheet takes for a formula (OWASP: CSV injection)."""
    visible = text.lstrip(" ")
    return f"'{text}" if visible.startswith(STARTS_A_FORMULA) else text


def _write(file: io.TextIOWrapper, entries: Iterable[AuditEntry]) -> int:
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(HEAD)
    count = 0
    for entry in entries:
        event = entry.event
        detail = json.dumps(dict(event.detail), ensure_ascii=False) if event.detail else ""
        texts = (event.user, event.action.value, event.subject, detail, entry.hash)
        writer.writerow((entry.number, event.time.isoformat(), *map(cell, texts)))
        count += 1
    return count


def _not_written() -> StorageUnavailable:
    return StorageUnavailable(
        "The file could not be written.",
        hint="Check that its disk is connected, not full, and that you may write there.",
    )
