"""`--report FILE.csv`: what became of every file, for a spreadsheet."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import IO, Self

from cxr_desktop.cli.film_line import FilmLine
from cxr_desktop.cli.terminal import shown
from cxr_desktop.domain.errors import InvalidRequest, StorageUnavailable

COLUMNS = ("file", "status", "verdict", "probability", "reason", "message", "cautions", "exam_id")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class ListFile:
    """A CSV file, one line per film, written as each is done; a context manager.

    Without a path it does nothing. An existing file is never written over.
    """

    def __init__(self, path: Path | None) -> None:
        self._file: IO[str] | None = None
        if path is None:
            return
        try:
            self._file = path.open("x", encoding="utf-8-sig", newline="")
        except FileExistsError as error:
            raise InvalidRequest(
                f"There is a file “{path.name}” already.", hint="Name another file after --report."
            ) from error
        except (OSError, ValueError) as error:
            raise InvalidRequest(
                f"The list “{path.name}” cannot be written.",
                hint="Name a file in a folder that you may write to after --report.",
            ) from error
        self._write(COLUMNS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, line: FilmLine) -> None:
        """Write one film."""
        given, refusal = line.assessment, line.refusal
        self._write((
            line.file,
            line.status,
            given.verdict.value if given else "",
            repr(given.probability) if given else "",
            refusal.code if refusal else "",
            str(refusal) if refusal else "",
            " ".join(caution.message for caution in line.cautions),
            line.exam_id,
        ))  # fmt: skip

    def _write(self, cells: tuple[str, ...]) -> None:
        if self._file is None:
            return
        try:
            csv.writer(self._file).writerow([harmless(cell) for cell in cells])
            self._file.flush()
        except OSError as error:
            raise StorageUnavailable(
                "The list cannot be written.", hint="Check that its disk is not full."
            ) from error


def harmless(cell: str) -> str:
    """Return text that a spreadsheet takes for text: no formula, nothing unprintable."""
    return shown(f"'{cell}" if cell.startswith(FORMULA) else cell)
