"""`batch`: sign in, classify a folder of films and store every answer, as the window does."""

from __future__ import annotations

import argparse
from contextlib import AbstractContextManager

from cxr_desktop import __version__
from cxr_desktop.bootstrap import Program
from cxr_desktop.cli.batch_report import batch_report
from cxr_desktop.cli.command import Command, Exit, Invocation, add_films, add_json, add_sign_in
from cxr_desktop.cli.films import films_to_read, load_model, summary
from cxr_desktop.cli.interrupt import StopBetweenFilms
from cxr_desktop.cli.list_file import ListFile
from cxr_desktop.cli.sessions import signed_in
from cxr_desktop.domain.assessed import Mapper
from cxr_desktop.domain.errors import JobCancelled
from cxr_desktop.domain.outcome import RunTally
from cxr_desktop.domain.roles import Actor, Permission
from cxr_desktop.services.batch import outcome_of
from cxr_desktop.wiring.cluster import Wanted, on_cluster
from cxr_desktop.wiring.films_at_once import in_a_long_run

GO_ON = "Stopped. To go on, give the same command again: what is in the History is not done twice."
NEW_LIST = "Name a new file after --csv then."


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_films(parser)
    parser.add_argument(
        "--record",
        action="store_true",
        required=True,
        help="store the answers in the History (“classify” answers without storing)",
    )
    parser.add_argument(
        "--again",
        action="store_true",
        help="also films that have an answer of this model in the History",
    )
    parser.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="on the workers of this Dask scheduler: tls://HOST:PORT, where the setting allows it",
    )
    parser.add_argument(
        "--send-films",
        action="store_true",
        help="send workers the films' bytes; without it they read the same paths as this computer",
    )
    add_sign_in(parser)
    add_json(parser)


def _run(call: Invocation) -> int:
    args = call.args
    with signed_in(call) as (program, actor), ListFile(args.report) as listed:
        program.access.require(actor, Permission.IMPORT, Permission.RUN)
        films = films_to_read(program.engine, args.paths)
        tally, stopped = RunTally(), False
        with StopBetweenFilms() as stop, _mapper(call, program, actor) as mapper:
            load_model(program.engine, call.terminal)
            report = batch_report(call.terminal, as_json=args.json, total=len(films))
            try:
                for outcome in program.classify_many(actor, films, mapper, stop, again=args.again):
                    told = outcome_of(outcome, program.engine.find_films.label(outcome.path))
                    tally.add(told)
                    report.add(told)
                    listed.add(told)
            except JobCancelled:
                stopped = True
            finally:
                report.end(summary(tally, len(films), verb="classified and stored"))
    if stopped:
        call.terminal.say(f"{GO_ON} {NEW_LIST}" if args.report else GO_ON)
        return Exit.INTERRUPTED
    return Exit.SOME_REFUSED if tally.sums(len(films)).refused else Exit.DONE


def _mapper(call: Invocation, program: Program, actor: Actor) -> AbstractContextManager[Mapper]:
    """Return what assesses: this computer, or the cluster where that was asked for and allowed."""
    args = call.args
    if args.scheduler is None:
        return in_a_long_run(program.engine)
    program.other_computers(actor, args.scheduler)
    wanted = Wanted(
        __version__, program.classify.model(), program.data.models, call.built_in_models
    )
    return on_cluster(args.scheduler, wanted, send_films=args.send_films)


COMMAND = Command("batch", "classify films and store the answers in the History", _arguments, _run)
