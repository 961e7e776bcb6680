"""The tab Operating points: a promise in plain words, what it costs, and who chose what when."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QMessageBox,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from cxr_desktop.domain.threshold_wizard import Proposal
from cxr_desktop.ui.palette import Space
from cxr_desktop.ui.screens.quality.state import Measured, QualityState
from cxr_desktop.ui.screens.quality.words import choice_cells, cost_cells, proposal_text
from cxr_desktop.ui.widgets.busy import BusyBar
from cxr_desktop.ui.widgets.notice_bar import NoticeBar
from cxr_desktop.ui.widgets.plain_label import plain_label
from cxr_desktop.ui.widgets.plain_table import PlainTable
from cxr_desktop.ui.widgets.scrolled import scrolled
from cxr_desktop.ui.widgets.spin_text import with_room

USUAL_MISS, USUAL_ALARM, MOST = 50, 10, 10_000
MOST_ROWS_HIGH = 8


class PointsView(QWidget):
    """`promised` carries (miss at most 1 in, alarm at most 1 in)."""

    promised = Signal(int, int)
    chosen = Signal()
    withdrawn = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.miss = self._spin(USUAL_MISS, self.tr("Miss at most one in"))
        self.alarm = self._spin(USUAL_ALARM, self.tr("Call normal at most one in"))
        self.propose = QPushButton(self.tr("&Find operating points"))
        self.choose = QPushButton(self.tr("&Use them for new films…"))
        self.choose.setProperty("kind", "primary")
        self.withdraw = QPushButton(self.tr("Back to the &model's own…"))
        self.said = plain_label(wrap=True, selectable=True)
        self.hint = plain_label(role="muted", wrap=True)
        self.notice = NoticeBar(dismissable=False)
        self.busy = BusyBar()
        head = (
            self.tr("When"),
            self.tr("Who"),
            self.tr("Model"),
            self.tr("Normal below / abnormal from"),
            self.tr("Misses at most"),
            self.tr("Abnormal / normal"),
        )
        self.table = PlainTable(self.tr("Choices so far"), head, wide=2)
        cost = (
            self.tr("Miss at most"),
            self.tr("Normal below"),
            self.tr("Misses at most"),
            self.tr("Of the normal films, called normal"),
            self.tr("Of all films, left uncertain"),
        )
        self.costs = PlainTable(self.tr("What other promises would cost"), cost, wide=3)
        self._costs_title = plain_label(
            self.tr("WHAT OTHER PROMISES WOULD COST, AT 95 % CONFIDENCE"), role="caption"
        )
        self._lay_out()
        self.propose.clicked.connect(
            lambda: self.promised.emit(self.miss.value(), self.alarm.value())
        )
        self.choose.clicked.connect(self._on_choose)
        self.withdraw.clicked.connect(self._on_withdraw)

    def render_state(self, state: QualityState) -> None:
        """Show one state."""
        points = state.points
        measured = isinstance(state.measure, Measured)
        self.propose.setEnabled(measured and not points.busy)
        may_store = points.may_choose and not points.busy
        self.choose.setEnabled(may_store and isinstance(points.proposal, Proposal))
        latest = points.choices[0] if points.choices else None
        self.withdraw.setEnabled(may_store and latest is not None and latest.points is not None)
        self.said.setText(proposal_text(points.proposal))
        self.said.setVisible(points.proposal is not None)
        self.hint.setText(self._hint(state))
        self.hint.setVisible(bool(self.hint.text()))
        self.notice.show_notice(points.notice)
        if points.busy:
            self.busy.set_busy(self.tr("Working"))
        else:
            self.busy.set_idle()
        self.table.show_rows([choice_cells(choice) for choice in points.choices])
        self.table.fit(MOST_ROWS_HIGH)
        self.costs.show_rows([cost_cells(*step) for step in points.ladder])
        self.costs.fit(MOST_ROWS_HIGH)
        for widget in (self._costs_title, self.costs):
            widget.setVisible(bool(points.ladder))

    def _hint(self, state: QualityState) -> str:
        latest = state.points.choices[0] if state.points.choices else None
        if not isinstance(state.measure, Measured):
            return self.tr("Measure the model on your own films first: the tab Evaluate.")
        model = state.measure.result.model
        if latest is not None and latest.points is not None and not latest.is_for(model):
            return self.tr(
                "The points chosen last were for another model and are void: the model's own are "
                "in use until you choose again."
            )
        if not state.points.may_choose:
            return self.tr("Only who may manage models can put points into use.")
        return ""

    def _on_choose(self) -> None:
        question = self.tr("Use these operating points for all new films?")
        if self._agreed(question):
            self.chosen.emit()

    def _on_withdraw(self) -> None:
        if self._agreed(self.tr("Use the model's own operating points for all new films?")):
            self.withdrawn.emit()

    def _agreed(self, question: str) -> bool:
        words = self.tr("It is noted under your name. Stored answers stay as they are.")
        answer = QMessageBox.question(self, self.windowTitle(), f"{question}\n\n{words}")
        return answer is QMessageBox.StandardButton.Yes

    @staticmethod
    def _spin(value: int, name: str) -> QSpinBox:
        field = with_room(QSpinBox())
        field.setRange(2, MOST)
        field.setValue(value)
        field.setAccessibleName(name)
        return field

    def _lay_out(self) -> None:
        promise = QGridLayout()
        promise.setHorizontalSpacing(Space.ONE)
        promise.setVerticalSpacing(Space.ONE)
        for row, (before, field, after) in enumerate(
            (
                (self.tr("Miss at most 1 in"), self.miss, self.tr("abnormal films")),
                (
                    self.tr("Call abnormal at most 1 in"),
                    self.alarm,
                    self.tr("normal films"),
                ),
            )
        ):
            promise.addWidget(plain_label(before), row, 0)
            promise.addWidget(field, row, 1)
            promise.addWidget(plain_label(after), row, 2)
        promise.setColumnStretch(3, 1)
        promise.addWidget(self.propose, 1, 4)
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.ONE)
        buttons.addStretch(1)
        buttons.addWidget(self.withdraw)
        buttons.addWidget(self.choose)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, Space.ONE, 0)
        column.setSpacing(Space.ONE)
        column.addWidget(self.said)
        column.addLayout(buttons)
        column.addWidget(self._costs_title)
        column.addWidget(self.costs)
        column.addSpacing(Space.TWO)
        column.addWidget(plain_label(self.tr("CHOICES SO FAR, THE LATEST COUNTS"), role="caption"))
        column.addWidget(self.table)
        column.addStretch(1)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, Space.TWO, 0, 0)
        page.setSpacing(Space.ONE)
        page.addLayout(promise)
        page.addWidget(self.hint)
        page.addWidget(self.notice)
        page.addWidget(self.busy)
        page.addWidget(scrolled(inside), 1)
