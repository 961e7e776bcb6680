"""`classify`: films to verdicts; nothing is stored."""

from __future__ import annotations

import argparse
from pathlib import Path

from cxr_desktop.cli.command import Command, Exit, Invocation, add_films, add_json
from cxr_desktop.cli.film_report import film_report
from cxr_desktop.cli.films import films_to_read, load_model, summary
from cxr_desktop.cli.list_file import ListFile
from cxr_desktop.cli.map_files import MapFiles
from cxr_desktop.cli.sessions import engine_only
from cxr_desktop.domain.outcome import FilmOutcome, RunTally
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
    with engine_only(call) as engine, ListFile(call.args.report) as listed:
        films = films_to_read(engine, call.args.paths)
        maps = MapFiles(call.args.save_map, engine.draw_map) if call.args.save_map else None
        load_model(engine, call.terminal)
        report = film_report(call.terminal, as_json=call.args.json, total=len(films))
        tally = RunTally()
        try:
            for outcome in each_film(films, engine.assess, NoProgress()):
                told = _told(engine.find_films.label(outcome.path), outcome)
                report.add(told)
                tally.add(told)
                listed.add(told)
                if maps and outcome.result:
                    maps.save(outcome.result)
        finally:
            report.end(summary(tally, len(films)))
    return Exit.SOME_REFUSED if tally.sums(tally.total).refused else Exit.DONE


def _told(file: str, outcome: FileOutcome[Answer]) -> FilmOutcome:
    if outcome.result is not None:
        answer = outcome.result
        return FilmOutcome(file, "classified", answer.assessment, cautions=answer.cautions)
    assert outcome.refusal is not None
    return FilmOutcome.of_error(file, outcome.refusal)


COMMAND = Command(
    "classify", "classify films and print the answers; nothing is stored", _arguments, _run
)
