"""Memory that the program and its decoder both see: a film crosses without passing through a pipe.

A pipe moves 200 KB at a time and wakes both sides for each; on a busy machine 15 MB took 35-60 ms
that way. The memory is anonymous (a Linux memfd): no file, no name, no limit of /dev/shm, gone with
the last of the two processes.
"""

from __future__ import annotations

import mmap
import os
import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.imaging.limits import MAX_PIXELS

TABLE_BYTES = 65_536 * 4
CAPACITY = TABLE_BYTES + 2 * MAX_PIXELS  # pages never written cost nothing


class PixelBuffer:
    """Room for one grey table and one film; goes to a child as an argument of its process."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._map = mmap.mmap(descriptor, CAPACITY)

    def close(self) -> None:
        """Close the descriptor; the memory itself is freed with the last array over it."""
        os.close(self._descriptor)

    def array(self, start: int, shape: tuple[int, ...], kind: type[Any]) -> NDArray[Any]:
        """Return the memory from byte `start` on as an array; both processes may write to it."""
        return np.frombuffer(
            self._map, dtype=kind, count=int(np.prod(shape, dtype=np.int64)), offset=start
        ).reshape(shape)

    def __reduce__(self) -> tuple[Any, ...]:
        from multiprocessing import reduction  # noqa: PLC0415 - its DupFd is absent on Windows

        return attach, (reduction.DupFd(self._descriptor),)


def attach(duplicate: Any) -> PixelBuffer:
    """Open the buffer in the child, from the descriptor that came with the process."""
    return PixelBuffer(duplicate.detach())


def new_pixel_buffer() -> PixelBuffer | None:
    """Return a buffer, or None where there is no such memory: films then go through the pipe."""
    if sys.platform != "linux":
        return None
    try:
        descriptor = os.memfd_create("film")
        os.ftruncate(descriptor, CAPACITY)
        return PixelBuffer(descriptor)
    except OSError:
        return None
