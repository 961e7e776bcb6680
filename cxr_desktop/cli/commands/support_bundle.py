"""`support-bundle`: one file for whoever is asked for help, also where nothing can be opened."""

from __future__ import annotations

import argparse
import contextlib
from pathlib import Path

from cxr_desktop import bootstrap
from cxr_desktop.cli.command import Command, Exit, Invocation
from cxr_desktop.cli.sessions import opened_program
from cxr_desktop.domain.errors import UserError
from cxr_desktop.domain.ports import NoProgress
from cxr_desktop.services.support import MakeSupportBundle


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE.zip", help="a new file")


def _run(call: Invocation) -> int:
    target: Path = call.args.file
    with contextlib.ExitStack() as opened:
        make = _maker(call, opened)
        names = make(target, NoProgress())
    call.terminal.line(f"{target}: {', '.join(names)}")
    call.terminal.line("Nothing about a patient is in it. Look through it before you pass it on.")
    return Exit.DONE


def _maker(call: Invocation, opened: contextlib.ExitStack) -> MakeSupportBundle:
    try:
        if not bootstrap.data_folder(call.data_dir).is_dir():
            return bootstrap.support_without(call.data_dir, "There is none.")
        return opened.enter_context(opened_program(call)).support.make
    except UserError as error:
        return bootstrap.support_without(call.data_dir, str(error))


COMMAND = Command(
    "support-bundle", "write versions, self-test and logs into one file", _arguments, _run
)
