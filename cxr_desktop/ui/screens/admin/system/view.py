"""The System tab."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from cxr_desktop.domain.self_test import CheckResult
from cxr_desktop.ui.icons import icon, pixmap
from cxr_desktop.ui.screens.admin.system.presenter import SystemPresenter
from cxr_desktop.ui.screens.admin.system.state import Done, Failed, NotRun, Running, SystemState
from cxr_desktop.ui.theme import Palette, Size, Space
from cxr_desktop.ui.widgets.busy import BusyBar
from cxr_desktop.ui.widgets.notice_bar import NoticeBar
from cxr_desktop.ui.widgets.plain_label import plain_label
from cxr_desktop.ui.widgets.scrolled import scrolled

WIDEST = 820


class SystemView(QWidget):
    """`facts` are (name, value) rows; below them the self-test, and the card of the bundle."""

    def __init__(
        self,
        presenter: SystemPresenter,
        facts: Sequence[tuple[str, str]],
        bundle: QWidget,
    ) -> None:
        super().__init__()
        self.bundle = bundle
        bundle.setMaximumWidth(WIDEST)
        self._presenter = presenter
        presenter.setParent(self)
        self._facts = tuple(facts)
        self.notice = NoticeBar(dismissable=False)
        self._busy = BusyBar()
        self.said = plain_label(role="muted", wrap=True)
        self.run = QPushButton(icon("play", Palette.TEXT), self.tr("&Run the self-test"))
        self.run.clicked.connect(presenter.run)
        self.copy = QPushButton(icon("copy", Palette.TEXT), self.tr("&Copy"))
        self.copy.setToolTip(self.tr("Copies versions and folder for a message to IT"))
        self.copy.clicked.connect(self._on_copy)
        self.results = QGridLayout()
        self._lay_out()
        presenter.state_changed.connect(self.render_state)
        self.render_state(presenter.state)

    def render_state(self, state: SystemState) -> None:
        """Show one state."""
        self.run.setEnabled(not isinstance(state, Running))
        self.notice.show_notice(None)
        self._busy.set_idle()
        match state:
            case NotRun():
                self.said.setText(
                    self.tr("Checks decoder, model, database, audit log, disk and screen.")
                )
            case Running(step=step, fraction=fraction):
                name = QCoreApplication.translate("Checks", step) if step else ""
                self.said.setText(self.tr("Checking: {0}").format(name) if name else "…")
                self._busy.set_fraction(self.said.text(), fraction)
            case Done(results=results):
                self._show_results(results)
                self.said.setText(
                    self.tr("All checks passed.")
                    if state.passed
                    else self.tr("Not all checks passed.")
                )
            case Failed(notice=notice):
                self.said.clear()
                self.notice.show_notice(notice)
            case _:
                assert_never(state)

    def _show_results(self, results: Sequence[CheckResult]) -> None:
        _empty(self.results)
        for row, result in enumerate(results):
            mark = QLabel()
            name, colour = ("tick", Palette.NORMAL) if result.passed else ("error", Palette.DANGER)
            mark.setPixmap(pixmap(name, colour, Size.ICON, scale=self.devicePixelRatioF()))
            mark.setAccessibleName(self.tr("passed") if result.passed else self.tr("not passed"))
            what = plain_label(QCoreApplication.translate("Checks", result.name))
            words = plain_label(result.message, role="muted", wrap=True, selectable=True)
            top = Qt.AlignmentFlag.AlignTop
            self.results.addWidget(mark, row, 0, top)
            self.results.addWidget(what, row, 1, top)
            self.results.addWidget(words, row, 2)

    def _on_copy(self) -> None:
        text = "\n".join(f"{name}: {value}" for name, value in self._facts)
        QGuiApplication.clipboard().setText(text)

    def _lay_out(self) -> None:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.TWO)
        column.addWidget(self._make_facts())
        column.addWidget(self._make_test())
        column.addWidget(self.bundle)
        column.addStretch(1)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, Space.TWO, 0, 0)
        page.addWidget(scrolled(inside))

    def _make_facts(self) -> QFrame:
        card, column = _card()
        head = QHBoxLayout()
        head.addWidget(plain_label(self.tr("Versions and folders"), role="heading"), 1)
        head.addWidget(self.copy)
        column.addLayout(head)
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.THREE)
        grid.setColumnStretch(1, 1)
        for row, (name, value) in enumerate(self._facts):
            text = plain_label(value, wrap=True, selectable=True)
            text.setAccessibleName(f"{name}: {value}")
            grid.addWidget(plain_label(name, role="muted"), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(text, row, 1)
        column.addLayout(grid)
        return card

    def _make_test(self) -> QFrame:
        card, column = _card()
        head = QHBoxLayout()
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(plain_label(self.tr("Self-test"), role="heading"))
        words.addWidget(self.said)
        head.addLayout(words, 1)
        head.addWidget(self.run)
        self.results.setHorizontalSpacing(Space.TWO)
        self.results.setVerticalSpacing(Space.ONE)
        self.results.setColumnStretch(2, 1)
        column.addLayout(head)
        column.addWidget(self._busy)
        column.addWidget(self.notice)
        column.addLayout(self.results)
        return card


def _card() -> tuple[QFrame, QVBoxLayout]:
    card = QFrame()
    card.setProperty("role", "card")
    card.setMaximumWidth(WIDEST)
    column = QVBoxLayout(card)
    column.setContentsMargins(Space.THREE, Space.TWO, Space.THREE, Space.TWO)
    column.setSpacing(Space.ONE)
    return card, column


def _empty(layout: QLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.deleteLater()
