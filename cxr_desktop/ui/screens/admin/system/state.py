"""What the System tab shows of the self-test."""

from __future__ import annotations

from dataclasses import dataclass

from cxr_desktop.domain.self_test import CheckResult
from cxr_desktop.ui.errors import Notice


@dataclass(frozen=True, slots=True)
class NotRun:
    """The self-test was not run since the window was opened."""


@dataclass(frozen=True, slots=True)
class Running:
    """The check of this name is being done, 0..1 of all."""

    step: str
    fraction: float


@dataclass(frozen=True, slots=True)
class Done:
    """One result per check."""

    results: tuple[CheckResult, ...]

    @property
    def passed(self) -> bool:
        """Whether every check passed."""
        return all(result.passed for result in self.results)


@dataclass(frozen=True, slots=True)
class Failed:
    """The self-test itself could not be run."""

    notice: Notice


SystemState = NotRun | Running | Done | Failed
