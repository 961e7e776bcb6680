"""Tables for spreadsheets: CSV and XLSX whose texts stay texts, whatever they begin with."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from xml.sax.saxutils import escape

from cxr_desktop.domain.errors import InvalidRequest
from cxr_desktop.domain.tables import Cell, csv_cell, one_line

SHEET_ROWS = 1_048_576
"""Of an XLSX sheet, its heading included (ECMA-376)."""
CELL_LETTERS = 32_767
SHEET = "xl/worksheets/sheet1.xml"
END_OF_ROWS = "</sheetData>"

Rows = Iterable[Sequence[Cell]]


def csv_pieces(head: Sequence[str], rows: Rows) -> Iterator[bytes]:
    """Give UTF-8 with a mark, so that spreadsheets know it.

    A text that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    yield b"\xef\xbb\xbf"
    yield csv_line(head)
    for row in rows:
        yield csv_line([csv_cell(cell) for cell in row])


def csv_line(cells: Sequence[str]) -> bytes:
    """Return one line of a CSV file (RFC 4180); what is no UTF-8 is written with a backslash."""
    line = io.StringIO(newline="")
    csv.writer(line).writerow(cells)
    return line.getvalue().encode("utf-8", "backslashreplace")


def xlsx_pieces(head: Sequence[str], rows: Rows) -> Iterator[bytes]:
    """Give one sheet; every text is stored as text, never as formula, number or link.

    It is put together in memory, where it takes about as much as the file: nothing of it lies on a
    disk before. Raises `InvalidRequest` for more rows than a sheet holds.
    """
    made = io.BytesIO()
    with (
        zipfile.ZipFile(_heading(head)) as heading,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as book,
    ):
        for part in heading.namelist():
            if part != SHEET:
                book.writestr(part, heading.read(part))
        before, after = heading.read(SHEET).decode().split(END_OF_ROWS)
        with book.open(SHEET, "w") as sheet:
            sheet.write(before.encode())
            for number, row in _numbered(rows):
                sheet.write(_sheet_row(number, row))
            sheet.write(f"{END_OF_ROWS}{after}".encode())
    yield made.getvalue()


def _heading(head: Sequence[str]) -> io.BytesIO:
    """Return a workbook of one sheet that holds the heading only."""
    import xlsxwriter  # noqa: PLC0415 - start-up time

    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        bold = book.add_format({"bold": True})
        for column, title in enumerate(head):
            sheet.write_string(0, column, title, bold)
    return made


def _sheet_row(number: int, row: Sequence[Cell]) -> bytes:
    """Return a row of a sheet, its number from 0 (ECMA-376 part 1, 18.3.1.73 and 18.3.1.4)."""
    from xlsxwriter.utility import xl_rowcol_to_cell  # noqa: PLC0415 - start-up time

    cells = []
    for column, cell in enumerate(row):
        place = xl_rowcol_to_cell(number, column)
        if isinstance(cell, int | float):
            cells.append(f'<c r="{place}"><v>{cell!r}</v></c>')
        elif cell is not None:
            text = escape(one_line(cell)[:CELL_LETTERS])
            kept = f'<is><t xml:space="preserve">{text}</t></is>'
            cells.append(f'<c r="{place}" t="inlineStr">{kept}</c>')
    return f'<row r="{number + 1}">{"".join(cells)}</row>'.encode()


def _numbered(rows: Rows) -> Iterator[tuple[int, Sequence[Cell]]]:
    for number, row in enumerate(rows, start=1):
        if number >= SHEET_ROWS:
            raise InvalidRequest(
                f"A sheet holds at most {SHEET_ROWS - 1:,} exams.",
                hint="Narrow the list, or export it as CSV.",
            )
        yield number, row
