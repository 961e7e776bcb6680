"""The index of a disc (DICOMDIR, PS3.3 F, PS3.10 8): which films it names, and where they lie."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

MAX_RECORDS = 5000
MAX_DEPTH = 8  # PS3.10 8.5


def files_in_folder(folder: Path, references: Iterable[Sequence[str]]) -> Iterator[Path]:
    """Yield the files that the index names, each once, only such as lie inside the disc's folder.

    Names are compared without regard to case, and to the version that ISO 9660 hangs on (";1"). A
    file that is missing is yielded as it should be called: its reader says that it is not there.
    """
    root = folder.resolve()
    seen: set[Path] = set()
    for parts in references:
        if not parts or len(parts) > MAX_DEPTH or not all(_is_plain(part) for part in parts):
            continue
        path = _on_disc(folder, parts)
        if path in seen or not path.resolve().is_relative_to(root):
            continue
        seen.add(path)
        yield path


def _is_plain(part: str) -> bool:
    return bool(part) and part.strip(" .") == part and not set(part) & set('/\\:*?"<>|\0')


def _on_disc(folder: Path, parts: Sequence[str]) -> Path:
    path = folder
    for part in parts:
        exact = path / part
        path = exact if os.path.lexists(exact) else path / _other_case(path, part)
    return path


def _other_case(folder: Path, part: str) -> str:
    try:
        names = sorted(entry.name for entry in os.scandir(folder))
    except OSError:
        return part
    wanted = part.upper()
    return next((name for name in names if name.upper().split(";")[0].rstrip(".") == wanted), part)
