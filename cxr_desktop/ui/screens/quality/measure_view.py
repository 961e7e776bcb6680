"""The tab Evaluate: choose films of known truth, see how the model does on them."""

from __future__ import annotations

from pathlib import Path
from typing import assert_never

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QFileDialog,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from cxr_desktop.services.site_evaluation import SiteEvaluation
from cxr_desktop.ui.palette import Space
from cxr_desktop.ui.printing.pdf_place import ask_for_pdf
from cxr_desktop.ui.screens.quality.state import Measured, MeasureState, Measuring, NothingMeasured
from cxr_desktop.ui.screens.quality.words import figure_rows
from cxr_desktop.ui.screens.quality.wrong_table import WrongTable
from cxr_desktop.ui.widgets.busy import BusyBar
from cxr_desktop.ui.widgets.facts import Facts
from cxr_desktop.ui.widgets.notice_bar import NoticeBar
from cxr_desktop.ui.widgets.plain_label import plain_label
from cxr_desktop.ui.widgets.scrolled import scrolled
from cxr_desktop.ui.widgets.spin_text import with_room
from cxr_desktop.ui.widgets.svg_view import SvgView

USUAL_PERCENT = 10.0
WIDEST = 640  # of a plot


class MeasureView(QWidget):
    """`films_chosen` and `pdf_asked` carry a `Path`; `prevalence` is 0..1."""

    films_chosen = Signal(object)
    pdf_asked = Signal(object)
    reviewed_asked = Signal()
    signed_asked = Signal()
    cancel_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.folder = QPushButton(self.tr("&Folder…"))
        self.folder.setToolTip(self.tr("A folder that holds normal/ and abnormal/"))
        self.manifest = QPushButton(self.tr("&CSV…"))
        self.manifest.setToolTip(self.tr("A CSV file with the columns path and label"))
        self.reviewed = QPushButton(self.tr("&Reviewed exams"))
        self.signed = QPushButton(self.tr("&Signed exams"))
        self.signed.setToolTip(self.tr("Reviewed exams whose report somebody signed"))
        self.percent = with_room(QDoubleSpinBox())
        self.percent.setRange(0.1, 99.9)
        self.percent.setDecimals(1)
        self.percent.setValue(USUAL_PERCENT)
        self.percent.setSuffix(" %")
        self.percent.setAccessibleName(self.tr("Share of abnormal films where you work"))
        self.cancel = QPushButton(self.tr("Cancel"))
        self.pdf = QPushButton(self.tr("Save as &PDF…"))
        self.notice = NoticeBar(dismissable=False)
        self.busy = BusyBar()
        self.step = plain_label(role="muted", wrap=True)
        self.figures = Facts(self.tr("FIGURES, EACH WITH ITS 95 % INTERVAL"))
        self.plots = (SvgView(self.tr("ROC curve")), SvgView(self.tr("Reliability")))
        self.wrong = WrongTable()
        self._lay_out()
        self.folder.clicked.connect(self._on_folder)
        self.manifest.clicked.connect(self._on_manifest)
        self.reviewed.clicked.connect(self.reviewed_asked)
        self.signed.clicked.connect(self.signed_asked)
        self.cancel.clicked.connect(self.cancel_asked)
        self.pdf.clicked.connect(self._on_pdf)

    @property
    def prevalence(self) -> float:
        """The share of abnormal films, 0..1."""
        return self.percent.value() / 100

    def render_state(self, state: MeasureState) -> None:
        """Show one state."""
        running = isinstance(state, Measuring)
        for button in (self.folder, self.manifest, self.reviewed, self.signed):
            button.setEnabled(not running)
        self.cancel.setVisible(running)
        self.pdf.setVisible(isinstance(state, Measured))
        self.notice.show_notice(None)
        match state:
            case NothingMeasured(notice=notice):
                self.busy.set_idle()
                self.step.setText(
                    self.tr(
                        "Choose films whose truth is known, or the exams that readers reviewed or "
                        "signed."
                    )
                )
                self.notice.show_notice(notice)
                self._empty()
            case Measuring(step=step, fraction=fraction):
                self.step.setText(step or self.tr("Measuring…"))
                self.busy.set_fraction(self.tr("Measuring"), fraction)
                self._empty()
            case Measured(result=result, writing=writing, notice=notice):
                self.busy.set_idle()
                self.pdf.setEnabled(not writing)
                self.notice.show_notice(notice)
                self._show(result)
            case _:
                assert_never(state)

    def _show(self, result: SiteEvaluation) -> None:
        words = self.tr("{0} {1}, measured on {2} films.").format(
            result.model.id, result.model.version, f"{len(result.scored):,}"
        )
        if result.refused:
            name, reason = result.refused[0]
            refused = self.tr("Refused: {0}, the first “{1}”: {2}")
            words += " " + refused.format(len(result.refused), name, reason)
        self.step.setText(words)
        self.figures.show_rows(figure_rows(result))
        for view, name in zip(self.plots, ("roc.svg", "reliability.svg"), strict=True):
            view.show_svg(result.plots.get(name, ""))
        self.wrong.show_films(result.wrong)

    def _empty(self) -> None:
        """Hold no film's name."""
        self.figures.show_rows(())
        for view in self.plots:
            view.show_svg("")
        self.wrong.show_films(())

    def _on_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self, self.tr("Folder of labelled films"))
        if name:
            self.films_chosen.emit(Path(name))

    def _on_manifest(self) -> None:
        kinds = self.tr("List of films (*.csv)")
        name, _ = QFileDialog.getOpenFileName(self, self.tr("List of labelled films"), "", kinds)
        if name:
            self.films_chosen.emit(Path(name))

    def _on_pdf(self) -> None:
        path = ask_for_pdf(self, "evaluation.pdf")
        if path is not None:
            self.pdf_asked.emit(path)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(Space.ONE)
        for button in (self.folder, self.manifest, self.reviewed, self.signed):
            head.addWidget(button)
        head.addStretch(1)
        head.addWidget(self.cancel)
        head.addWidget(plain_label(self.tr("Abnormal where you work"), role="muted"))
        head.addWidget(self.percent)
        plots = QHBoxLayout()
        plots.setSpacing(Space.TWO)
        for view in self.plots:
            view.setMaximumWidth(WIDEST)
            plots.addWidget(view, 1, Qt.AlignmentFlag.AlignTop)
        plots.addStretch()
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, Space.ONE, 0)
        column.setSpacing(Space.TWO)
        column.addWidget(self.figures)
        column.addLayout(plots)
        column.addWidget(self.wrong)
        column.addStretch(1)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, Space.TWO, 0, 0)
        page.setSpacing(Space.ONE)
        page.addLayout(head)
        page.addWidget(self.notice)
        below = QHBoxLayout()
        below.setSpacing(Space.ONE)
        below.addWidget(self.step, 1)
        below.addWidget(self.pdf, 0, Qt.AlignmentFlag.AlignTop)
        page.addLayout(below)
        page.addWidget(self.busy)
        page.addWidget(scrolled(inside), 1)
