"""What the Quality screen asks of the program: one value for all front ends."""

from __future__ import annotations

from dataclasses import dataclass

from cxr_desktop.services.drift_watch import WatchDrift
from cxr_desktop.services.month_report import ReportMonth
from cxr_desktop.services.quality_sheet import PrintSheet
from cxr_desktop.services.site_evaluation import EvaluateOnSite
from cxr_desktop.services.site_points import ChooseSitePoints


@dataclass(frozen=True, slots=True)
class MeasureQuality:
    """The services; each checks the permission `quality`."""

    evaluate: EvaluateOnSite
    points: ChooseSitePoints
    month: ReportMonth
    drift: WatchDrift
    sheet: PrintSheet
