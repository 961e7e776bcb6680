"""Whether the disk of the data folder has room for some days of work."""

from __future__ import annotations

import shutil
from pathlib import Path

from cxr_desktop.domain.errors import StorageUnavailable

LEAST_FREE_BYTES = 200 * 1024 * 1024


def check_free_space(root: Path) -> str:
    """Return how much is free, in words. Raises `StorageUnavailable` when that is too little."""
    free = shutil.disk_usage(root).free
    if free < LEAST_FREE_BYTES:
        raise StorageUnavailable(
            f"Only {free // 2**20} MB are free where the history is kept.",
            hint="Free some disk space before going on.",
        )
    return f"{free / 2**30:.1f} GB free."
