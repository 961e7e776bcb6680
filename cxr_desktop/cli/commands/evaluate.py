"""`evaluate`: measure the model on films of known truth, every source by itself."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

from cxr_desktop.cli.command import Command, Exit, Invocation, add_json
from cxr_desktop.cli.films import load_model
from cxr_desktop.cli.quality_report import quality_json, quality_lines
from cxr_desktop.cli.sessions import engine_only
from cxr_desktop.domain.errors import InvalidRequest, StorageUnavailable
from cxr_desktop.domain.ports import NoProgress


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
        "--join",
        action="append",
        default=[],
        metavar="NAME=SOURCE,SOURCE",
        help="measure several sources as one, where each has only one label",
    )
    parser.add_argument(
        "--prevalence", type=float, default=0.1, help="share of abnormal films for PPV and NPV"
    )
    parser.add_argument(
        "--plots", type=Path, metavar="DIR", help="write ROC and reliability plots, SVG and PNG"
    )
    parser.add_argument("--model", metavar="ID", help="this model instead of the active one")
    parser.add_argument(
        "--device", choices=("auto", "cpu", "cuda"), help="what the model runs on (default: auto)"
    )
    add_json(parser)


def _run(call: Invocation) -> int:
    with engine_only(call) as engine:
        films = engine.labelled_films(
            call.args.films, splits=call.args.split, joined=_joined(call.args.join)
        )
        load_model(engine, call.terminal)
        report = engine.evaluate(films, NoProgress(), prevalence=call.args.prevalence)
        if call.args.plots:
            _save(call.args.plots, engine.draw_plots(report.scored, report.points))
    if call.args.json:
        call.terminal.json_line(quality_json(report))
    else:
        for line in quality_lines(report):
            call.terminal.line(line)
    return Exit.SOME_REFUSED if report.refused else Exit.DONE


def _joined(words: list[str]) -> dict[str, str]:
    """Return the new name of every source that is joined. Raises `InvalidRequest`."""
    names: dict[str, str] = {}
    for word in words:
        name, equals, sources = word.partition("=")
        if not name or not equals or not all(sources.split(",")):
            raise InvalidRequest(
                f"“{word}” does not say which sources are one.",
                hint="Write it like this: --join boxed=with_boxes,without_boxes",
            )
        names |= dict.fromkeys(sources.split(","), name)
    return names


def _save(folder: Path, plots: Mapping[str, bytes]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in plots.items():
            (folder / name).write_bytes(content)
    except OSError as error:
        raise StorageUnavailable(
            f"The plots could not be written to “{folder}”.", hint="Choose another folder."
        ) from error


COMMAND = Command(
    "evaluate", "measure the model on films of known truth, per source", _arguments, _run
)
