"""What became of each film of a run, and the sums of it: for the window and the command line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, Self

from cxr_desktop.domain.assessment import Assessment, Verdict
from cxr_desktop.domain.errors import FilmRefused, UserError
from cxr_desktop.domain.history import ExamView
from cxr_desktop.domain.radiograph import Caution
from cxr_desktop.domain.tables import Cell

Status = Literal["classified", "stored_before", "refused", "not_done", "not_looked_at"]
COLUMNS = ("file", "status", "verdict", "probability", "reason", "message", "cautions", "exam_id")
"""Of a list of outcomes; `FilmOutcome.cells` has their order."""


@dataclass(frozen=True, slots=True)
class FilmOutcome:
    """What became of one file.

    `assessment` is None unless it was classified and the answer is for this account to see;
    `error` says why it was refused or not done; `exam_id` is empty when nothing was stored.
    """

    file: str
    status: Status
    assessment: Assessment | None = None
    error: UserError | None = None
    cautions: tuple[Caution, ...] = ()
    exam_id: str = ""

    @classmethod
    def of_exam(cls, file: str, exam: ExamView) -> Self:
        """Tell a stored exam, as much of it as the account may see."""
        return cls(
            file, "classified", exam.assessment, cautions=exam.cautions, exam_id=exam.exam_id
        )

    @classmethod
    def of_error(cls, file: str, error: UserError) -> Self:
        """Tell a refusal of the film, or what else stood in the way."""
        status: Status = "refused" if isinstance(error, FilmRefused) else "not_done"
        return cls(file, status, error=error)

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The values of `COLUMNS`; None where one does not apply."""
        given, error = self.assessment, self.error
        return (
            self.file,
            self.status,
            given.verdict.value if given else None,
            given.probability if given else None,
            error.code if error else None,
            str(error) if error else None,
            " ".join(caution.message for caution in self.cautions) or None,
            self.exam_id or None,
        )


@dataclass(frozen=True, slots=True)
class RunSums:
    """How many films came to what. `verdicts` are of the answers that may be seen.

    `reasons` are (refusal code, count), the most frequent first.
    """

    classified: int
    verdicts: tuple[tuple[Verdict, int], ...]
    refused: int
    reasons: tuple[tuple[str, int], ...]
    not_done: int
    not_looked_at: int
    stored_before: int = 0

    @staticmethod
    def of(outcomes: Iterable[FilmOutcome], *, not_looked_at: int = 0) -> RunSums:
        """Add up; `not_looked_at` are films that have no outcome at all."""
        tally = RunTally()
        for outcome in outcomes:
            tally.add(outcome)
        return tally.sums(tally.total + not_looked_at)


class RunTally:
    """Counts outcomes one by one and keeps none of them: a run may have millions."""

    def __init__(self) -> None:
        self.total = 0
        self._status: Counter[Status] = Counter()
        self._verdicts: Counter[Verdict] = Counter()
        self._reasons: Counter[str] = Counter()

    def add(self, outcome: FilmOutcome) -> None:
        """Count one."""
        self.total += 1
        self._status[outcome.status] += 1
        if outcome.assessment is not None:
            self._verdicts[outcome.assessment.verdict] += 1
        if outcome.status == "refused" and outcome.error is not None:
            self._reasons[outcome.error.code] += 1

    def sums(self, total: int) -> RunSums:
        """Return the sums of a run of so many films."""
        status, seen = self._status, self._verdicts
        return RunSums(
            classified=status["classified"],
            verdicts=tuple((verdict, seen[verdict]) for verdict in Verdict if seen[verdict]),
            refused=status["refused"],
            reasons=tuple(self._reasons.most_common()),
            not_done=status["not_done"],
            not_looked_at=status["not_looked_at"] + total - self.total,
            stored_before=status["stored_before"],
        )


def reason_words(code: str) -> str:
    """Return a refusal code in words: “not a chest” for `not_a_chest`."""
    return code.replace("_", " ")
