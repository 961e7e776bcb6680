"""What became of each film of a run, as a file for a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from cxr_desktop.domain.audit import AuditAction, AuditEvent
from cxr_desktop.domain.outcome import COLUMNS, FilmOutcome
from cxr_desktop.domain.ports import AuditLog
from cxr_desktop.domain.roles import Actor, Permission
from cxr_desktop.domain.tables import Cell, TableWriter
from cxr_desktop.services.access import Access


class SaveFilmList:
    """Writes a CSV file, a line per film; that it was done is noted before the file appears.

    The model's answers are in it only for an account that may export: without the permission the
    list still says which films were refused and why.
    """

    def __init__(
        self, write: TableWriter, access: Access, audit: AuditLog, *, now: Callable[[], datetime]
    ) -> None:
        self._write = write
        self._access = access
        self._audit = audit
        self._now = now

    def __call__(self, actor: Actor, outcomes: Sequence[FilmOutcome], path: Path) -> None:
        """Write over what is there. Raises `PermissionDenied` or `StorageUnavailable`."""
        current = self._access.require(actor, Permission.RUN)
        if not current.may(Permission.EXPORT):
            outcomes = [replace(one, assessment=None) for one in outcomes]
        event = AuditEvent(
            AuditAction.FILM_LIST_SAVED,
            current.name,
            self._now(),
            detail={"films": str(len(outcomes))},
        )

        def rows() -> Iterator[Sequence[Cell]]:
            yield from (one.cells for one in outcomes)
            self._audit.append(event)

        self._write(path, COLUMNS, rows())
