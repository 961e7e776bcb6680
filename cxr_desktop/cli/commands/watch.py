"""`watch`: sign in, and classify and store every new film of a folder until Ctrl+C."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

from cxr_desktop.cli.command import Command, Exit, Invocation, add_json, add_sign_in
from cxr_desktop.cli.film_report import JsonReport, PlainReport
from cxr_desktop.cli.films import load_model, summary
from cxr_desktop.cli.interrupt import StopBetweenFilms
from cxr_desktop.cli.sessions import signed_in
from cxr_desktop.domain.errors import InvalidRequest, JobCancelled, UserError
from cxr_desktop.domain.outcome import FilmOutcome, RunTally
from cxr_desktop.domain.roles import Permission
from cxr_desktop.domain.watching import AFTER_FAILURE_S, LOOK_EVERY_S, WatchLook
from cxr_desktop.services.watch_folder import FOLDER

STEP_S = 0.1


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "folder", type=Path, nargs="?", metavar="FOLDER", help="by default the one of the settings"
    )
    parser.add_argument("--model", metavar="ID", help="use this model instead of the active one")
    add_sign_in(parser)
    add_json(parser)


def _run(call: Invocation) -> int:
    args = call.args
    with signed_in(call) as (program, actor):
        program.access.require(actor, Permission.IMPORT, Permission.RUN)
        place = str(args.folder or program.settings.get(FOLDER)).strip()
        if not place:
            raise InvalidRequest(
                "No folder to watch was named.", hint="Name one, or set it in Admin, Settings."
            )
        folder = Path(place)
        load_model(program.engine, call.terminal)
        report = JsonReport(call.terminal) if args.json else PlainReport(call.terminal)
        tally = RunTally()

        def tell(outcome: FilmOutcome) -> None:
            tally.add(outcome)
            report.add(outcome)

        call.terminal.say(f"Watching “{folder}”. Ctrl+C ends it.")
        with StopBetweenFilms() as stop:
            try:
                _watch(call, lambda: program.watch.look(actor, stop, tell, folder), stop)
            except JobCancelled:
                report.end(summary(tally, tally.total, verb="classified and stored"))
    return Exit.DONE


def _watch(call: Invocation, look: Callable[[], WatchLook], stop: StopBetweenFilms) -> None:
    """Look again and again; each problem is said once. Raises `JobCancelled`."""
    said = ""
    while True:
        pause = LOOK_EVERY_S
        try:
            seen = look()
            problem = seen.problem
            pause = 0 if seen.more else LOOK_EVERY_S
        except UserError as error:
            problem, pause = str(error), AFTER_FAILURE_S
        if problem != said:
            call.terminal.say(problem or "The watched folder is there again.")
            said = problem
        end = time.monotonic() + pause
        while time.monotonic() < end:
            stop.report("", 0.0)
            time.sleep(STEP_S)


COMMAND = Command("watch", "classify and store every new film of a folder", _arguments, _run)
