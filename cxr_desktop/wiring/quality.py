"""Puts together what measures quality."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from cxr_desktop.domain.assessment import ModelRef, OperatingPoints
from cxr_desktop.domain.evaluation import ScoredFilm
from cxr_desktop.domain.ports import AuditLog
from cxr_desktop.imaging.labelled import labelled_films
from cxr_desktop.reporting.plots import reliability_svg, roc_svg
from cxr_desktop.services.access import Access
from cxr_desktop.services.history import BrowseHistory
from cxr_desktop.services.measure_quality import MeasureQuality
from cxr_desktop.services.quality import EvaluateModel
from cxr_desktop.services.site_evaluation import EvaluateOnSite, EvaluationTools
from cxr_desktop.services.site_points import ChooseSitePoints
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.site_points import SqliteSitePoints


def make_site_points(
    database: Database, access: Access, now: Callable[[], datetime]
) -> ChooseSitePoints:
    """Return what knows the hospital's own operating points."""
    return ChooseSitePoints(SqliteSitePoints(database), access, now)


def make_quality(  # noqa: PLR0917 - one place per collaborator
    evaluate: EvaluateModel,
    active: Callable[[], tuple[ModelRef, OperatingPoints]],
    points: ChooseSitePoints,
    history: BrowseHistory,
    access: Access,
    audit: AuditLog,
    now: Callable[[], datetime],
) -> MeasureQuality:
    """Return the services, over these."""
    tools = EvaluationTools(evaluate, labelled_films, draw_plots, active, points.in_use)
    return MeasureQuality(EvaluateOnSite(tools, history, access, audit, now), points)


def draw_plots(scored: Sequence[ScoredFilm]) -> dict[str, str]:
    """Return SVG pictures by file name."""
    return {"roc.svg": roc_svg(scored), "reliability.svg": reliability_svg(scored)}
