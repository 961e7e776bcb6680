"""What tests give to a job runner: work in steps, and what must not come of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cxr_desktop.domain.errors import UserError
from cxr_desktop.domain.ports import JobContext


def never(error: UserError) -> None:
    """Stand for a failure that must not come."""
    pytest.fail(str(error))


def in_steps(
    count: int, after: Callable[[], object] = lambda: None
) -> Callable[[JobContext], None]:
    """Return work that reports so often, and then does what comes `after`."""

    def work(job: JobContext) -> None:
        for number in range(count):
            job.report("", number / count)
        after()

    return work
