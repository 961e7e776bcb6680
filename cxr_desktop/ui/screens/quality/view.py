"""The Quality screen: how the model does here, and where its cuts are put."""

from __future__ import annotations

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel, QTabWidget, QVBoxLayout, QWidget

from cxr_desktop.services.site_evaluation import WrongFilm
from cxr_desktop.ui.icons import icon
from cxr_desktop.ui.navigation import Navigator
from cxr_desktop.ui.palette import Palette, Space
from cxr_desktop.ui.screens.quality.measure_view import MeasureView
from cxr_desktop.ui.screens.quality.points_view import PointsView
from cxr_desktop.ui.screens.quality.presenter import QualityPresenter
from cxr_desktop.ui.screens.quality.state import QualityState


class QualityView(QWidget):
    """Shows every `QualityState` of its presenter; decides nothing."""

    def __init__(
        self,
        presenter: QualityPresenter,
        navigator: Navigator,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self._navigator = navigator
        presenter.setParent(self)
        self.measure = MeasureView()
        self.points = PointsView()
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self.measure, icon("chart", Palette.MUTED), self.tr("Evaluate"))
        self.tabs.addTab(self.points, icon("contrast", Palette.MUTED), self.tr("Operating points"))
        title = QLabel(self.tr("Quality"))
        title.setProperty("role", "title")
        page = QVBoxLayout(self)
        page.setContentsMargins(Space.THREE, Space.TWO, Space.THREE, Space.TWO)
        page.setSpacing(Space.ONE)
        page.addWidget(title)
        page.addWidget(self.tabs, 1)
        self._connect()
        self.render_state(presenter.state)

    def render_state(self, state: QualityState) -> None:
        """Show one state."""
        self.measure.render_state(state.measure)
        self.points.render_state(state)

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
        measure.cancel_asked.connect(presenter.cancel)
        measure.wrong.opened.connect(self._on_opened)
        points.promised.connect(presenter.propose)
        points.chosen.connect(presenter.choose)
        points.withdrawn.connect(presenter.withdraw)

    def _on_opened(self, wrong: WrongFilm) -> None:
        if wrong.path is not None:
            self._navigator.open_films([wrong.path])
        else:
            self._navigator.open_exam(wrong.exam_id)
