"""A reader's own answer to the film shown: what the screen says of it, and what an item keeps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.review import REVIEW_TEXT_LIMIT, Opinion, Review, ReviewKind


@dataclass(slots=True)
class ReadingNotes:
    """What one film's reader chose and typed, and what was said of its exam.

    `seen_at` is when the film came on the screen; `said` is None until it was fetched. `is_busy`:
    something is fetched or stored, `is_saving`: stored, `is_save_wanted`: once it was fetched.
    """

    verdict: Verdict | None = None
    text: str = ""
    said: tuple[Review, ...] | None = None
    seen_at: datetime | None = None
    is_busy: bool = False
    is_saving: bool = False
    is_save_wanted: bool = False

    @property
    def has_draft(self) -> bool:
        """Whether something was chosen or typed that is neither stored nor being stored."""
        return not self.is_saving and (self.verdict is not None or bool(self.text.strip()))

    def forget_draft(self) -> None:
        """Begin afresh after something was stored."""
        self.verdict, self.text = None, ""


@dataclass(frozen=True, slots=True)
class OwnReading:
    """The reading of one stored exam. `comes_first`: its answer is withheld until then.

    `own` is what this reader said, which addenda and opinions follow. `is_fetching`: what was said
    before is not here yet; a verdict and a text can be given already, and are stored after it.
    """

    exam_id: str
    comes_first: bool
    verdict: Verdict | None = None
    text: str = ""
    said: tuple[Review, ...] = ()
    own: Review | None = None
    is_fetching: bool = False
    is_saving: bool = False

    @property
    def may_choose(self) -> bool:
        """Whether a verdict can still be given; one that came before the answer stays."""
        return self.own is None or self.own.kind is not ReviewKind.FIRST

    @property
    def may_save(self) -> bool:
        """Whether there is something to store: a verdict, or a text beside one given before."""
        if self.is_saving or len(self.text) > REVIEW_TEXT_LIMIT:
            return False
        return self.verdict is not None or (self.own is not None and bool(self.text.strip()))

    @property
    def opinion(self) -> Opinion | None:
        """What this reader said of the model's answer last."""
        if self.own is None:
            return None
        mine = (one for one in self.said if one.user == self.own.user)
        return next((one.opinion for one in mine if one.opinion is not None), None)

    @property
    def may_opine(self) -> bool:
        """Whether something can be said of the model's answer."""
        return self.own is not None and not self.comes_first and not self.is_busy

    @property
    def is_busy(self) -> bool:
        """Whether something is fetched or stored."""
        return self.is_fetching or self.is_saving
