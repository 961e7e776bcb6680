"""A program that is ended in the middle of its work."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence

from tests.cli.conftest import secret


def told_before_the_end(
    command: Sequence[str],
    lines: int | None,
    how: signal.Signals = signal.SIGKILL,
    environ: Mapping[str, str] | None = None,
    *,
    last: bytes = b"\n",
) -> list[bytes]:
    """Run it with the password; end it and all it started so, once it told so many lines.

    With `last` only such lines count as hold it. Returns all whole lines that it told; without a
    number it comes to its own end.
    """
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
        env=environ,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(secret())
        process.stdin.close()
        told: list[bytes] = []
        while sum(last in line for line in told) < (lines or 0) and b"" not in told:
            told.append(process.stdout.readline())
        if lines is not None:
            os.killpg(process.pid, how)
        return [*told, *(line for line in process.stdout if line.endswith(b"\n"))]
