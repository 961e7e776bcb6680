"""A self-test in memory."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cxr_desktop.domain.self_test import SelfTestReport
from cxr_desktop.services.selftest import Check, SelfTest
from tests.support.engine_fakes import FakeClock


class MemoryReports:
    """The `SelfTestReports` of nobody's data folder."""

    def __init__(self) -> None:
        self.kept: list[tuple[SelfTestReport, bool]] = []

    def last(self) -> SelfTestReport | None:
        """Return the newest."""
        return self.kept[-1][0] if self.kept else None

    def last_passed(self) -> datetime | None:
        """Return the moment of the newest that passed."""
        return next((report.time for report, passed in reversed(self.kept) if passed), None)

    def keep(self, report: SelfTestReport, *, passed: bool) -> None:
        """Keep this one, too."""
        self.kept.append((report, passed))


def a_self_test(checks: Sequence[Check] = (), reports: MemoryReports | None = None) -> SelfTest:
    """Make one of these checks."""
    return SelfTest(checks, reports or MemoryReports(), FakeClock(), "0.1.0")
