"""Quality, as a person uses it: measure, promise, put points into use."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QDate
from PySide6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.audit import AuditAction
from cxr_desktop.domain.performance import NOT_MEASURED
from cxr_desktop.domain.site_figures import TwoByTwo
from cxr_desktop.domain.threshold_wizard import Proposal
from cxr_desktop.imaging.labelled import LabelledFilm
from cxr_desktop.ui.screens.quality.presenter import QualityPresenter
from cxr_desktop.ui.screens.quality.reports_presenter import ReportsPresenter
from cxr_desktop.ui.screens.quality.state import (
    Measured,
    Measuring,
    QualityState,
    ReportsState,
)
from cxr_desktop.ui.screens.quality.view import QualityView
from cxr_desktop.ui.screens.quality.words import figure_rows, proposal_text
from cxr_desktop.ui.session import Session
from tests.support.engine_fakes import MODEL
from tests.support.examples import POINTS
from tests.support.held_runner import HeldRunner
from tests.support.world import World


class Nowhere:
    """A `Navigator` that remembers what was opened."""

    def __init__(self) -> None:
        self.opened: list[str] = []

    def show(self, screen_id: str) -> None:
        self.opened.append(screen_id)

    def open_exam(self, exam_id: str) -> None:
        self.opened.append(exam_id)

    def open_films(self, paths: Sequence[Path]) -> None:
        self.opened += [path.name for path in paths]


class Screen:
    """The screen over a hospital in memory with 40 normal and 40 abnormal films."""

    def __init__(self, world: World, qtbot: QtBot, person: str = "admin") -> None:
        self.world, self.runner, self.session = world, HeldRunner(), Session()
        self.session.sign_in(world.actor(person))
        for number in range(40):
            for grey, abnormal in ((20 + number, False), (200 + number, True)):
                path = world.film(grey, f"film-{grey}.png")
                world.labelled.append(LabelledFilm(path, abnormal, "site"))
        self.presenter = QualityPresenter(world.quality, self.runner, self.session)
        self.reports = ReportsPresenter(world.quality, self.runner, self.session)
        self.navigator = Nowhere()
        self.view = QualityView(self.presenter, self.reports, self.navigator)
        qtbot.addWidget(self.view)
        with qtbot.waitExposed(self.view):
            self.view.show()
        self.runner.finish_all()

    def measure(self) -> None:
        self.presenter.measure_films(self.world.folder, 0.1)
        self.runner.finish_all()


@pytest.fixture
def screen(qtbot: QtBot, world: World) -> Iterator[Screen]:
    made = Screen(world, qtbot)
    yield made
    made.view.close()
    made.runner.close()


@pytest.fixture
def says_yes(monkeypatch: pytest.MonkeyPatch) -> None:
    yes = QMessageBox.StandardButton.Yes
    monkeypatch.setattr(QMessageBox, "question", lambda *_: yes)


def test_a_folder_is_measured_and_every_figure_has_words(
    screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = str(screen.world.folder)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: folder)
    screen.view.measure.folder.click()
    assert isinstance(screen.presenter.state.measure, Measuring)
    assert screen.view.measure.cancel.isVisible()
    assert screen.runner.lanes[-1] == "infer"
    screen.runner.finish_all()
    said = screen.view.measure.figures.text()
    for words in ("40 of 40 abnormal", "40 of 40 normal", "PPV", "NPV", "AUC: 1.000", "Kappa"):
        assert words in said
    assert all(view.isVisible() for view in screen.view.measure.plots)
    assert not screen.view.measure.wrong.isVisible()


def test_a_missed_film_is_listed_and_opens(screen: Screen) -> None:
    path = screen.world.film(30, "missed.png")
    screen.world.labelled.append(LabelledFilm(path, abnormal=True, source="site"))
    screen.measure()
    wrong = screen.view.measure.wrong
    assert [one.film.name for one in wrong.films] == ["missed.png"]
    wrong.table.activated.emit(wrong.table.model().index(0, 0))
    assert screen.navigator.opened == ["missed.png"]


def test_reviewed_exams_open_as_exams(screen: Screen) -> None:
    exam = screen.world.exam("rad", 20)
    screen.world.reviews.add(screen.world.actor("rad"), exam.exam_id, Verdict.ABNORMAL)
    screen.world.clock.forward(60)
    screen.view.measure.reviewed.click()
    screen.runner.finish_all()
    wrong = screen.view.measure.wrong
    wrong.table.activated.emit(wrong.table.model().index(0, 0))
    assert screen.navigator.opened == [exam.exam_id]


def test_signed_exams_are_measured_by_themselves(screen: Screen) -> None:
    world = screen.world
    for number in range(2):
        exam = world.exam("rad", 20, f"{number}.png")
        world.reviews.add(world.actor("rad"), exam.exam_id, Verdict.ABNORMAL)
    world.signing.sign(world.actor("rad"), exam.exam_id, 1)
    world.clock.forward(60)
    screen.view.measure.signed.click()
    screen.runner.finish_all()
    wrong = screen.view.measure.wrong
    assert wrong.table.model().rowCount() == 1
    wrong.table.activated.emit(wrong.table.model().index(0, 0))
    assert screen.navigator.opened == [exam.exam_id]


def test_a_refusal_and_a_cancel_leave_nothing_on_the_screen(screen: Screen) -> None:
    screen.measure()
    screen.world.labelled.clear()
    screen.measure()
    assert screen.view.measure.notice.text
    assert screen.view.measure.figures.text() == ""
    path = screen.world.film(30, "one.png")
    screen.world.labelled.append(LabelledFilm(path, abnormal=True, source="site"))
    screen.presenter.measure_films(screen.world.folder, 0.1)
    screen.view.measure.cancel.click()
    screen.runner.finish_all()
    assert screen.view.measure.notice.text == ""
    assert screen.view.measure.folder.isEnabled()


def test_a_promise_becomes_points_that_count_for_new_films(screen: Screen, says_yes: None) -> None:
    assert not screen.view.points.propose.isEnabled()
    assert "Measure" in screen.view.points.hint.text()
    screen.measure()
    screen.view.points.miss.setValue(10)
    screen.view.points.alarm.setValue(10)
    screen.view.points.propose.click()
    screen.runner.finish_all()
    assert "misses 0 of 40 abnormal" in screen.view.points.said.text()
    costs = screen.view.points.costs
    model = costs.model()
    cells = [[model.index(row, column).data() for column in (0, 3)] for row in (0, 1)]
    assert cells[0] == ["1 in 10", "100.0 % (91.2 to 100.0 %)"]
    assert "too few: 59 abnormal" in cells[1][1]
    screen.view.points.choose.click()
    screen.runner.finish_all()
    assert "Stored." in screen.view.points.notice.text
    assert screen.view.points.table.row_count == 1
    assert screen.world.site_points.in_use(MODEL) is not None
    screen.view.points.withdraw.click()
    screen.runner.finish_all()
    assert screen.world.site_points.in_use(MODEL) is None
    assert screen.view.points.table.row_count == 2


def test_points_found_on_the_films_before_do_not_stand_beside_new_figures(screen: Screen) -> None:
    screen.measure()
    screen.presenter.propose(10, 10)
    screen.runner.work()  # found, and on their way
    screen.presenter.measure_films(screen.world.folder, 0.1)
    assert not screen.presenter.state.points.busy
    screen.runner.finish_all()
    assert isinstance(screen.presenter.state.measure, Measured)
    assert screen.presenter.state.points.proposal is None
    assert not screen.view.points.choose.isEnabled()


def test_counts_of_thousands_are_written_with_commas(screen: Screen) -> None:
    proposal = Proposal(
        POINTS, 50, 10, 50_000, 45_000, 1_234, 4_395, 0.02, 0.1, NOT_MEASURED, NOT_MEASURED
    )
    said = proposal_text(proposal)
    assert "misses 1,234 of 50,000" in said
    assert "calls 4,395 of 45,000" in said
    screen.measure()
    measured = screen.presenter.state.measure
    assert isinstance(measured, Measured)
    table = TwoByTwo(3_842, 1_158, 7_971, 37_029)
    rows = dict(figure_rows(replace(measured.result, at_low=table, at_high=table)))
    assert "3,842 of 5,000 abnormal" in rows["Sensitivity"]
    assert "37,029 of 45,000 normal" in rows["Specificity"]


def test_too_few_films_for_a_promise_are_told_and_cannot_be_used(screen: Screen) -> None:
    screen.measure()
    screen.view.points.miss.setValue(1000)
    screen.view.points.propose.click()
    screen.runner.finish_all()
    assert "Too few films" in screen.view.points.said.text()
    assert not screen.view.points.choose.isEnabled()


def test_who_may_not_manage_models_sees_the_cost_and_stores_nothing(
    qtbot: QtBot, world: World
) -> None:
    screen = Screen(world, qtbot, "rad")
    screen.measure()
    screen.presenter.propose(10, 10)
    screen.runner.finish_all()
    assert screen.view.points.said.text()
    assert not screen.view.points.choose.isEnabled()
    assert "manage models" in screen.view.points.hint.text()
    screen.presenter.choose()
    screen.runner.finish_all()
    assert screen.view.points.notice.text
    assert world.site_points.in_use(MODEL) is None
    screen.runner.close()


def test_the_month_is_counted_listed_and_written(
    screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    exam = screen.world.exam("rad", 230)
    screen.world.reviews.add(screen.world.actor("rad"), exam.exam_id, Verdict.NORMAL)
    month = screen.view.month
    assert not month.pdf.isEnabled()
    month.month.setDate(QDate(2026, 3, 1))
    month.count.click()
    assert not month.count.isEnabled()
    screen.runner.finish_all()
    assert "1, 1 of them reviewed" in month.facts.text()
    assert month.listed.row_count == 1
    month.listed.activated.emit(month.listed.model().index(0, 0))
    assert screen.navigator.opened == [exam.exam_id]
    path = screen.world.folder / "march"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    month.pdf.click()
    screen.runner.finish_all()
    assert path.with_suffix(".pdf").read_bytes().startswith(b"%PDF")
    assert "march.pdf" in month.notice.text


def test_evaluation_and_drift_are_written_as_pages_of_their_own(
    screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    measure, drift = screen.view.measure, screen.view.drift
    assert not measure.pdf.isVisible()
    assert not drift.pdf.isEnabled()
    screen.measure()
    drift.look.click()
    screen.runner.finish_all()
    for tab, name in ((measure, "evaluation"), (drift, "drift")):
        path = screen.world.folder / name
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, where=path: (str(where), ""))
        tab.pdf.click()
        assert not tab.pdf.isEnabled()
        screen.runner.finish_all()
        assert tab.pdf.isEnabled()
        assert path.with_suffix(".pdf").read_bytes().startswith(b"%PDF")
        assert f"{name}.pdf" in tab.notice.text
    assert screen.world.actions().count(AuditAction.REPORT_MADE) == 2


def test_an_empty_month_says_so_and_lists_nothing(screen: Screen) -> None:
    screen.reports.count_month(date(2020, 1, 1))
    screen.runner.finish_all()
    assert "0, 0 of them reviewed" in screen.view.month.facts.text()
    assert screen.view.month.listed.row_count == 0


def test_drift_says_what_it_saw_or_that_it_saw_too_little(screen: Screen) -> None:
    screen.view.drift.look.click()
    screen.runner.finish_all()
    assert "Too few films" in screen.view.drift.scores.text
    for number in range(130):
        screen.world.exam("rad", 20 + number % 20, f"old-{number}.png")
    screen.world.clock.forward(8 * 7 * 24 * 3600.0)
    for number in range(130):
        screen.world.exam("rad", 200 + number % 20, f"new-{number}.png")
    screen.view.drift.look.click()
    screen.runner.finish_all()
    assert "not as they were" in screen.view.drift.scores.text
    assert "as often as before" in screen.view.drift.refusals.text


def test_a_refusal_of_the_reports_stands_on_the_screen(screen: Screen) -> None:
    screen.session.sign_in(screen.world.actor("doc"))
    screen.reports.watch()
    screen.reports.count_month(date(2026, 3, 1))
    screen.runner.finish_all()
    assert screen.view.drift.notice.text
    assert screen.view.month.notice.text


def test_at_sign_out_nothing_stays(screen: Screen) -> None:
    screen.measure()
    screen.reports.count_month(date(2026, 3, 1))
    screen.runner.finish_all()
    assert isinstance(screen.presenter.state.measure, Measured)
    screen.session.sign_out()
    assert screen.presenter.state == QualityState()
    assert screen.reports.state == ReportsState()
    assert screen.view.measure.figures.text() == ""
