from __future__ import annotations

import itertools
import logging
import threading
import time

import pytest
from PySide6.QtCore import QCoreApplication, QThread, QTimer
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.errors import InvalidRequest, UserError
from cxr_desktop.domain.ports import JobContext
from cxr_desktop.right_of_way import window_first
from cxr_desktop.ui.jobs import TURN_S, WORKERS, JobRunner, Lane
from tests.support.job_calls import in_steps, never
from tests.support.patience import PATIENCE_S


class Outcome:
    """Collects what a job came to, and on which thread that was told."""

    def __init__(self) -> None:
        self.results: list[object] = []
        self.errors: list[UserError] = []
        self.cancelled = 0
        self.steps: list[tuple[str, float]] = []
        self.threads: set[int] = set()

    def done(self, result: object) -> None:
        self.threads.add(threading.get_ident())
        self.results.append(result)

    def failed(self, error: UserError) -> None:
        self.threads.add(threading.get_ident())
        self.errors.append(error)

    def on_cancelled(self) -> None:
        self.threads.add(threading.get_ident())
        self.cancelled += 1

    def progress(self, step: str, fraction: float) -> None:
        self.threads.add(threading.get_ident())
        self.steps.append((step, fraction))

    @property
    def ended(self) -> bool:
        return bool(self.results or self.errors or self.cancelled)


@pytest.fixture
def outcome() -> Outcome:
    return Outcome()


def test_a_result_comes_back_on_the_gui_thread(
    qtbot: QtBot, runner: JobRunner, outcome: Outcome
) -> None:
    worked_on: list[int] = []

    def work(job: JobContext) -> int:
        worked_on.append(threading.get_ident())
        job.report("Half", 0.5)
        return 42

    job = runner.start(work, done=outcome.done, failed=outcome.failed, progress=outcome.progress)
    qtbot.waitUntil(lambda: outcome.ended)

    assert outcome.results == [42]
    assert ("Half", 0.5) in outcome.steps
    assert worked_on[0] != threading.get_ident()
    assert outcome.threads == {threading.get_ident()}
    assert QThread.currentThread().loopLevel() == 0
    assert not job.is_running


def test_a_user_error_arrives_as_it_was_raised(
    qtbot: QtBot, runner: JobRunner, outcome: Outcome
) -> None:
    error = InvalidRequest("No.", hint="Ask again.")

    def work(_: JobContext) -> None:
        raise error

    runner.start(work, done=outcome.done, failed=outcome.failed)
    qtbot.waitUntil(lambda: outcome.ended)

    assert outcome.errors == [error]
    assert not outcome.results


def test_a_bug_becomes_one_sentence_with_an_id_that_is_in_the_log(
    qtbot: QtBot, runner: JobRunner, outcome: Outcome, caplog: pytest.LogCaptureFixture
) -> None:
    def work(_: JobContext) -> None:
        raise RuntimeError("Doe^Jane has no pixels")

    with caplog.at_level(logging.ERROR):
        runner.start(work, done=outcome.done, failed=outcome.failed)
        qtbot.waitUntil(lambda: outcome.ended)

    shown = str(outcome.errors[0])
    error_id = caplog.records[-1].getMessage().rsplit(" ", 1)[1]
    assert outcome.errors[0].code == "bug"
    assert error_id in shown
    assert "Doe" not in shown
    assert "RuntimeError" not in shown


