"""A tab of Quality written as a PDF of one page."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication

from cxr_desktop.domain.quality_sheet import Sheet
from cxr_desktop.domain.roles import Actor
from cxr_desktop.services.measure_quality import MeasureQuality
from cxr_desktop.ui.errors import Notice
from cxr_desktop.ui.printing.page import pdf_bytes


def write_sheet(quality: MeasureQuality, actor: Actor, sheet: Sheet, path: Path) -> Path:
    """Make the page, write it, and return where; in any thread."""
    quality.sheet.save(path, pdf_bytes(quality.sheet.page(actor, sheet)))
    return path


def written_notice(path: Path) -> Notice:
    """Say that it is there."""
    words = QCoreApplication.translate("Quality", "The report was written to “{0}”.")
    return Notice("info", words.format(path.name))
