"""`evaluate`: measure the model on films of known truth, every source by itself."""

from __future__ import annotations

import argparse
import math
from dataclasses import asdict
from pathlib import Path
from typing import Any

from cxr_desktop.cli.command import Command, Exit, Invocation, add_json
from cxr_desktop.cli.films import load_model
from cxr_desktop.cli.sessions import engine_only
from cxr_desktop.cli.terminal import Terminal
from cxr_desktop.domain.errors import StorageUnavailable
from cxr_desktop.domain.evaluation import SENSITIVITIES, SourceFigures
from cxr_desktop.domain.ports import NoProgress
from cxr_desktop.services.quality import QualityReport


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "films",
        type=Path,
        metavar="MANIFEST.csv|FOLDER",
        help="a CSV with the columns path and label (source, split), or a folder that holds "
        "normal/ and abnormal/",
    )
    parser.add_argument("--split", action="append", default=[], help="only these of a manifest")
    parser.add_argument(
        "--prevalence", type=float, default=0.1, help="share of abnormal films for PPV and NPV"
    )
    parser.add_argument("--plots", type=Path, metavar="DIR", help="write ROC and reliability SVGs")
    parser.add_argument("--model", metavar="ID", help="this model instead of the active one")
    parser.add_argument(
        "--device", choices=("auto", "cpu", "cuda"), help="what the model runs on (default: auto)"
    )
    add_json(parser)


def _run(call: Invocation) -> int:
    with engine_only(call) as engine:
        films = engine.labelled_films(call.args.films, splits=call.args.split)
        load_model(engine, call.terminal)
        report = engine.evaluate(films, NoProgress(), prevalence=call.args.prevalence)
        if call.args.plots:
            _save(call.args.plots, engine.draw_plots(report.scored))
    if call.args.json:
        call.terminal.json_line(as_json(report))
    else:
        _as_text(report, call.terminal)
    return Exit.SOME_REFUSED if report.refused else Exit.DONE


def _save(folder: Path, plots: dict[str, str]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, svg in plots.items():
            (folder / name).write_text(svg, encoding="utf-8")
    except OSError as error:
        raise StorageUnavailable(
            f"The plots could not be written to “{folder}”.", hint="Choose another folder."
        ) from error


def as_json(report: QualityReport) -> dict[str, object]:
    """One object; what was not measured is null."""
    evaluation = report.evaluation
    return {
        "model": asdict(report.model),
        "sources": [_known(asdict(figures)) for figures in evaluation.sources],
        "macro_average": {
            "auc": _number(evaluation.mean_auc),
            "sensitivity": _number(evaluation.mean_sensitivity),
            "specificity": _number(evaluation.mean_specificity),
        },
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
    return _number(value) if isinstance(value, float) else value


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value


def _as_text(report: QualityReport, terminal: Terminal) -> None:
    model = report.model
    terminal.line(f"{model.id} {model.version}; all intervals are at 95 %")
    for figures in report.evaluation.sources:
        _source(figures, terminal)
    evaluation = report.evaluation
    terminal.line("mean over the sources that have both labels (each counts the same)")
    terminal.line(f"    AUC           {_text(evaluation.mean_auc)}")
    terminal.line(f"    sensitivity   {_text(evaluation.mean_sensitivity)}")
    terminal.line(f"    specificity   {_text(evaluation.mean_specificity)}")
    if evaluation.worst_misses:
        terminal.line("farthest from the truth")
    for film in evaluation.worst_misses:
        truth = "abnormal" if film.abnormal else "normal"
        terminal.line(f"    {film.probability:.3f}  {truth:<8}  {film.source}  {film.name}")
    for path, refusal in report.refused:
        terminal.line(f"refused: {path.name}: {refusal}")


def _source(figures: SourceFigures, terminal: Terminal) -> None:
    terminal.line(f"{figures.source}: {figures.normals} normal, {figures.abnormals} abnormal films")
    rows = [
        ("AUC", str(figures.auc)),
        ("sensitivity", f"{figures.sensitivity} (abnormal films not called normal)"),
        ("specificity", f"{figures.specificity} (normal films not called abnormal)"),
        ("accuracy", f"{figures.accuracy} of the films not left uncertain"),
        ("uncertain", str(figures.uncertain)),
        *(
            (f"cleared at {round(level * 100)} %", f"{share} of normal films")
            for level, share in zip(SENSITIVITIES, figures.cleared, strict=True)
        ),
        ("calibration", f"{_text(figures.calibration_error)} expected error"),
        (
            "PPV, NPV",
            f"{_text(figures.ppv)}, {_text(figures.npv)} at prevalence {figures.prevalence:g}",
        ),
        ("truth normal", "normal {}, uncertain {}, abnormal {}".format(*figures.confusion.normal)),
        (
            "truth abnormal",
            "normal {}, uncertain {}, abnormal {}".format(*figures.confusion.abnormal),
        ),
    ]
    for name, value in rows:
        terminal.line(f"    {name:<15} {value}")


def _text(value: float) -> str:
    return "not measured" if math.isnan(value) else f"{value:.3f}"


COMMAND = Command(
    "evaluate", "measure the model on films of known truth, per source", _arguments, _run
)
