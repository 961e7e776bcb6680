"""What a C library says on standard error while it decodes: the one sign of a picture cut short."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

KEPT_BYTES = 4096
STDERR = 2


@dataclass(slots=True)
class Said:
    """The first bytes of what was written, filled when the block ends."""

    text: bytes = b""


@contextmanager
def native_messages() -> Iterator[Said]:
    """Catch standard error at the level of the operating system.

    libjpeg reports missing data as a warning and then delivers a full-size picture; cv2 passes no
    warning on. Where descriptor 2 is closed or the library has its own C run time (Windows),
    nothing is caught and `text` stays empty.
    """
    said = Said()
    try:
        before = os.dup(STDERR)
    except OSError:
        yield said
        return
    with _scratch() as caught:
        os.dup2(caught.fileno(), STDERR)
        try:
            yield said
        finally:
            os.dup2(before, STDERR)
            os.close(before)
            caught.seek(0)
            said.text = caught.read(KEPT_BYTES)


def _scratch() -> IO[bytes]:
    """Open a file in memory where there is such a thing: a full disk must not stop reading."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("messages"), "w+b")
    return tempfile.TemporaryFile()
