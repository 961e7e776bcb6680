"""Tables for spreadsheets: CSV and XLSX whose texts stay texts, whatever they begin with."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from cxr_desktop.domain.errors import InvalidRequest, StorageUnavailable
from cxr_desktop.domain.tables import Cell, csv_cell, one_line

SHEET_ROWS = 1_048_576
"""Of an XLSX sheet, its heading included (ECMA-376)."""

Rows = Iterable[Sequence[Cell]]


def write_csv(path: Path, head: Sequence[str], rows: Rows) -> None:
    """Write UTF-8 with a mark, so that spreadsheets know it; the file is whole or not there.

    A text that a spreadsheet would take for a formula gets an apostrophe before it. Raises
    `StorageUnavailable`; what raises inside `rows` leaves no file and no part of one.
    """

    def write(part: Path) -> None:
        with part.open("w", encoding="utf-8-sig", errors="backslashreplace", newline="") as file:
            table = csv.writer(file)
            table.writerow(head)
            for row in rows:
                table.writerow([csv_cell(cell) for cell in row])

    _write_whole(path, write)


def write_xlsx(path: Path, head: Sequence[str], rows: Rows) -> None:
    """Write one sheet; every text is stored as text, never as formula, number or link.

    Raises as `write_csv`, and `InvalidRequest` for more rows than a sheet holds.
    """
    import xlsxwriter  # noqa: PLC0415 - start-up time

    def write(part: Path) -> None:
        options = {"constant_memory": True, "tmpdir": str(part.parent)}
        with xlsxwriter.Workbook(str(part), options) as book:
            sheet = book.add_worksheet()
            sheet.freeze_panes(1, 0)
            bold = book.add_format({"bold": True})
            for column, title in enumerate(head):
                sheet.write_string(0, column, title, bold)
            for number, row in _numbered(rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, int | float):
                        sheet.write_number(number, column, cell)
                    elif cell is not None:
                        sheet.write_string(number, column, one_line(cell))

    _write_whole(path, write)


def _numbered(rows: Rows) -> Iterator[tuple[int, Sequence[Cell]]]:
    for number, row in enumerate(rows, start=1):
        if number >= SHEET_ROWS:
            raise InvalidRequest(
                f"A sheet holds at most {SHEET_ROWS - 1:,} exams.",
                hint="Narrow the list, or export it as CSV.",
            )
        yield number, row


def _write_whole(path: Path, write: Callable[[Path], None]) -> None:
    with _writable(path), tempfile.TemporaryDirectory(prefix=".export-", dir=path.parent) as folder:
        part = Path(folder) / path.name
        write(part)
        part.replace(path)


@contextmanager
def _writable(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageUnavailable(
            f"“{path.name}” cannot be written.",
            hint="Check that its folder exists, may be written to, and that the disk is not full.",
        ) from error
