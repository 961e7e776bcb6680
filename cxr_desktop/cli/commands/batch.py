"""`batch`: sign in, classify a folder of films and store every answer, as the window does."""

from __future__ import annotations

import argparse
from functools import partial

from cxr_desktop.cli.command import Command, Exit, Invocation, add_films, add_json, add_sign_in
from cxr_desktop.cli.film_report import film_report
from cxr_desktop.cli.films import films_to_read, load_model, summary
from cxr_desktop.cli.interrupt import StopAfterThisFilm
from cxr_desktop.cli.list_file import ListFile
from cxr_desktop.cli.sessions import signed_in
from cxr_desktop.domain.history import ExamView
from cxr_desktop.domain.outcome import FilmOutcome
from cxr_desktop.domain.ports import NoProgress
from cxr_desktop.domain.roles import Permission
from cxr_desktop.services.batch import FileOutcome, each_film


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_films(parser)
    parser.add_argument(
        "--record",
        action="store_true",
        required=True,
        help="store the answers in the History (“classify” answers without storing)",
    )
    add_sign_in(parser)
    add_json(parser)


def _run(call: Invocation) -> int:
    with signed_in(call) as (program, actor), ListFile(call.args.report) as listed:
        for permission in (Permission.IMPORT, Permission.RUN):
            program.access.require(actor, permission)
        films = films_to_read(program.engine, call.args.paths)
        load_model(program.engine, call.terminal)
        report = film_report(call.terminal, as_json=call.args.json, total=len(films), stored=True)
        outcomes: list[FilmOutcome] = []
        work = partial(program.classify, actor)
        with StopAfterThisFilm() as stop:
            try:
                for outcome in each_film(films, work, NoProgress()):
                    told = _told(program.engine.find_films.label(outcome.path), outcome)
                    outcomes.append(told)
                    report.add(told)
                    listed.add(told)
                    if stop.asked:
                        break
            finally:
                report.end(summary(outcomes, len(films), verb="classified and stored"))
    if stop.asked:
        return Exit.INTERRUPTED
    return Exit.SOME_REFUSED if any(one.error for one in outcomes) else Exit.DONE


def _told(file: str, outcome: FileOutcome[ExamView]) -> FilmOutcome:
    if outcome.result is not None:
        return FilmOutcome.of_exam(file, outcome.result)
    assert outcome.refusal is not None
    return FilmOutcome.of_error(file, outcome.refusal)


COMMAND = Command("batch", "classify films and store the answers in the History", _arguments, _run)