def test_cancel_stops_at_the_next_report_and_is_no_failure(
    qtbot: QtBot, runner: JobRunner, outcome: Outcome
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def work(job: JobContext) -> None:
        begun.set()
        go_on.wait(PATIENCE_S)
        job.report("Never told", 0.5)

    job = runner.start(
        work,
        done=outcome.done,
        failed=outcome.failed,
        progress=outcome.progress,
        cancelled=outcome.on_cancelled,
    )
    assert begun.wait(PATIENCE_S)
    job.cancel()
    go_on.set()
    qtbot.waitUntil(lambda: outcome.ended)

    assert outcome.cancelled == 1
    assert not outcome.results
    assert not outcome.errors
    assert "Never told" not in [step for step, _ in outcome.steps]


def test_work_cancelled_before_its_turn_never_begins(
    qtbot: QtBot, runner: JobRunner, outcome: Outcome
) -> None:
    go_on = threading.Event()
    began: list[bool] = []
    first = Outcome()
    runner.start(
        lambda _: go_on.wait(PATIENCE_S), lane="infer", done=first.done, failed=first.failed
    )
    waiting = runner.start(
        lambda _: began.append(True),
        lane="infer",
        done=outcome.done,
        failed=outcome.failed,
        cancelled=outcome.on_cancelled,
    )
    waiting.cancel()
    go_on.set()
    qtbot.waitUntil(lambda: outcome.ended)

    assert outcome.cancelled == 1
    assert not began


def test_what_was_finished_in_spite_of_cancel_is_told_as_done(
    qtbot: QtBot, runner: JobRunner, outcome: Outcome
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def work(_: JobContext) -> str:
        begun.set()
        go_on.wait(PATIENCE_S)
        return "stored"

    job = runner.start(work, done=outcome.done, failed=outcome.failed)
    assert begun.wait(PATIENCE_S)
    job.cancel()
    go_on.set()
    qtbot.waitUntil(lambda: outcome.ended)

    assert outcome.results == ["stored"]


@pytest.mark.parametrize("lane,most", [("infer", 1), ("io", 2)])
def test_a_lane_runs_no_more_than_its_number_at_once(
    qtbot: QtBot, runner: JobRunner, outcome: Outcome, lane: str, most: int
) -> None:
    lock, running, seen = threading.Lock(), [0], [0]
    together = threading.Barrier(most)

    def work(_: JobContext) -> None:
        with lock:
            running[0] += 1
            seen[0] = max(seen[0], running[0])
        together.wait(PATIENCE_S)
        time.sleep(0.02)  # for one more, if there were one
        with lock:
            running[0] -= 1

    for _ in range(6):
        runner.start(work, lane=lane, done=outcome.done, failed=outcome.failed)  # type: ignore[arg-type]  # parametrised
    qtbot.waitUntil(lambda: len(outcome.results) == 6)

    assert seen[0] == most


def test_a_closed_runner_calls_nobody_and_leaves_no_thread(qtbot: QtBot, outcome: Outcome) -> None:
    before = set(threading.enumerate())
    runner = JobRunner()
    begun = threading.Event()

    def work(job: JobContext) -> None:
        begun.set()
        while True:
            job.report("Working", 0.1)
            time.sleep(0.001)

    job = runner.start(
        work, done=outcome.done, failed=outcome.failed, cancelled=outcome.on_cancelled
    )
    assert begun.wait(PATIENCE_S)
    runner.close()
    qtbot.wait(0)

    assert not outcome.ended
    assert not job.is_running
    assert set(threading.enumerate()) == before


def test_a_closed_runner_begins_nothing(qtbot: QtBot, outcome: Outcome) -> None:
    runner, began = JobRunner(), list[bool]()
    runner.close()
    job = runner.start(lambda _: began.append(True), done=outcome.done, failed=outcome.failed)
    qtbot.wait(0)
    assert not job.is_running
    assert not began
    assert not outcome.ended


def test_a_nested_runner_dies_alone(qtbot: QtBot, runner: JobRunner, outcome: Outcome) -> None:
    nested, dropped = runner.nested(), Outcome()
    go_on = threading.Event()
    nested.start(lambda _: go_on.wait(PATIENCE_S), done=dropped.done, failed=dropped.failed)
    nested.close()
    go_on.set()
    runner.start(lambda _: "alive", done=outcome.done, failed=outcome.failed)
    qtbot.waitUntil(lambda: outcome.ended)

    assert outcome.results == ["alive"]
    assert not dropped.ended


@pytest.mark.parametrize("lane", WORKERS)
def test_the_window_lives_on_while_a_lane_works(
    qtbot: QtBot, runner: JobRunner, outcome: Outcome, lane: Lane
) -> None:
    """The work ends only when the window has had a turn."""
    had_a_turn = threading.Event()
    QTimer.singleShot(0, had_a_turn.set)
    runner.start(
        lambda _: had_a_turn.wait(PATIENCE_S), lane=lane, done=outcome.done, failed=outcome.failed
    )
    qtbot.waitUntil(lambda: outcome.ended)

    assert outcome.results == [True]


def test_the_window_has_a_turn_between_two_callbacks_that_take_long(
    qtbot: QtBot, runner: JobRunner
) -> None:
    """Ten that come at once are not one stall as long as all of them."""
    told: list[tuple[int, int]] = []
    turns: list[None] = []
    clock = QTimer()
    clock.timeout.connect(lambda: turns.append(None))
    came = threading.Event()

    def progress(_: str, fraction: float) -> None:
        told.append((round(fraction * 10), len(turns)))
        time.sleep(TURN_S)

    ended: list[None] = []
    runner.start(in_steps(10, after=came.set), done=ended.append, failed=never, progress=progress)
    assert came.wait(PATIENCE_S)
    clock.start(0)
    qtbot.waitUntil(lambda: bool(ended))
    clock.stop()
    assert [number for number, _ in told] == [0, *range(10)]
    assert all(before < after for (_, before), (_, after) in itertools.pairwise(told))


def test_callbacks_that_take_no_time_do_not_wait_for_a_turn(
    qtbot: QtBot, runner: JobRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cxr_desktop.ui.jobs.TURN_S", 60.0)  # a busy machine makes them take some
    told: list[float] = []
    came = threading.Event()

    def progress(_: str, fraction: float) -> None:
        told.append(fraction)

    runner.start(
        in_steps(300, after=came.set), done=lambda _: None, failed=never, progress=progress
    )
    assert came.wait(PATIENCE_S)
    turns = 0
    while len(told) < 301 and turns < 300:
        turns += 1
        QCoreApplication.processEvents()
        time.sleep(0.002)
    assert told == sorted(told)
    assert len(told) == 301
    assert turns < 10


def test_a_callback_that_fails_takes_none_of_those_after_it_along(
    qtbot: QtBot, runner: JobRunner
) -> None:
    told: list[float] = []

    def progress(_: str, fraction: float) -> None:
        told.append(fraction)
        if len(told) == 2:
            raise ValueError("a bug")

    ended: list[None] = []
    with qtbot.captureExceptions() as bugs:
        runner.start(in_steps(3), done=ended.append, failed=never, progress=progress)
        qtbot.waitUntil(lambda: bool(ended))
    assert [str(bug) for _, bug, _ in bugs] == ["a bug"]
    assert len(told) == 4


def test_work_waits_at_its_next_step_until_the_window_has_drawn(
    qtbot: QtBot, runner: JobRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cxr_desktop.right_of_way.LONGEST_S", 60.0)
    begun, go_on, stepped = threading.Event(), threading.Event(), threading.Event()

    def work(job: JobContext) -> None:
        begun.set()
        assert go_on.wait(PATIENCE_S)
        job.report("a step", 0.5)
        stepped.set()

    ended: list[None] = []
    runner.start(work, done=ended.append, failed=never)
    assert begun.wait(PATIENCE_S)
    runner.draw_first()
    go_on.set()
    assert not stepped.wait(0.2)
    qtbot.waitUntil(lambda: bool(ended))


def test_work_waits_while_the_window_draws_what_another_one_came_to(
    qtbot: QtBot, runner: JobRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cxr_desktop.right_of_way.LONGEST_S", 60.0)
    go_on, stepped = threading.Event(), threading.Event()
    waited: list[bool] = []

    def work(job: JobContext) -> None:
        assert go_on.wait(PATIENCE_S)
        job.report("a step", 0.5)
        stepped.set()

    def draw(_: None) -> None:
        go_on.set()
        waited.append(not stepped.wait(0.2))

    ended: list[None] = []
    runner.start(work, lane="bulk", done=ended.append, failed=never)
    runner.start(lambda _: None, done=draw, failed=never)
    qtbot.waitUntil(lambda: bool(ended))
    assert waited == [True]


def test_a_runner_that_is_closed_holds_nobody_up(
    runner: JobRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cxr_desktop.right_of_way.LONGEST_S", 60.0)
    inner = runner.nested()
    inner.draw_first()
    inner.close()
    waiting = threading.Thread(target=window_first.wait)
    waiting.start()
    waiting.join(PATIENCE_S)
    assert not waiting.is_alive()
