"""What a command is, and what it gets."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import NoReturn

from cxr_desktop.cli.terminal import Terminal, shown


class Exit(IntEnum):
    """Exit statuses; documented in docs/command-line.md."""

    DONE = 0
    SOME_REFUSED = 1
    NOT_DONE = 2
    BUG = 70
    INTERRUPTED = 130
    OUTPUT_CLOSED = 141


@dataclass(frozen=True, slots=True)
class Invocation:
    """One call of a command: its parsed words, where to write, and the built-in models.

    `built_in_models` is None for those that came with the program.
    """

    args: argparse.Namespace
    terminal: Terminal
    built_in_models: Path | None = None

    @property
    def data_dir(self) -> Path | None:
        """The data folder that was asked for; None for this user's own."""
        return self.args.data_dir  # type: ignore[no-any-return]  # argparse made it with Path


@dataclass(frozen=True, slots=True)
class Command:
    """One word after `cxr-desktop`: `arguments` describes its words, `run` does it."""

    name: str
    help: str
    arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[Invocation], int]


class Parser(argparse.ArgumentParser):
    """Says what is wrong with the words without echoing what could steer the terminal."""

    def error(self, message: str) -> NoReturn:
        """Write usage and one line to standard error, and leave with status 2."""
        usage = self.format_usage()
        self.exit(Exit.NOT_DONE, f"{usage}{self.prog}: {shown(message)}\n")


def add_data_dir(parser: argparse.ArgumentParser) -> None:
    """Accept `--data-dir` after the command too, without forgetting one given before it."""
    parser.add_argument(
        "--data-dir",
        type=Path,
        metavar="D",
        default=argparse.SUPPRESS,
        help="the data folder (default: this user's own)",
    )


def add_json(parser: argparse.ArgumentParser) -> None:
    """Accept `--json`."""
    parser.add_argument("--json", action="store_true", help="one JSON object per line")


def add_sign_in(parser: argparse.ArgumentParser) -> None:
    """Accept `--user` and `--password-stdin`."""
    parser.add_argument("--user", required=True, metavar="USER", help="who signs in")
    add_password_stdin(parser)


def add_password_stdin(parser: argparse.ArgumentParser) -> None:
    """Accept `--password-stdin`."""
    parser.add_argument(
        "--password-stdin",
        action="store_true",
        help="read the password from standard input (one line, UTF-8) instead of asking",
    )


def add_films(parser: argparse.ArgumentParser) -> None:
    """Accept films and folders, a list of what became of them, a model and a device."""
    parser.add_argument(
        "paths",
        nargs="+",
        type=Path,
        metavar="FILE|FOLDER",
        help="films, or folders, ZIP archives or discs (DICOMDIR) of films",
    )
    parser.add_argument(
        "--report",
        "--csv",
        type=Path,
        metavar="FILE.csv",
        help="write what became of every file into this new file",
    )
    parser.add_argument("--model", metavar="ID", help="this model instead of the active one")
    parser.add_argument(
        "--device",
        choices=("auto", "cpu", "cuda"),
        help="what the model runs on (default: auto, or what is set in the data folder)",
    )
