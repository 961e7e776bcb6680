"""The Quality screen: how the model does here, and where its cuts are put."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel, QTabWidget, QVBoxLayout, QWidget

from cxr_desktop.services.site_evaluation import WrongFilm
from cxr_desktop.ui.icons import icon
from cxr_desktop.ui.navigation import Navigator
from cxr_desktop.ui.palette import Palette, Space
from cxr_desktop.ui.screens.quality.drift_view import DriftView
from cxr_desktop.ui.screens.quality.measure_view import MeasureView
from cxr_desktop.ui.screens.quality.month_view import MonthView
from cxr_desktop.ui.screens.quality.points_view import PointsView
from cxr_desktop.ui.screens.quality.presenter import QualityPresenter
from cxr_desktop.ui.screens.quality.reports_presenter import ReportsPresenter
from cxr_desktop.ui.screens.quality.state import MeasureState, QualityState, ReportsState


class QualityTabs(NamedTuple):
    """What stands in the tabs."""

    measure: MeasureView
    points: PointsView
    month: MonthView
    drift: DriftView


class QualityView(QWidget):
    """Shows every `QualityState` of its presenter; decides nothing.

    `made` are tabs that were made before, in slices of their own.
    """

    def __init__(
        self,
        presenter: QualityPresenter,
        reports: ReportsPresenter,
        navigator: Navigator,
        made: QualityTabs | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self._navigator = navigator
        self._shown: MeasureState | None = None
        self._reports = reports
        for presents in (presenter, reports):
            presents.setParent(self)
        made = made or QualityTabs(MeasureView(), PointsView(), MonthView(), DriftView())
        self.measure, self.points, self.month, self.drift = made
        self.tabs = QTabWidget(self)
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self.measure, icon("chart", Palette.MUTED), self.tr("Evaluate"))
        self.tabs.addTab(self.points, icon("contrast", Palette.MUTED), self.tr("Operating points"))
        self.tabs.addTab(self.month, icon("calendar", Palette.MUTED), self.tr("Month"))
        self.tabs.addTab(self.drift, icon("compare", Palette.MUTED), self.tr("Drift"))
        title = QLabel(self.tr("Quality"))
        title.setProperty("role", "title")
        page = QVBoxLayout(self)
        page.setContentsMargins(Space.THREE, Space.TWO, Space.THREE, Space.TWO)
        page.setSpacing(Space.ONE)
        page.addWidget(title)
        page.addWidget(self.tabs, 1)
        self._connect()
        self.render_state(presenter.state)
        self.render_reports(reports.state)

    def render_state(self, state: QualityState) -> None:
        """Show one state."""
        if state.measure is not self._shown:  # plots and lists of many films take a while to show
            self._shown = state.measure
            self.measure.render_state(state.measure)
        self.points.render_state(state)

    def render_reports(self, state: ReportsState) -> None:
        """Show one state of month and drift."""
        self.month.render_state(state)
        self.drift.render_state(state)

    def showEvent(self, event: QShowEvent) -> None:
        """Look up what was chosen since the screen was last in front."""
        super().showEvent(event)
        self._presenter.refresh()

    def _connect(self) -> None:
        presenter, measure, points = self._presenter, self.measure, self.points
        presenter.state_changed.connect(self.render_state)
        measure.films_chosen.connect(
            lambda where: presenter.measure_films(where, measure.prevalence)
        )
        measure.reviewed_asked.connect(lambda: presenter.measure_reviewed(measure.prevalence))
        measure.signed_asked.connect(
            lambda: presenter.measure_reviewed(measure.prevalence, signed=True)
        )
        measure.cancel_asked.connect(presenter.cancel)
        measure.pdf_asked.connect(presenter.write_pdf)
        measure.wrong.opened.connect(self._on_opened)
        points.promised.connect(presenter.propose)
        points.chosen.connect(presenter.choose)
        points.withdrawn.connect(presenter.withdraw)
        reports = self._reports
        reports.state_changed.connect(self.render_reports)
        self.month.asked.connect(reports.count_month)
        self.month.pdf_asked.connect(reports.write_pdf)
        self.month.opened.connect(self._navigator.open_exam)
        self.drift.asked.connect(reports.watch)
        self.drift.pdf_asked.connect(reports.write_drift)

    def _on_opened(self, wrong: WrongFilm) -> None:
        if wrong.path is not None:
            self._navigator.open_films([wrong.path])
        else:
            self._navigator.open_exam(wrong.exam_id)
