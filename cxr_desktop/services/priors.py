"""Find the earlier films of a patient; they bring no answer with them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from cxr_desktop.domain.ports import FilmArchive
from cxr_desktop.domain.priors import PatientExam, PatientExamStore, Prior, names_a_patient
from cxr_desktop.domain.radiograph import StudyInfo
from cxr_desktop.domain.roles import Actor
from cxr_desktop.services.access import Access
from cxr_desktop.services.history import may_see

MOST = 12
LOOKED_AT = 200


class FindPriors:
    """Same patient ID, and same issuer where both are known; never by a name alone."""

    def __init__(
        self,
        store: PatientExamStore,
        archive: FilmArchive,
        access: Access,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._archive = archive
        self._access = access
        self._now = now

    def of(
        self, actor: Actor, study: StudyInfo, film_sha256: str, time: datetime | None = None
    ) -> tuple[Prior, ...]:
        """Return the films taken before this one that the person may see, the latest first.

        `time` is when the film was run, None for one that was not yet. A film that was run more
        than once is one prior. Raises `PermissionDenied` for an account that is no longer active.
        """
        current = self._access.active(actor)
        if not names_a_patient(study.patient_id):
            return ()
        moment = time or self._now()
        this = (study.study_date or moment.date(), moment)
        films: dict[str, PatientExam] = {}
        for exam in self._store.of_patient(study.patient_id, limit=LOOKED_AT):
            is_earlier = (exam.day, exam.time) < this and exam.film_sha256 != film_sha256
            if is_earlier and exam.is_of(study) and may_see(current, exam.user):
                films.setdefault(exam.film_sha256, exam)
        latest = sorted(films.values(), key=lambda one: (one.day, one.time), reverse=True)[:MOST]
        return tuple(
            Prior(exam, exam.differs_from(study), self._archive.thumbnail(exam.film_sha256))
            for exam in latest
        )
