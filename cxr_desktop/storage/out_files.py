"""Files that leave the program, written where a person said."""

from __future__ import annotations

from pathlib import Path

from cxr_desktop.domain.errors import InvalidRequest, StorageUnavailable
from cxr_desktop.storage.files import replacing


def write_new(path: Path, content: bytes) -> None:
    """Write a new file, whole or not at all, readable for this account only.

    Raises `InvalidRequest` for one that is there already, and `StorageUnavailable`.
    """
    try:
        if path.exists():
            raise InvalidRequest(
                f"There is a file “{path.name}” already.", hint="Choose another folder."
            )
        with replacing(path, path.parent) as file:
            file.write(content)
    except OSError as error:
        raise StorageUnavailable(
            f"“{path.name}” cannot be written.",
            hint="Check that its folder exists, may be written to, and that the disk is not full.",
        ) from error
