import pytest

from cxr_desktop.domain.errors import JobCancelled, ModelUnavailable
from cxr_desktop.domain.ports import NoProgress
from cxr_desktop.services.selftest import Check, CheckResult, SelfTest
from tests.support.engine_fakes import CancelAt, Recorder


def broken() -> str:
    """Fail as a missing model does."""
    raise ModelUnavailable("No model is installed.", hint="Import one.")


CHECKS = (Check("First", lambda: "Fine."), Check("Model", broken), Check("Last", lambda: "Good."))


def test_every_check_runs_even_after_a_failure() -> None:
    assert SelfTest(CHECKS)(NoProgress()) == (
        CheckResult("First", passed=True, message="Fine."),
        CheckResult("Model", passed=False, message="No model is installed. Import one."),
        CheckResult("Last", passed=True, message="Good."),
    )


def test_progress_names_the_check() -> None:
    job = Recorder()
    SelfTest(CHECKS)(job)
    assert job.reports == [
        ("First", 0.0),
        ("Model", pytest.approx(1 / 3)),
        ("Last", pytest.approx(2 / 3)),
    ]


def test_it_can_be_cancelled() -> None:
    with pytest.raises(JobCancelled):
        SelfTest(CHECKS)(CancelAt("Last"))
