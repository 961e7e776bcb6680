"""A long run: `python -m tests.fuzz --count 100000 [--seed S] [--first N] [--keep DIR]`.

Prints a line of progress every minute and the sums at the end; status 1 when a promise was broken.
"""

from __future__ import annotations

import argparse
import secrets
import sys
import tempfile
import time
from pathlib import Path

from cxr_desktop.imaging.child_reader import ChildFilmReader
from tests.fuzz.campaign import Campaign, Tally, mutant
from tests.fuzz.seeds import make_seeds

EVERY_S = 60.0


def main(argv: list[str]) -> int:
    """Run, print, and keep the mutants that did harm if a folder is given for them."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--first", type=int, default=0, help="the number to begin with")
    parser.add_argument("--keep", type=Path, help="a folder for the mutants that did harm")
    args = parser.parse_args(argv)
    seed = secrets.randbelow(2**32) if args.seed is None else args.seed
    films = make_seeds()
    say(f"seed {seed}, {len(films)} sound films, {args.count} mutants from {args.first} on")
    reader = ChildFilmReader()
    with tempfile.TemporaryDirectory() as folder:
        campaign = Campaign(seed, films, Path(folder))
        try:
            campaign.run(
                reader, args.count, first=args.first, progress=_Progress(campaign.tally).tell
            )
        finally:
            reader.close()
            report(campaign.tally)
            if args.keep is not None:
                keep(campaign.tally, films, args.keep)
    return 1 if campaign.tally.wrong else 0


class _Progress:
    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._started = self._told = time.monotonic()

    def tell(self, done: int) -> None:
        """Print the sums of the run so far, once a minute."""
        if time.monotonic() - self._told >= EVERY_S:
            self._told = time.monotonic()
            say(
                f"{done} after {self._told - self._started:.0f} s: {self._tally.read} read, "
                f"{len(self._tally.deaths)} ends, {len(self._tally.slow)} slow, "
                f"{len(self._tally.wrong)} wrong"
            )


def report(tally: Tally) -> None:
    """Print the sums and the mutants worth a look."""
    say(tally.summary())
    for title, labels in (
        ("ended the child", tally.deaths),
        ("slow", tally.slow),
        ("WRONG", tally.wrong),
    ):
        for label in labels:
            say(f"{title}: {label}")


def keep(tally: Tally, films: dict[str, bytes], folder: Path) -> None:
    """Write the mutants that ended the child, were slow or were wrong."""
    folder.mkdir(parents=True, exist_ok=True)
    for label in {*tally.deaths, *tally.slow, *tally.wrong}:
        seed, number = label.split(" ", 1)[0].split(":")
        name, data = mutant(int(seed), int(number), films)
        (folder / f"{seed}-{number}-{name.replace(' ', '-')}").write_bytes(data)


def say(line: str) -> None:
    """Print at once: the run may be cut off."""
    print(line, flush=True)  # noqa: T201 - a long job tells how far it is


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
