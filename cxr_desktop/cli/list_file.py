"""`--report FILE.csv`: what became of every file, for a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Self

from cxr_desktop.domain.errors import InvalidRequest, StorageUnavailable
from cxr_desktop.domain.outcome import COLUMNS, FilmOutcome
from cxr_desktop.domain.tables import Cell, csv_cell


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

    def add(self, outcome: FilmOutcome) -> None:
        """Write one film."""
        self._write(outcome.cells)

    def _write(self, cells: Sequence[Cell]) -> None:
        if self._file is None:
            return
        try:
            csv.writer(self._file).writerow([csv_cell(cell) for cell in cells])
            self._file.flush()
        except OSError as error:
            raise StorageUnavailable(
                "The list cannot be written.", hint="Check that its disk is not full."
            ) from error
