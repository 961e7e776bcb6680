"""The program tests itself: one line per check, in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cxr_desktop.domain.errors import UserError
from cxr_desktop.domain.ports import JobContext


@dataclass(frozen=True, slots=True)
class Check:
    """`run` returns a sentence about what it saw, or raises `UserError`."""

    name: str
    run: Callable[[], str]


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What one check found."""

    name: str
    passed: bool
    message: str


class SelfTest:
    """Runs the checks that the composition root chose, all of them, even after a failure."""

    def __init__(self, checks: Sequence[Check]) -> None:
        self._checks = tuple(checks)

    def __call__(self, job: JobContext) -> tuple[CheckResult, ...]:
        """Return one result per check, in order."""
        return tuple(self._one(check, index, job) for index, check in enumerate(self._checks))

    def _one(self, check: Check, index: int, job: JobContext) -> CheckResult:
        job.report(check.name, index / len(self._checks))
        try:
            return CheckResult(check.name, passed=True, message=check.run())
        except UserError as error:
            return CheckResult(check.name, passed=False, message=str(error))
