"""One film's outcome as the command line tells it."""

from __future__ import annotations

from cxr_desktop.domain.assessment import Assessment
from cxr_desktop.domain.outcome import FilmOutcome


def as_json(outcome: FilmOutcome) -> dict[str, object]:
    """Return the fields of docs/command-line.md; null where one does not apply."""
    given, error = outcome.assessment, outcome.error
    return {
        "file": outcome.file,
        "status": outcome.status,
        "verdict": given.verdict.value if given else None,
        "probability": given.probability if given else None,
        "meaning": given.meaning if given else None,
        "cautions": [{"code": c.code, "message": c.message} for c in outcome.cautions],
        "code": error.code if error else None,
        "message": str(error) if error else None,
        "model": _model(given) if given else None,
        "device": given.device if given else None,
        "ms": _milliseconds(given) if given else None,
    }


def word_of(outcome: FilmOutcome) -> str:
    """Return the verdict, "refused", or "stored" where the account may not see the verdict."""
    if outcome.assessment is not None:
        return outcome.assessment.verdict.value
    return "refused" if outcome.error else "stored"


def score_of(outcome: FilmOutcome) -> str:
    """Return P(abnormal) with four digits, or a dash."""
    return f"{outcome.assessment.probability:.4f}" if outcome.assessment else "-"


def notes_of(outcome: FilmOutcome) -> tuple[str, ...]:
    """Return why it was refused, or what to be careful about."""
    if outcome.error:
        return (str(outcome.error),)
    return tuple(map(str, outcome.cautions))


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
