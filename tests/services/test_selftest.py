from collections.abc import Callable
from pathlib import Path

import pytest

from cxr_desktop.domain.errors import JobCancelled, ModelUnavailable, StorageUnavailable, UserError
from cxr_desktop.domain.ports import NoProgress
from cxr_desktop.domain.self_test import CheckResult, SelfTestReport
from cxr_desktop.services.assess import AssessFilm, assessed_film
from cxr_desktop.services.selftest import Check, SelfTest
from tests.support.engine_fakes import CancelAt, FakeClock, Recorder, fake_prepare
from tests.support.self_tests import MemoryReports, a_self_test
from tests.support.world import World


def broken() -> str:
    """Fail as a missing model does."""
    raise ModelUnavailable("No model is installed.", hint="Import one.")


CHECKS = (Check("First", lambda: "Fine."), Check("Model", broken), Check("Last", lambda: "Good."))


class Disk:
    """A disk that is full, or not; `looks` counts how often it was looked at."""

    def __init__(self, *, full: bool) -> None:
        self.full = full
        self.looks = 0

    def __call__(self) -> str:
        self.looks += 1
        if self.full:
            raise StorageUnavailable("The disk is full.", hint="Free some space.")
        return "9 GB free."


def test_every_check_runs_even_after_a_failure() -> None:
    assert a_self_test(CHECKS)(NoProgress()) == (
        CheckResult("First", passed=True, message="Fine."),
        CheckResult("Model", passed=False, message="No model is installed. Import one."),
        CheckResult("Last", passed=True, message="Good."),
    )


def test_progress_names_the_check() -> None:
    job = Recorder()
    a_self_test(CHECKS)(job)
    assert job.reports == [
        ("First", 0.0),
        ("Model", pytest.approx(1 / 3)),
        ("Last", pytest.approx(2 / 3)),
    ]


def test_it_can_be_cancelled() -> None:
    with pytest.raises(JobCancelled):
        a_self_test(CHECKS)(CancelAt("Last"))


def test_at_the_start_only_the_checks_of_the_start_are_made() -> None:
    disk = Disk(full=False)
    test = a_self_test([Check("Long", broken), Check("Disk space", disk, at_start=True)])
    standing = test.at_start(NoProgress())
    assert (standing.failed, disk.looks) == ((), 1)
    test.require_passed()
    assert disk.looks == 1, "what passed is not made again before a run"


def test_while_a_check_of_the_start_fails_no_film_may_be_run() -> None:
    disk = Disk(full=True)
    test = a_self_test([Check("Disk space", disk, at_start=True), Check("Long", broken)])
    test.require_passed()  # nothing was tested yet
    assert [result.name for result in test.at_start(NoProgress()).failed] == ["Disk space"]
    with pytest.raises(UserError, match="No film is run") as refused:
        test.require_passed()
    assert "The disk is full. Free some space." in refused.value.message
    assert refused.value.hint


def test_what_was_put_right_is_seen_at_the_next_run() -> None:
    disk = Disk(full=True)
    test = a_self_test([Check("Disk space", disk, at_start=True)])
    test.at_start(NoProgress())
    disk.full = False
    test.require_passed()
    assert test.standing().failed == ()


def test_a_failure_of_another_check_keeps_no_film_from_being_run() -> None:
    test = a_self_test(CHECKS)
    test(NoProgress())
    test.require_passed()
    assert test.standing().failed == ()


def test_the_last_time_that_all_passed_is_remembered() -> None:
    clock, reports, disk = FakeClock(), MemoryReports(), Disk(full=False)
    test = SelfTest([Check("Disk space", disk, at_start=True)], reports, clock, "0.1.0")
    assert test.standing().last_passed is None
    test.at_start(NoProgress())
    good = test.standing().last_passed
    assert good is not None
    clock.forward(86_400)
    disk.full = True
    assert test.at_start(NoProgress()).last_passed == good
    assert [passed for _, passed in reports.kept] == [True, False]
    again = SelfTest([], reports, clock, "0.1.0")
    assert again.standing().last_passed == good
    last = again.last()
    assert last is not None
    assert last.results[0].message == "The disk is full. Free some space."


def test_a_report_that_cannot_be_kept_does_no_harm() -> None:
    class FullDisk(MemoryReports):
        def keep(self, report: SelfTestReport, *, passed: bool) -> None:
            raise StorageUnavailable("The disk is full.")

    test = a_self_test([Check("Disk space", Disk(full=True), at_start=True)], FullDisk())
    assert len(test.at_start(NoProgress()).failed) == 1


@pytest.mark.parametrize("way", ["run", "keep"])
def test_a_film_is_neither_run_nor_stored_while_it_fails(tmp_path: Path, way: str) -> None:
    world, disk = World(tmp_path), Disk(full=True)
    test = a_self_test([Check("Disk space", disk, at_start=True)])
    world.classify._ready = test.require_passed
    actor, path = world.actor("rad"), world.film(10, "film.png")
    film = world.classify.open(actor, path, NoProgress())
    assess = AssessFilm(world.reader, world.check, fake_prepare, world.classifiers)
    answer = assessed_film(assess(path, NoProgress()), lambda radiograph: b"small")
    ways: dict[str, Callable[[], object]] = {
        "run": lambda: world.classify.run(actor, film, NoProgress()),
        "keep": lambda: world.classify.keep_all(actor, [world.classify.stage(path, answer)]),
    }
    test.at_start(NoProgress())
    with pytest.raises(UserError, match="No film is run"):
        ways[way]()
    assert world.history.records == []
    disk.full = False
    ways[way]()
    assert len(world.history.records) == 1
