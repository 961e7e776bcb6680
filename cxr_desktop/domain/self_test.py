"""What the program found when it tested itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What one check found."""

    name: str
    passed: bool
    message: str

    @property
    def row(self) -> dict[str, str | bool]:
        """The result as a JSON object, the same wherever one is written."""
        return {"check": self.name, "passed": self.passed, "message": self.message}


@dataclass(frozen=True, slots=True)
class SelfTestReport:
    """One self-test: when, which version of the program, and what it found."""

    time: datetime
    program_version: str
    results: tuple[CheckResult, ...]


@dataclass(frozen=True, slots=True)
class StartChecks:
    """The checks that are made at every start: which of them fail now, and when all passed last."""

    failed: tuple[CheckResult, ...] = ()
    last_passed: datetime | None = None

    @property
    def words(self) -> str:
        """What fails, as one line."""
        return " ".join(f"{result.name}: {result.message}" for result in self.failed)


class SelfTestReports(Protocol):
    """Keeps the last self-test, and the moment of the last one that passed."""

    def last(self) -> SelfTestReport | None:
        """Return the last self-test; None before the first, or when it cannot be read."""
        ...

    def last_passed(self) -> datetime | None:
        """Return when every check of the start passed last."""
        ...

    def keep(self, report: SelfTestReport, *, passed: bool) -> None:
        """Keep this one. Raises `StorageUnavailable`."""
        ...
