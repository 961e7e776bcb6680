"""`self-test`: every check of the program, one line each."""

from __future__ import annotations

import argparse

from cxr_desktop.cli.command import Command, Exit, Invocation, add_json
from cxr_desktop.cli.sessions import opened_program
from cxr_desktop.domain.ports import NoProgress


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_json(parser)


def _run(call: Invocation) -> int:
    with opened_program(call) as program:
        results = program.self_test(NoProgress())
    width = max(len(result.name) for result in results)
    for result in results:
        if call.args.json:
            call.terminal.json_line(result.row)
        else:
            word = "ok    " if result.passed else "FAILED"
            call.terminal.line(f"{word}  {result.name:<{width}}  {result.message}")
    return Exit.DONE if all(result.passed for result in results) else Exit.SOME_REFUSED


COMMAND = Command("self-test", "check that everything this program needs works", _arguments, _run)
