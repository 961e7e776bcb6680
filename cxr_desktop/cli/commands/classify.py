"""`classify`: films to verdicts; nothing is stored."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from cxr_desktop.cli.command import Command, Exit, Invocation, add_films, add_json
from cxr_desktop.cli.film_line import FilmLine
from cxr_desktop.cli.film_report import film_report
from cxr_desktop.cli.films import films_to_read, load_model, summary
from cxr_desktop.cli.map_files import MapFiles
from cxr_desktop.cli.sessions import engine_only
from cxr_desktop.domain.ports import NoProgress
from cxr_desktop.services.assess import Answer
from cxr_desktop.services.batch import FileOutcome, each_film


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_films(parser)
    add_json(parser)
    parser.add_argument(
        "--save-map",
        type=Path,
        metavar="DIR",
        help="write a PNG of each film with its heat map into this folder",
    )


def _run(call: Invocation) -> int:
    with engine_only(call) as engine:
        films = films_to_read(engine, call.args.paths)
        maps = MapFiles(call.args.save_map, engine.draw_map) if call.args.save_map else None
        load_model(engine, call.terminal)
        report = film_report(call.terminal, as_json=call.args.json, total=len(films))
        done: Counter[str] = Counter()
        try:
            for outcome in each_film(films, engine.assess, NoProgress()):
                line = _line(outcome)
                report.add(line)
                done[line.status] += 1
                if maps and outcome.result:
                    maps.save(outcome.result)
        finally:
            report.end(summary(done, len(films)))
    return Exit.SOME_REFUSED if done["refused"] else Exit.DONE


def _line(outcome: FileOutcome[Answer]) -> FilmLine:
    if outcome.result is not None:
        return FilmLine.of_answer(outcome.path, outcome.result)
    assert outcome.refusal is not None
    return FilmLine.of_refusal(outcome.path, outcome.refusal)


COMMAND = Command(
    "classify", "classify films and print the answers; nothing is stored", _arguments, _run
)
