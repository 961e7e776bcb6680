"""What a C library says on standard error while it decodes: the one sign of a damaged picture."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

KEPT_BYTES = 1024 * 1024
STDERR = 2
# libjpeg counts the bytes of its picture. When they run out early, when some are left over before
# the next marker, when one is no code or a restart is missing, it says so, makes the rest up and
# calls it a success (jerror.h, JWRN_*). Of 9,541 sound pictures of seven collections it said
# nothing.
DAMAGED_JPEG = (b"Corrupt JPEG data", b"Premature end of JPEG file")
# It warns once a picture: after one of these nothing would be heard of damage.
SILENCING = (
    b"Inconsistent progression sequence",
    b"Invalid SOS parameters",
    b"unknown JFIF revision",
    b"Unknown Adobe color transform",
)
# The same of libtiff; cv2 notes its errors and goes on.
DAMAGED_TIFF = (b"TIFF_Error", b"PackBitsDecode")


@dataclass(slots=True)
class Said:
    """The first bytes of what was written, filled when the block ends."""

    text: bytes = b""

    @property
    def tells_of_damage(self) -> bool:
        """Whether a decoder met other bytes than its picture needs, or may have met them."""
        return any(words in self.text for words in DAMAGED_JPEG + SILENCING + DAMAGED_TIFF)


@contextmanager
def native_messages() -> Iterator[Said]:
    """Catch standard error at the level of the operating system.

    libjpeg and libtiff report damage and then deliver a full-size picture; cv2 passes nothing on.
    Where descriptor 2 is closed or the library has its own C run time (Windows), nothing is caught
    and `text` stays empty.
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
