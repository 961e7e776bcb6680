"""How a benchmark prints."""

from __future__ import annotations

import sys


def say(line: str) -> None:
    """Print at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
