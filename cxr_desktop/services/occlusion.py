"""Ask the model once more with a part of the film hidden; nothing of it is stored."""

from __future__ import annotations

from collections.abc import Callable

from cxr_desktop.domain.errors import FilmRefused, InvalidRequest
from cxr_desktop.domain.model_input import FilmRegion
from cxr_desktop.domain.occlusion import LARGEST_SHARE, SMALLEST, Occlusion, hide
from cxr_desktop.domain.ports import Classifier, JobContext, Preparer
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.domain.roles import Actor, Permission
from cxr_desktop.services.access import Access
from cxr_desktop.services.history import BrowseHistory


class CheckOcclusion:
    """Needs `run` and `see_result`, and an exam whose answer may be seen."""

    def __init__(
        self,
        classifier: Callable[[], Classifier],
        prepare: Preparer,
        history: BrowseHistory,
        access: Access,
    ) -> None:
        self._classifier = classifier
        self._prepare = prepare
        self._history = history
        self._access = access

    def __call__(
        self, actor: Actor, exam_id: str, film: Radiograph, region: FilmRegion, job: JobContext
    ) -> Occlusion:
        """Return the score with and without the part.

        Raises `InvalidRequest` (another model, another film, too small or large a part, a reading
        still to come), `ModelUnavailable`, `PermissionDenied`.
        """
        current = self._access.require(actor, Permission.RUN, Permission.SEE_RESULT)
        record = self._history.visible(current, exam_id)
        if self._history.awaits_reading(current, exam_id):
            raise InvalidRequest("Your own reading comes first.", hint="Save your reading.")
        if film.sha256 != record.film.sha256:
            raise InvalidRequest("This is another film.", hint="Open the exam again.")
        _check_size(film, region)
        job.report("Loading the model", 0.2)
        classifier = self._classifier()
        if classifier.model != record.assessment.model:
            raise InvalidRequest(
                "The active model is not the one that answered this exam.",
                hint="Run the film with the active model, then check that answer.",
            )
        job.report("Running the model with a part hidden", 0.5)
        hidden = self._prepare(hide(film, region), classifier.input_spec)
        try:
            after = classifier.assess(hidden).probability
        except FilmRefused as refusal:
            raise InvalidRequest(
                "With this part hidden the model takes the film for none that it may judge.",
                hint="Draw a smaller box.",
            ) from refusal
        return Occlusion(region, record.assessment.probability, after)


def _check_size(film: Radiograph, region: FilmRegion) -> None:
    if min(region.width, region.height) < SMALLEST:
        raise InvalidRequest("The box is too small to hide anything.", hint="Draw a larger one.")
    if region.width * region.height > LARGEST_SHARE * film.rows * film.columns:
        raise InvalidRequest(
            "The box hides more than half of the film.", hint="Draw a smaller one."
        )
