"""Start: choose the front end. Words mean the command line, none means the window."""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
from collections.abc import Mapping, Sequence

from cxr_desktop import __version__

NO_SCREEN = (
    "There is no screen to open the window on. "
    "Use the command line instead: cxr-desktop classify FILE."
)
NO_QT = (
    "The window's libraries could not be loaded. "
    "From a checkout, “python3 dev.py run” says which system packages are missing."
)
EXIT_USAGE = 2


def wants_words(argv: Sequence[str]) -> bool:
    """Say whether anything is left for the command line after `--data-dir D`.

    The chosen front end gets all of `argv` and reads `--data-dir` itself; what is wrong with the
    words (a missing D, an unknown option) is the command line's to say.
    """
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    parser.add_argument("--data-dir")
    try:
        _, words = parser.parse_known_args(list(argv))
    except argparse.ArgumentError:
        return True
    return bool(words)


def has_screen(environ: Mapping[str, str], platform: str) -> bool:
    """Whether Qt can open a window; without one it would abort the process."""
    if not platform.startswith("linux"):
        return True
    return any(environ.get(key) for key in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def main(argv: Sequence[str] | None = None) -> int:
    """Run CXR Desktop and return its exit status."""
    multiprocessing.freeze_support()  # first: a frozen program's decoder child starts here too
    words = list(sys.argv[1:] if argv is None else argv)
    os.umask(0o077)  # what is written about patients is for this account only
    if words == ["--version"]:
        print(f"CXR Desktop {__version__}")
        return 0
    if wants_words(words):
        from cxr_desktop.cli.main import main as command_line

        return command_line(words)
    if not has_screen(os.environ, sys.platform):
        print(NO_SCREEN, file=sys.stderr)
        return EXIT_USAGE
    try:
        from cxr_desktop.ui.app import main as window
    except ImportError as error:
        if not (error.name or "").startswith("PySide6") and "PySide6" not in str(error.path):
            raise
        print(NO_QT, file=sys.stderr)
        return EXIT_USAGE
    return window(words)


if __name__ == "__main__":
    sys.exit(main())
