"""The hospital's logo: a small PNG that an administrator chose."""

from __future__ import annotations

from pathlib import Path

from cxr_desktop.domain.errors import InvalidRequest

SIGNATURE = b"\x89PNG\r\n\x1a\n"
LIMIT = 1024 * 1024
LONGEST_SIDE = 2000


def check_logo(path: str) -> None:
    """Raise `InvalidRequest` for a file that no report could show."""
    if not Path(path).is_absolute() or read_logo(path) is None:
        raise InvalidRequest(
            f"A report cannot show “{path}”.",
            hint="Type the full path of a PNG file of at most 1 MB and 2,000 pixels.",
        )


def read_logo(path: str) -> bytes | None:
    """Return the file's bytes; None for one that is gone, no PNG, above 1 MiB or 2,000 pixels."""
    try:
        with Path(path).open("rb") as file:
            content = file.read(LIMIT + 1)
    except (OSError, ValueError):
        return None
    if len(content) > LIMIT or not content.startswith(SIGNATURE) or content[12:16] != b"IHDR":
        return None
    sides = int.from_bytes(content[16:20]), int.from_bytes(content[20:24])
    return content if all(0 < side <= LONGEST_SIDE for side in sides) else None
