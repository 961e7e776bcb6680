"""The program tests itself: one line per check, in words.

Some checks are made at every start. While one of them fails, no film is run.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from cxr_desktop.domain.errors import StorageUnavailable, UserError
from cxr_desktop.domain.ports import JobContext
from cxr_desktop.domain.self_test import CheckResult, SelfTestReport, SelfTestReports, StartChecks


@dataclass(frozen=True, slots=True)
class Check:
    """`run` returns a sentence about what it saw, or raises `UserError`.

    One `at_start` is quick, is made at every start, and must pass before a film is run.
    """

    name: str
    run: Callable[[], str]
    at_start: bool = False


class SelfTest:
    """Runs the checks that the composition root chose, all of them, even after a failure."""

    def __init__(
        self,
        checks: Sequence[Check],
        reports: SelfTestReports,
        now: Callable[[], datetime],
        program_version: str,
    ) -> None:
        self._checks = tuple(checks)
        self._reports = reports
        self._now = now
        self._version = program_version
        self._failed: dict[str, CheckResult] = {}  # of the checks of the start
        self._last_passed = reports.last_passed()
        self._changing = Lock()

    def __call__(self, job: JobContext) -> tuple[CheckResult, ...]:
        """Make every check; return one result for each, in order."""
        return self._make(self._checks, job)

    def at_start(self, job: JobContext) -> StartChecks:
        """Make the checks of the start, and say how they stand."""
        self._make([check for check in self._checks if check.at_start], job)
        return self.standing()

    def standing(self) -> StartChecks:
        """Say how the checks of the start stand; none has failed before the first was made."""
        with self._changing:
            return StartChecks(tuple(self._failed.values()), self._last_passed)

    def last(self) -> SelfTestReport | None:
        """Return the last self-test that was made in this data folder."""
        return self._reports.last()

    def require_passed(self) -> None:
        """Raise `UserError` while a check of the start fails; those that failed are made again."""
        with self._changing:
            failed = list(self._failed)
        if not failed:
            return
        again = [check for check in self._checks if check.name in failed]
        self._note([self._one(check) for check in again])
        standing = self.standing()
        if standing.failed:
            raise UserError(
                f"No film is run, because the self-test does not pass. {standing.words}",
                hint="Put that right, or ask IT; then run again.",
                code="self_test",
            )

    def _make(self, checks: Sequence[Check], job: JobContext) -> tuple[CheckResult, ...]:
        results = []
        for index, check in enumerate(checks):
            job.report(check.name, index / len(checks))
            results.append(self._one(check))
        self._note(results)
        report = SelfTestReport(self._now(), self._version, tuple(results))
        with self._changing:
            passed = not self._failed
            self._last_passed = report.time if passed else self._last_passed
        with suppress(StorageUnavailable):  # a full disk is a check's to tell
            self._reports.keep(report, passed=passed)
        return report.results

    def _note(self, results: Sequence[CheckResult]) -> None:
        at_start = {check.name for check in self._checks if check.at_start}
        with self._changing:
            for result in results:
                self._failed.pop(result.name, None)
                if not result.passed and result.name in at_start:
                    self._failed[result.name] = result

    @staticmethod
    def _one(check: Check) -> CheckResult:
        try:
            return CheckResult(check.name, passed=True, message=check.run())
        except UserError as error:
            return CheckResult(check.name, passed=False, message=str(error))
