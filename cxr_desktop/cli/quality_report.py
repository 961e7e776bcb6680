"""An evaluation of a model as the command line tells it: one object, or lines for a person."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from cxr_desktop.domain.evaluation import SENSITIVITIES, MacroFigures, SourceFigures
from cxr_desktop.services.quality import QualityReport

ONE_LABEL = (
    "no source here has both normal and abnormal films (--join measures several as one source)"
)


def quality_json(report: QualityReport) -> dict[str, object]:
    """One object; what was not measured is null."""
    evaluation = report.evaluation
    return {
        "model": asdict(report.model),
        "sources": [_known(asdict(figures)) for figures in evaluation.sources],
        "macro_average": _known(asdict(evaluation.macro)),
        "cleared_at_sensitivity": list(SENSITIVITIES),
        "worst_misses": [asdict(film) for film in evaluation.worst_misses],
        "refused": [
            {"file": str(path), "code": refusal.code, "message": str(refusal)}
            for path, refusal in report.refused
        ],
    }


def _known(value: Any) -> Any:
    """Replace nan by None, all the way down."""
    if isinstance(value, dict):
        return {key: _known(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [_known(member) for member in value]
    return None if isinstance(value, float) and math.isnan(value) else value


def quality_lines(report: QualityReport) -> Iterator[str]:
    """Every source by itself, their mean, the worst misses, what was refused."""
    model, evaluation = report.model, report.evaluation
    yield f"{model.id} {model.version}; all intervals are at 95 %"
    for source in evaluation.sources:
        yield f"{source.source}: {source.normals} normal, {source.abnormals} abnormal films"
        yield from _rows(source, source.prevalence)
        yield _row("truth normal", _zones(source.confusion.normal))
        yield _row("truth abnormal", _zones(source.confusion.abnormal))
    if evaluation.macro.sources:
        yield f"mean of {', '.join(evaluation.macro.sources)} (each counts the same)"
        yield from _rows(evaluation.macro, evaluation.sources[0].prevalence)
    else:
        yield f"no mean: {ONE_LABEL}"
    if evaluation.worst_misses:
        yield "farthest from the truth"
    for film in evaluation.worst_misses:
        truth = "abnormal" if film.abnormal else "normal"
        yield f"    {film.probability:.3f}  {truth:<8}  {film.source}  {film.name}"
    for path, refusal in report.refused:
        yield f"refused: {path.name}: {refusal}"


def _rows(figures: SourceFigures | MacroFigures, prevalence: float) -> Iterator[str]:
    yield _row("AUC", str(figures.auc))
    yield _row("sensitivity", f"{figures.sensitivity} (abnormal films not called normal)")
    yield _row("specificity", f"{figures.specificity} (normal films not called abnormal)")
    yield _row("accuracy", f"{figures.accuracy} of the films not left uncertain")
    yield _row("uncertain", str(figures.uncertain))
    for level, share in zip(SENSITIVITIES, figures.cleared, strict=True):
        yield _row(f"cleared at {round(level * 100)} %", f"{share} of normal films")
    yield _row("calibration", f"{figures.calibration_error} expected error")
    yield _row("PPV", f"{figures.ppv} at prevalence {prevalence:g}")
    yield _row("NPV", f"{figures.npv} at prevalence {prevalence:g}")


def _zones(counts: tuple[int, int, int]) -> str:
    return "normal {}, uncertain {}, abnormal {}".format(*counts)


def _row(name: str, value: str) -> str:
    return f"    {name:<15} {value}"
