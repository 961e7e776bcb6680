"""Looks for a patient's earlier films, and reads the one that is to be seen beside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from cxr_desktop.domain.errors import UserError
from cxr_desktop.domain.ports import JobContext
from cxr_desktop.domain.priors import Prior
from cxr_desktop.domain.radiograph import StudyInfo
from cxr_desktop.domain.roles import Actor
from cxr_desktop.ui.jobs import Job, JobRunner
from cxr_desktop.ui.screens.read.item import Item
from cxr_desktop.ui.screens.read.ports import ReadServices
from cxr_desktop.ui.screens.read.state import PriorFilm, PriorsState, ShownFilm
from cxr_desktop.ui.session import Session


class PriorKeeper:
    """Acts on the current film. Its earlier film is let go of as soon as another film is shown.

    `changed` follows every step, `failed` carries what went wrong.
    """

    def __init__(
        self,
        services: ReadServices,
        runner: JobRunner,
        session: Session,
        *,
        current: Callable[[], Item | None],
        changed: Callable[[], None],
        failed: Callable[[UserError], None],
    ) -> None:
        self._services = services
        self._runner = runner
        self._session = session
        self._current = current
        self._changed = changed
        self._failed = failed
        self._item: Item | None = None  # whose priors these are
        self._asked: tuple[str, str, str] | None = None
        self._state = PriorsState()
        self._job: Job | None = None
        self._is_looking = False
        self._is_wanted = False  # the latest of them, once they are found

    @property
    def state(self) -> PriorsState:
        """What to show of the current film's patient; nothing of anybody else's."""
        return self._state if self._item is self._current() else PriorsState()

    def follow(self, item: Item) -> None:
        """Look for the earlier films of the film that is on the screen."""
        if item is not self._item:
            self._item, self._asked = item, None
            self._let_go()
            self._state = PriorsState()
            self._is_looking = self._is_wanted = False
        actor, study = self._session.actor, _study_of(item)
        if actor is None or study is None or item.shown is None:
            return
        # The exam may know more of the patient than the film's file: what was typed.
        asked = (study.patient_id, study.patient_id_issuer, _exam_id(item))
        if asked != self._asked:
            self._asked, self._is_looking = asked, True
            self._runner.start(
                partial(self._find, actor, item, study),
                done=partial(self._on_found, item, asked),
                failed=partial(self._on_not_found, item, asked),
            )

    def look_again(self) -> None:
        """Look for the earlier films anew: others of the patient may have been stored since."""
        self._asked = None
        item = self._current()
        if item is not None:
            self.follow(item)

    def choose(self, exam_id: str) -> None:
        """Read this earlier film, or let go of it when it is the chosen one."""
        actor, item = self._session.actor, self._item
        prior = next((one for one in self.state.priors if one.exam.exam_id == exam_id), None)
        chosen = self._state.chosen
        self._let_go()
        if actor is not None and item is not None and prior is not None and chosen != exam_id:
            self._state = PriorsState(self._state.priors, exam_id)
            self._job = self._runner.start(
                partial(self._read, actor, prior),
                done=partial(self._on_read, item),
                failed=partial(self._on_not_read, item),
            )
        self._changed()

    def turn_on_or_off(self) -> None:
        """Show the latest earlier film, or none; where they are looked for, once they are found."""
        state, item = self.state, self._current()
        if item is not None and not state.priors:
            self._is_wanted = self._is_looking or item.shown is None
        elif state.chosen or state.priors:
            self.choose(state.chosen or state.priors[0].exam.exam_id)

    # In a thread

    def _find(
        self, actor: Actor, item: Item, study: StudyInfo, job: JobContext
    ) -> tuple[Prior, ...]:
        job.report("Looking for earlier films", 0.0)
        if item.exam is not None:
            return self._services.priors.of(actor, study, item.exam.film.sha256, item.exam.time)
        shown = item.shown
        return self._services.priors.of(actor, study, shown.radiograph.sha256) if shown else ()

    def _read(self, actor: Actor, prior: Prior, job: JobContext) -> PriorFilm:
        exam = self._services.history.open(actor, prior.exam.exam_id)
        film = self._services.history.film(actor, exam.exam_id, job)
        if film.sha256 != prior.exam.film_sha256:
            raise RuntimeError("this is not the earlier film that was chosen")
        return PriorFilm(prior, exam, ShownFilm.of(film))

    # Back on the GUI thread

    def _on_found(self, item: Item, asked: tuple[str, str, str], priors: tuple[Prior, ...]) -> None:
        if item is not self._item or asked != self._asked:
            return
        wanted, self._is_looking, self._is_wanted = self._is_wanted, False, False
        if priors != self._state.priors:
            if self._state.chosen in {prior.exam.exam_id for prior in priors}:
                self._state = replace(self._state, priors=priors)
            else:
                self._let_go()
                self._state = PriorsState(priors)
            self._changed()
        if wanted and not self._state.chosen:
            self.turn_on_or_off()

    def _on_not_found(self, item: Item, asked: tuple[str, str, str], error: UserError) -> None:
        if item is self._item and asked == self._asked:
            self._is_looking = self._is_wanted = False
        self._failed(error)

    def _on_read(self, item: Item, film: PriorFilm) -> None:
        if item is self._item and self._state.chosen == film.exam.exam_id:
            self._job = None
            self._state = PriorsState(self._state.priors, film.exam.exam_id, film)
            self._changed()

    def _on_not_read(self, item: Item, error: UserError) -> None:
        if item is self._item:
            self._let_go()
            self._failed(error)

    def _let_go(self) -> None:
        """Show none, and stop reading one."""
        if self._job is not None:
            self._job.cancel()
            self._job = None
        self._state = PriorsState(self._state.priors)


def _study_of(item: Item) -> StudyInfo | None:
    if item.exam is not None:
        return item.exam.study
    return item.shown.radiograph.study if item.shown is not None else None


def _exam_id(item: Item) -> str:
    return item.exam.exam_id if item.exam is not None else ""
