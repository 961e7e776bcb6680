"""What a tab of Quality shows, for one page of paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows of (name, words), and SVG pictures below them, side by side. It names no patient."""

    title: str
    rows: tuple[tuple[str, str], ...]
    pictures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """All that the page is written from; `printed_at` is aware."""

    sheet: Sheet
    hospital: str
    printed_by: str
    printed_at: datetime
    program_version: str
