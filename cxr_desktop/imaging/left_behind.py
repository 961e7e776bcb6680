"""What versions that unpacked archives to the disk left there when they ended suddenly."""

from __future__ import annotations

import shutil
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

PREFIX = "cxr-desktop-films-"


def remove_left_behind(parent: Path | None = None) -> None:
    """Remove the folders of unpacked films, in the system's folder for temporary files."""
    for folder in (parent or Path(tempfile.gettempdir())).glob(PREFIX + "*"):
        with suppress(OSError):
            if stat.S_ISDIR(folder.lstat().st_mode):
                shutil.rmtree(folder, ignore_errors=True)
