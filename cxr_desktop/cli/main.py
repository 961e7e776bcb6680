"""The command line: words to a command, and the one border where its errors end."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Sequence
from pathlib import Path

import platformdirs

from cxr_desktop import __version__, bootstrap
from cxr_desktop.cli.command import Command, Exit, Invocation, Parser, add_data_dir
from cxr_desktop.cli.commands import COMMANDS
from cxr_desktop.cli.terminal import OutputClosed, Terminal
from cxr_desktop.domain.assessment import DISCLAIMER
from cxr_desktop.domain.errors import JobCancelled, UserError
from cxr_desktop.logging_setup import start_logging

log = logging.getLogger(__name__)


def main(argv: Sequence[str], *, built_in_models: Path | None = None) -> int:
    """Run one command and return its exit status (`Exit`).

    `built_in_models` takes the place of the models that came with the program.
    """
    terminal = Terminal.of_this_process()
    data_dir: Path | None = None
    try:
        args = _parser().parse_args(argv)
        data_dir = args.data_dir
        command: Command = args.command
        status = command.run(Invocation(args, terminal, built_in_models))
        terminal.flush()
    except SystemExit as leaving:  # argparse has said what it had to say
        return leaving.code if isinstance(leaving.code, int) else Exit.DONE
    except OutputClosed:
        terminal.drop_output()
        return Exit.OUTPUT_CLOSED
    except (KeyboardInterrupt, JobCancelled):
        terminal.say("Stopped.")
        return Exit.INTERRUPTED
    except UserError as error:
        terminal.refuse(error)
        return Exit.NOT_DONE
    except Exception as bug:  # noqa: BLE001 - the one catch-all of the command line
        return _tell_of(bug, terminal, data_dir)
    return int(status)


def _parser() -> Parser:
    parser = Parser(
        prog="cxr-desktop",
        description=f"CXR Desktop without a screen. {DISCLAIMER}",
        epilog="Without a command the window opens.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"CXR Desktop {__version__}")
    parser.add_argument(
        "--data-dir", type=Path, metavar="D", help="the data folder (default: this user's own)"
    )
    words = parser.add_subparsers(metavar="COMMAND", required=True)
    for command in COMMANDS:
        sub = words.add_parser(command.name, help=command.help, description=command.help)
        command.arguments(sub)
        add_data_dir(sub)
        sub.set_defaults(command=command)
    return parser


def _tell_of(bug: Exception, terminal: Terminal, data_dir: Path | None) -> int:
    """Log a bug under an id, and say the id; the exception's text may hold patient data."""
    number = secrets.token_hex(4)
    terminal.say(
        f"cxr-desktop: Something went wrong inside the program (error {number}). "
        "Give this number to whoever looks after the program."
    )
    try:
        files = start_logging(_log_folder(data_dir))
    except UserError:
        return Exit.BUG  # nowhere to write: the number is all there is
    try:
        log.error("error %s", number, exc_info=bug)
    finally:
        files.close()
    return Exit.BUG


def _log_folder(data_dir: Path | None) -> Path:
    """Return where to log: in the data folder, but only one that exists is written to."""
    data = bootstrap.data_folder(data_dir)
    if data.is_dir():
        return bootstrap.log_folder(data)
    return Path(platformdirs.user_log_dir("cxr-desktop", appauthor=False))
