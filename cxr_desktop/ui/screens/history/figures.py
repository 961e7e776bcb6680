"""The hospital's own figures, of the exams that the filters leave."""

from __future__ import annotations

import math

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QScrollArea,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from cxr_desktop.domain.own_figures import ModelFigures, OwnFigures, WeekFigures
from cxr_desktop.domain.performance import Estimate
from cxr_desktop.ui.errors import Notice
from cxr_desktop.ui.palette import Space
from cxr_desktop.ui.screens.history.figure_counter import FigureCounter
from cxr_desktop.ui.widgets.busy import BusyBar
from cxr_desktop.ui.widgets.facts import Facts
from cxr_desktop.ui.widgets.notice_bar import NoticeBar
from cxr_desktop.ui.widgets.plain_label import plain_label

translate = QCoreApplication.translate
WIDTH, HEIGHT = 680, 620
WEEKS_HEIGHT = 220


class FiguresDialog(QDialog):
    """Shows what a `FigureCounter` counts; call `begin` once."""

    def __init__(self, counter: FigureCounter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counter = counter
        counter.setParent(self)
        counter.counted.connect(self._on_counted)
        counter.failed.connect(self._on_failed)
        counter.progressed.connect(self._on_progress)
        self.setWindowTitle(self.tr("Own figures"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(WIDTH, HEIGHT)
        self.notice = NoticeBar(dismissable=False)
        self.facts: list[Facts] = []
        self.weeks = QTableWidget(0, 6)
        self._busy = BusyBar()
        self._step = plain_label(role="muted")
        self._inside = QVBoxLayout()
        self._lay_out()

    def begin(self) -> None:
        """Count."""
        self._busy.set_busy(self.tr("Counting the exams"))
        self._counter.start()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop counting."""
        self._counter.cancel()
        super().closeEvent(event)

    def done(self, result: int) -> None:
        """Stop counting when Esc closes the dialog, too."""
        self._counter.cancel()
        super().done(result)

    def text(self) -> str:
        """Return all figures as lines of “name: value”."""
        return "\n".join(facts.text() for facts in self.facts)

    def _on_progress(self, step: str, fraction: float) -> None:
        self._busy.set_fraction(step, fraction)
        self._step.setText(step)

    def _on_counted(self, figures: OwnFigures) -> None:
        self._busy.set_idle()
        self._step.setText("" if figures.models else self.tr("No exam is in the list."))
        for model in figures.models:
            self._add_facts(model.model, model_rows(model))
        self._add_facts(self.tr("REFUSED FILMS"), refusal_rows(figures))
        self._show_weeks(figures.weeks)

    def _on_failed(self, notice: Notice) -> None:
        self._busy.set_idle()
        self._step.clear()
        self.notice.show_notice(notice)

    def _add_facts(self, title: str, rows: tuple[tuple[str, str], ...]) -> None:
        facts = Facts(title)
        facts.show_rows(rows)
        self.facts.append(facts)
        self._inside.insertWidget(self._inside.count() - 1, facts)

    def _show_weeks(self, weeks: tuple[WeekFigures, ...]) -> None:
        self.weeks.setVisible(bool(weeks))
        self.weeks.setRowCount(len(weeks))
        for row, week in enumerate(reversed(weeks)):
            numbers = (week.exams, week.normal, week.uncertain, week.abnormal, week.reviewed)
            for column, text in enumerate((week.monday.isoformat(), *map(str, numbers))):
                item = QTableWidgetItem(text)
                if column:
                    item.setTextAlignment(
                        Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                    )
                self.weeks.setItem(row, column, item)

    def _lay_out(self) -> None:
        self.weeks.setHorizontalHeaderLabels(
            [
                self.tr("Week of"),
                self.tr("Exams"),
                self.tr("Normal"),
                self.tr("Uncertain"),
                self.tr("Abnormal"),
                self.tr("Reviewed"),
            ]
        )
        self.weeks.setAccessibleName(self.tr("Exams by week"))
        self.weeks.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.weeks.verticalHeader().hide()
        self.weeks.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.weeks.setFixedHeight(WEEKS_HEIGHT)
        self.weeks.hide()
        close = QPushButton(self.tr("Close"))
        close.clicked.connect(self.close)
        inside = QWidget()
        inside.setLayout(self._inside)
        self._inside.setSpacing(Space.TWO)
        self._inside.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(inside)
        caution = plain_label(
            self.tr(
                "Counted from the exams of the selection or list, with the latest review of each "
                "as the reference. Exams that nobody reviewed do not count: if mainly doubtful "
                "films are reviewed, the figures say little about the others. Intervals are at "
                "95 %."
            ),
            role="muted",
            wrap=True,
        )
        below = QHBoxLayout()
        below.addWidget(self._step, 1)
        below.addWidget(close)
        page = QVBoxLayout(self)
        page.setContentsMargins(Space.TWO, Space.TWO, Space.TWO, Space.TWO)
        page.setSpacing(Space.ONE)
        page.addWidget(caution)
        page.addWidget(self.notice)
        page.addWidget(self._busy)
        page.addWidget(area, 1)
        page.addWidget(self.weeks)
        page.addLayout(below)


def model_rows(figures: ModelFigures) -> tuple[tuple[str, str], ...]:
    """Say one model's figures in words that need no course in statistics."""
    of = translate("OwnFigures", "{share}: {hits} of {all} {what}")
    abnormal, normal = figures.abnormal_films, figures.normal_films
    return (
        (
            translate("OwnFigures", "Exams"),
            translate("OwnFigures", "{all}, {reviewed} of them reviewed").format(
                all=f"{figures.exams:,}", reviewed=f"{figures.reviewed:,}"
            ),
        ),
        (
            translate("OwnFigures", "Agreement"),
            translate("OwnFigures", "{0} of the reviewed exams").format(_share(figures.agreement)),
        ),
        (
            translate("OwnFigures", "Sensitivity"),
            of.format(
                share=_share(figures.sensitivity),
                hits=f"{abnormal - figures.missed:,}",
                all=f"{abnormal:,}",
                what=translate("OwnFigures", "films abnormal to the reader were not called normal"),
            ),
        ),
        (
            translate("OwnFigures", "Specificity"),
            of.format(
                share=_share(figures.specificity),
                hits=f"{normal - figures.overcalled:,}",
                all=f"{normal:,}",
                what=translate("OwnFigures", "films normal to the reader were not called abnormal"),
            ),
        ),
    )


def refusal_rows(figures: OwnFigures) -> tuple[tuple[str, str], ...]:
    """Say how many films were refused, by reason."""
    return tuple(
        (reason.replace("_", " ").capitalize(), f"{count:,}")
        for reason, count in figures.refusals.items()
    )


def _share(estimate: Estimate) -> str:
    if math.isnan(estimate.value):
        return translate("OwnFigures", "Not measured")
    low, high = round(estimate.low * 100), round(estimate.high * 100)
    return f"{estimate.value * 100:.1f} % ({low} to {high} %)"
