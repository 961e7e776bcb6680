"""What turns into a file that a person takes out, joined with what writes it there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from cxr_desktop.domain.audit import AuditEntry
from cxr_desktop.domain.tables import Cell, TableFormat, TableWriter
from cxr_desktop.reporting.audit_table import audit_pieces
from cxr_desktop.services.audit_trail import WriteTable
from cxr_desktop.storage.out_files import OutFiles


def table_writer(out: OutFiles, as_pieces: TableFormat) -> TableWriter:
    """Return what writes a table, in the place of a file that is there."""

    def write(path: Path, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
        out.write_pieces(path, as_pieces(head, rows), over=True)

    return write


def audit_writer(out: OutFiles) -> WriteTable:
    """Return what writes the audit log into a new file."""

    def write(path: Path, entries: Iterable[AuditEntry]) -> None:
        out.write_pieces(path, audit_pieces(entries), over=False)

    return write
