"""What goes along with the film shown: the reader's own answer, earlier films, tags, occlusion."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from cxr_desktop.domain.errors import UserError
from cxr_desktop.domain.roles import Permission
from cxr_desktop.ui.jobs import JobRunner
from cxr_desktop.ui.screens.read.item import Item
from cxr_desktop.ui.screens.read.occlusion_keeper import OcclusionKeeper
from cxr_desktop.ui.screens.read.ports import ReadServices
from cxr_desktop.ui.screens.read.prior_keeper import PriorKeeper
from cxr_desktop.ui.screens.read.reading_keeper import ReadingKeeper
from cxr_desktop.ui.screens.read.tag_fetcher import TagFetcher, fetcher_for
from cxr_desktop.ui.session import Session

if TYPE_CHECKING:  # it brings printing along
    from cxr_desktop.ui.printing.reporter import Reporter


ReportOfFilm = tuple["Reporter", str]
"""What makes a report, and of which exam."""


class Beside:
    """Acts on the current film. `changed` follows every step, `failed` carries what went wrong.

    It carries None when a reading is stored that was not before.
    """

    def __init__(
        self,
        services: ReadServices,
        runner: JobRunner,
        session: Session,
        *,
        current: Callable[[], Item | None],
        now: Callable[[], datetime],
        changed: Callable[[], None],
        failed: Callable[[UserError | None], None],
    ) -> None:
        self._services = services
        self._runner = runner
        self._session = session
        self._current = current
        self.readings = ReadingKeeper(
            services, runner, session, current=current, now=now, changed=changed, failed=failed
        )
        self.priors = PriorKeeper(
            services, runner, session, current=current, changed=changed, failed=failed
        )
        self.occlusion = OcclusionKeeper(
            services, runner, session, current=current, changed=changed
        )

    def follow(self, item: Item) -> None:
        """Go along with an item: it came on the screen, or something became known of it."""
        if item is self._current():
            self.readings.follow(item)
            self.priors.follow(item)

    @property
    def may_report(self) -> bool:
        """Whether the film shown has an answer in view, and this person makes reports."""
        actor, item = self._session.actor, self._current()
        has_answer = item is not None and item.exam is not None and bool(item.exam.assessment)
        return has_answer and actor is not None and actor.may(Permission.REPORT)

    def report(self) -> ReportOfFilm | None:
        """Return the exam whose report may be made, and what makes it; None where there is none."""
        item = self._current()
        if not self.may_report or item is None or item.exam is None:
            return None
        from cxr_desktop.ui.printing.reporter import Reporter  # noqa: PLC0415 - start-up time

        return Reporter(self._services.report, self._runner, self._session), item.exam.exam_id

    def tags(self) -> TagFetcher | None:
        """Return what fetches the film's DICOM tags; None where it has none."""
        return fetcher_for(self._current(), self._services, self._runner, self._session.actor)
