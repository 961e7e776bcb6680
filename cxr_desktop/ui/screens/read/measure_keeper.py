"""Stores what is measured on a film as soon as it has an exam, and fetches what was stored."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from cxr_desktop.domain.errors import UserError
from cxr_desktop.domain.measurement import Measurement
from cxr_desktop.domain.ports import JobContext
from cxr_desktop.domain.roles import Actor
from cxr_desktop.ui.jobs import JobRunner
from cxr_desktop.ui.screens.read.item import Item
from cxr_desktop.ui.screens.read.ports import ReadServices
from cxr_desktop.ui.session import Session

Measurements = tuple[Measurement, ...]


class MeasureKeeper:
    """One job at a time per item, so that a later set is never stored before an earlier one.

    `changed` is called when stored measurements came in, `failed` when some could not be stored.
    """

    def __init__(
        self,
        services: ReadServices,
        runner: JobRunner,
        session: Session,
        *,
        changed: Callable[[Item], None],
        failed: Callable[[UserError], None],
    ) -> None:
        self._services = services
        self._runner = runner
        self._session = session
        self._changed = changed
        self._failed = failed
        self._busy: set[int] = set()
        self._fetched: set[int] = set()
        self._readers: dict[int, Actor] = {}  # who measured: a sign-out must not lose the last set

    def take(self, item: Item, measurements: Measurements) -> None:
        """Note what a reader left on the film, and store it if there is an exam."""
        item.measurements = measurements
        item.are_measurements_kept = False
        if self._session.actor is not None:
            self._readers[item.key] = self._session.actor
        self.follow(item)

    def follow(self, item: Item) -> None:
        """Fetch for an exam opened again; store what was measured before there was an exam."""
        actor = self._session.actor or self._readers.get(item.key)
        if actor is None or item.exam is None or item.key in self._busy:
            return
        exam_id = item.exam.exam_id
        if item.exam_id and item.key not in self._fetched:
            self._fetched.add(item.key)
            self._busy.add(item.key)
            self._runner.start(
                partial(self._fetch, actor, exam_id),
                done=partial(self._on_fetched, item),
                failed=partial(self._on_failed, item),
                cancelled=partial(self._end, item),
            )
        elif not item.are_measurements_kept:
            item.are_measurements_kept = True
            self._busy.add(item.key)
            self._runner.start(
                partial(self._keep, actor, exam_id, item.measurements),
                done=lambda _: self._end(item),
                failed=partial(self._on_failed, item),
                cancelled=partial(self._end, item),
            )

    def _fetch(self, actor: Actor, exam_id: str, _: JobContext) -> Measurements:
        return self._services.measurements.of(actor, exam_id)

    def _keep(
        self, actor: Actor, exam_id: str, measurements: Measurements, _: JobContext
    ) -> object:
        return self._services.measurements.keep(actor, exam_id, measurements)

    def _on_fetched(self, item: Item, stored: Measurements) -> None:
        if item.are_measurements_kept:
            item.measurements = stored
        else:  # somebody was faster than the database: nothing of either is lost
            item.measurements = (*stored, *item.measurements)
        self._end(item)
        self._changed(item)

    def _on_failed(self, item: Item, error: UserError) -> None:
        self._end(item)
        self._failed(error)

    def _end(self, item: Item) -> None:
        self._busy.discard(item.key)
        self.follow(item)
