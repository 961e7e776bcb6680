"""One film's outcome as the command line tells it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cxr_desktop.domain.assessment import Assessment
from cxr_desktop.domain.errors import FilmRefused
from cxr_desktop.domain.history import ExamView
from cxr_desktop.domain.radiograph import Caution
from cxr_desktop.services.assess import Answer

Status = Literal["classified", "refused"]


@dataclass(frozen=True, slots=True)
class FilmLine:
    """What became of one file. `assessment` is None when refused, or not for this account to see.

    `exam_id` is empty when nothing was stored.
    """

    file: str
    status: Status
    assessment: Assessment | None = None
    refusal: FilmRefused | None = None
    cautions: tuple[Caution, ...] = ()
    exam_id: str = ""

    @classmethod
    def of_answer(cls, file: str, answer: Answer) -> FilmLine:
        """Tell an answer that is not stored."""
        return cls(file, "classified", answer.assessment, cautions=answer.cautions)

    @classmethod
    def of_exam(cls, file: str, exam: ExamView) -> FilmLine:
        """Tell a stored exam, as much of it as the account may see."""
        return cls(
            file, "classified", exam.assessment, cautions=exam.cautions, exam_id=exam.exam_id
        )

    @classmethod
    def of_refusal(cls, file: str, refusal: FilmRefused) -> FilmLine:
        """Tell why there is no answer."""
        return cls(file, "refused", refusal=refusal)

    def as_json(self) -> dict[str, object]:
        """Return the fields of docs/command-line.md; null where one does not apply."""
        given, refusal = self.assessment, self.refusal
        return {
            "file": self.file,
            "status": self.status,
            "verdict": given.verdict.value if given else None,
            "probability": given.probability if given else None,
            "meaning": given.meaning if given else None,
            "cautions": [{"code": c.code, "message": c.message} for c in self.cautions],
            "code": refusal.code if refusal else None,
            "message": str(refusal) if refusal else None,
            "model": _model(given) if given else None,
            "device": given.device if given else None,
            "ms": _milliseconds(given) if given else None,
        }

    @property
    def word(self) -> str:
        """The verdict, "refused", or "stored" where the account may not see the verdict."""
        if self.assessment is not None:
            return self.assessment.verdict.value
        return "refused" if self.refusal else "stored"

    @property
    def score(self) -> str:
        """P(abnormal) with four digits, or a dash."""
        return f"{self.assessment.probability:.4f}" if self.assessment else "-"

    @property
    def notes(self) -> tuple[str, ...]:
        """Why it was refused, or what to be careful about."""
        if self.refusal:
            return (str(self.refusal),)
        return tuple(f"Caution: {caution.message}" for caution in self.cautions)


def _model(given: Assessment) -> dict[str, object]:
    return {"id": given.model.id, "version": given.model.version, "sha256": given.model.sha256}


def _milliseconds(given: Assessment) -> dict[str, object]:
    spent = given.timings
    return {
        "read": round(spent.read, 3),
        "prepare": round(spent.prepare, 3),
        "infer": round(spent.infer, 3),
        "total": round(spent.total, 3),
    }
