"""One job at a time: what a dropped one gives is never taken for the next one's."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.errors import InvalidRequest
from cxr_desktop.ui.one_job import OneJob
from cxr_desktop.ui.session import Session
from tests.support.held_runner import HeldRunner
from tests.support.world import World


@pytest.fixture
def runner(qtbot: QtBot) -> HeldRunner:
    del qtbot  # there must be an application
    return HeldRunner()


def one_job(world: World, runner: HeldRunner) -> tuple[OneJob, list[object]]:
    session = Session()
    session.sign_in(world.actor("admin"))
    job = OneJob(runner, session)
    told: list[object] = []
    job.done.connect(told.append)
    job.failed.connect(lambda notice: told.append(notice.text))
    job.cancelled.connect(lambda: told.append("cancelled"))
    return job, told


def test_what_a_dropped_job_gives_is_not_the_next_ones(world: World, runner: HeldRunner) -> None:
    job, told = one_job(world, runner)
    job.start(lambda _actor, _job: "first")
    runner.work()  # it has come to its end, and its answer is on its way
    job.drop()
    job.start(lambda _actor, _job: "second")
    runner.finish_all()
    assert told == ["second"]


def test_the_end_of_a_dropped_job_ends_no_other(world: World, runner: HeldRunner) -> None:
    job, told = one_job(world, runner)
    job.start(lambda _actor, _job: "first")
    job.drop()
    job.start(lambda _actor, _job: "second")
    runner.finish()  # the first sees that it was cancelled
    assert job.is_running
    runner.finish()
    assert told == ["second"]


def test_a_refusal_of_a_dropped_job_is_not_told(world: World, runner: HeldRunner) -> None:
    job, told = one_job(world, runner)

    def refuse(*_: object) -> object:
        raise InvalidRequest("No.", hint="Try another.")

    job.start(refuse)
    job.drop()
    job.start(lambda _actor, _job: "second")
    runner.finish_all()
    assert told == ["second"]
