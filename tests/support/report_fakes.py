"""Reports over a hospital in memory: real texts, drawn squares for films."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from cxr_desktop.domain.report import ReportPage
from cxr_desktop.domain.settings import SettingValue
from cxr_desktop.reporting.report_text import report_layouts
from cxr_desktop.services.report import MakeReport, PaperDrawing
from tests.support.engine_fakes import FakeSettings

if TYPE_CHECKING:
    from tests.support.world import World


def square(grey: int) -> bytes:
    """Return a PNG of one grey."""
    written, png = cv2.imencode(".png", np.full((8, 8), grey, np.uint8))
    assert written
    return bytes(png.tobytes())


def pdf_of(page: ReportPage) -> bytes:
    """Stand for the PDF of a page: what it is of."""
    return f"pdf of {page.exam_id}".encode()


FILM, MAP, LOGO = square(200), square(100), square(10)


class LetterheadSettings(FakeSettings):
    """Holds the rows of the letterhead; `values` may be changed by a test."""

    def __init__(self) -> None:
        super().__init__()
        self.values = {
            "general.institution": "District Hospital",
            "report.letterhead": "",
            "report.address": "Hospital Road | Gilgit",
            "report.logo": "",
        }

    def get(self, key: str) -> SettingValue:
        """Return the value. Raises KeyError for any other."""
        return self.values[key]


def make_report(world: World) -> MakeReport:
    """Put the service together over the fakes of a world."""
    world.letterhead = LetterheadSettings()
    drawing = PaperDrawing(
        report_layouts,
        lambda _film: FILM,
        lambda _film, _map: MAP,
        lambda path: LOGO,
        world.out_files.write_over,
    )
    return MakeReport(
        world.browse,
        drawing,
        world.letterhead,
        world.access,
        world.audit,
        now=world.clock,
        program_version="0.1.0",
    )
