"""Quality: the hospital's own figures and operating points."""

from __future__ import annotations

from cxr_desktop.ui.navigation import Context
from cxr_desktop.ui.slices import Slices


def make_quality_screen(context: Context) -> Slices:
    """Put the screen together for the signed-in person."""
    # Imported piece by piece before: see ui/screen_loader.py.
    from cxr_desktop.ui.screens.quality.drift_view import DriftView  # noqa: PLC0415 - above
    from cxr_desktop.ui.screens.quality.measure_view import MeasureView  # noqa: PLC0415 - above
    from cxr_desktop.ui.screens.quality.month_view import MonthView  # noqa: PLC0415 - above
    from cxr_desktop.ui.screens.quality.points_view import PointsView  # noqa: PLC0415 - above
    from cxr_desktop.ui.screens.quality.presenter import QualityPresenter  # noqa: PLC0415 - above
    from cxr_desktop.ui.screens.quality.reports_presenter import (  # noqa: PLC0415 - above
        ReportsPresenter,
    )
    from cxr_desktop.ui.screens.quality.view import QualityTabs, QualityView  # noqa: PLC0415 - above

    presenter = QualityPresenter(context.program.quality, context.runner, context.session)
    reports = ReportsPresenter(context.program.quality, context.runner, context.session)
    measure = MeasureView()
    yield
    month = MonthView()
    yield
    points, drift = PointsView(), DriftView()
    yield
    tabs = QualityTabs(measure, points, month, drift)
    return QualityView(presenter, reports, context.navigator, tabs)
