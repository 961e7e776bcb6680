"""Puts together what measures quality."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from cxr_desktop import __version__
from cxr_desktop.domain.assessment import OperatingPoints
from cxr_desktop.domain.evaluation import ScoredFilm
from cxr_desktop.domain.ports import AuditLog
from cxr_desktop.domain.settings import SettingsStore
from cxr_desktop.imaging.labelled import labelled_films
from cxr_desktop.reporting.chart_svg import chart_svg
from cxr_desktop.reporting.drift_plot import drift_svg
from cxr_desktop.reporting.month_text import month_layouts
from cxr_desktop.reporting.plots import reliability_chart, roc_chart
from cxr_desktop.reporting.sheet_text import sheet_layouts
from cxr_desktop.services.access import Access
from cxr_desktop.services.drift_watch import WatchDrift
from cxr_desktop.services.history import BrowseHistory
from cxr_desktop.services.measure_quality import MeasureQuality
from cxr_desktop.services.month_report import MonthTools, ReportMonth, hospital_of
from cxr_desktop.services.quality_sheet import PrintSheet
from cxr_desktop.services.site_evaluation import EvaluateOnSite, EvaluationTools
from cxr_desktop.services.site_points import ChooseSitePoints
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.out_files import OutFiles
from cxr_desktop.storage.quality_rows import SqliteQualityRows
from cxr_desktop.storage.site_points import SqliteSitePoints
from cxr_desktop.wiring.engine import Engine


def make_site_points(
    database: Database, access: Access, now: Callable[[], datetime]
) -> ChooseSitePoints:
    """Return what knows the hospital's own operating points."""
    return ChooseSitePoints(SqliteSitePoints(database), access, now)


def make_quality(  # noqa: PLR0917 - one place per collaborator
    engine: Engine,
    points: ChooseSitePoints,
    history: BrowseHistory,
    database: Database,
    settings: SettingsStore,
    out: OutFiles,
    access: Access,
    audit: AuditLog,
    now: Callable[[], datetime],
) -> MeasureQuality:
    """Return the services, over these."""
    tools = EvaluationTools(
        engine.evaluate, labelled_films, svg_plots, engine.active_points, points.in_use
    )
    rows = SqliteQualityRows(database)
    return MeasureQuality(
        EvaluateOnSite(tools, history, access, audit, now),
        points,
        ReportMonth(
            MonthTools(rows, month_layouts, out.write_over),
            settings,
            access,
            audit,
            now,
            program_version=__version__,
        ),
        WatchDrift(rows, drift_svg, access, audit, now),
        PrintSheet(
            sheet_layouts,
            out.write_over,
            lambda: hospital_of(settings),
            access,
            audit,
            now=now,
            program_version=__version__,
        ),
    )


def svg_plots(scored: Sequence[ScoredFilm], points: OperatingPoints) -> dict[str, str]:
    """Return both plots as SVG by file name: the screen draws those at any size."""
    return {
        "roc.svg": chart_svg(roc_chart(scored, points)),
        "reliability.svg": chart_svg(reliability_chart(scored)),
    }
