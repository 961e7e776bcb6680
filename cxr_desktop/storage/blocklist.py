"""The list of common passwords that came with the program."""

from __future__ import annotations

from pathlib import Path

from cxr_desktop.domain.errors import StorageUnavailable


def read_blocklist(path: Path) -> frozenset[str]:
    """Return the entries: one a line, “#” begins a remark. Raises `StorageUnavailable`."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise StorageUnavailable(
            "The program's list of common passwords is missing or damaged.",
            hint="Install CXR Desktop again.",
        ) from error
    return frozenset(line for line in lines if line and not line.startswith("#"))
