"""The frozen program in its place: called with words, or started as a window."""

from __future__ import annotations

import json
import re
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bare_places import Place

USER, PASSWORD = "it.check", "quiet rivers carry paper boats"
TIMEOUT_S = 300
CLOSING_S = 60
SIGNED_IN = {"audit", "batch", "history", "export"}
TRACED = "trace=connect,sendto,sendmsg,bind"
EXPECTED = re.compile(  # the sums, and every half minute how far it is
    r"^(\d+ classified and stored, 0 refused\.|\d+ of \d+ films\. .*)\n", re.MULTILINE
)


class Failed(Exception):
    """A check that did not pass; the text says what was seen."""


@dataclass(frozen=True)
class Answer:
    """What one call of the program did."""

    status: int
    out: str
    err: str
    seconds: float

    def rows(self) -> list[dict[str, object]]:
        """Read standard output as JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass
class Frozen:
    """The program; with `traced` every call runs under strace, whose logs go there."""

    place: Place
    traced: Path | None
    calls: int = 0

    def call(self, *words: str, status: int = 0, typed: str = "") -> Answer:
        """Run it; its status must be this, and standard error empty. Raises `Failed`."""
        start = time.monotonic()
        done = subprocess.run(
            [*self._trace(), *self.place.command(words, {})],
            input=typed,
            capture_output=True,
            text=True,
            check=False,
            timeout=TIMEOUT_S,
            env=self.place.environment(),
        )
        answer = Answer(done.returncode, done.stdout, done.stderr, time.monotonic() - start)
        if EXPECTED.sub("", answer.err) or answer.status != status:
            raise Failed(f"{' '.join(words)}: status {answer.status}, said {answer.err[-2000:]!r}")
        return answer

    def data(self, *words: str, status: int = 0, folder: str = "data") -> Answer:
        """Run a command on a data folder, with the password on standard input."""
        where = ["--data-dir", self.place.path(folder)]
        signed = ["--user", USER, "--password-stdin"] if words[0] in SIGNED_IN else []
        return self.call(*where, *words, *signed, status=status, typed=f"{PASSWORD}\n")

    def start(self, variables: Mapping[str, str], folder: str = "data") -> subprocess.Popen[str]:
        """Start the window."""
        words = ["--data-dir", self.place.path(folder)]
        return subprocess.Popen(
            [*self._trace(), *self.place.command(words, variables)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=self.place.environment(),
        )

    @staticmethod
    def wait_for_end(program: subprocess.Popen[str]) -> None:
        """Wait until a window that was asked to close did, in silence. Raises `Failed`."""
        try:
            said = program.communicate(timeout=CLOSING_S)[1]
        except subprocess.TimeoutExpired:
            program.kill()
            raise Failed("the window did not close when asked") from None
        if said or program.returncode != 0:
            raise Failed(f"the window ended with {program.returncode}, said {said[:6000]!r}")

    def _trace(self) -> list[str]:
        self.calls += 1
        if self.traced is None:
            return []
        log = self.traced / f"{self.calls}.txt"
        return ["strace", "-f", "-qq", "-e", TRACED, "-o", str(log)]
