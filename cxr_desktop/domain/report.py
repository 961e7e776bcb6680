"""One exam on one page: what it says, and what of it is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cxr_desktop.domain.history import ExamView
from cxr_desktop.domain.signing import ReaderReport


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who prints: `address` is one text, its lines parted by “|”; `logo` is a PNG or None."""

    name: str = ""
    address: str = ""
    logo: bytes | None = None


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """All that a report is written from; `said` is the reader's part, None before any review.

    `with_film` and `with_map` say what the picture beside shows; `printed_at` is aware.
    """

    letterhead: Letterhead
    exam: ExamView
    said: ReaderReport | None
    printed_by: str
    printed_at: datetime
    program_version: str
    with_film: bool = True
    with_map: bool = False


@dataclass(frozen=True, slots=True)
class ReportPage:
    """A page ready for layout.

    `layouts` are the same report from roomy to tight, as HTML of the subset that Qt's rich text
    knows; the first that fits on one page is taken. Lengths in it are dots of `DOTS_PER_MM`. It
    names two pictures, “film” and “logo”: PNG bytes, or None where there is none; and as
    “picture-0” and so on those of `pictures`, which are SVG texts.
    """

    exam_id: str
    layouts: tuple[str, ...]
    film: bytes | None
    logo: bytes | None
    pictures: tuple[str, ...] = ()


PAGE_WIDTH_MM, PAGE_HEIGHT_MM = 180.0, 267.0  # A4 less margins of 15 mm
DOTS_PER_MM = 10.0
