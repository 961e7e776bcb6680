"""A tab of Quality as one page of text with its pictures: no patient stands in it."""

from __future__ import annotations

import re
from html import escape

from cxr_desktop.domain.quality_sheet import Sheet, SheetFacts
from cxr_desktop.domain.report import DOTS_PER_MM, PAGE_WIDTH_MM
from cxr_desktop.reporting.month_text import SIZE, foot, head

SIZES = (1.0, 0.85, 0.7, 0.55)  # of the pictures, from roomy to tight
VIEW_BOX = re.compile(r'viewBox="0 0 (\d+) (\d+)"')


def sheet_layouts(facts: SheetFacts) -> tuple[str, ...]:
    """Return the page from roomy to tight (`domain.report.ReportPage`)."""
    rows = "".join(
        f'<tr><td width="24%">{escape(name)}</td><td width="76%">{escape(words)}</td></tr>'
        for name, words in facts.sheet.rows
    )
    above = f'{head(facts.hospital, facts.sheet.title)}<table width="100%" cellpadding="4">{rows}'
    below = foot(facts.printed_by, facts.printed_at, facts.program_version)
    return tuple(
        f'<html><body style="font-size:{SIZE}px; color:#000000;">{above}</table>'
        f"{_pictures(facts.sheet, size)}{below}</body></html>"
        for size in SIZES
    )


def _pictures(sheet: Sheet, size: float) -> str:
    if not sheet.pictures:
        return ""
    width = round(PAGE_WIDTH_MM * DOTS_PER_MM * size / len(sheet.pictures))
    cells = ""
    for number, picture in enumerate(sheet.pictures):
        box = VIEW_BOX.search(picture)
        tall = width * int(box[2]) // int(box[1]) if box is not None else width
        cells += f'<td><img src="picture-{number}" width="{width}" height="{tall}"></td>'
    return f'<table cellspacing="0" cellpadding="0"><tr>{cells}</tr></table>'
