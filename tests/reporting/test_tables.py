"""Spreadsheet files: whole or absent, and without a formula."""

import csv
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from cxr_desktop.domain.errors import InvalidRequest, JobCancelled, StorageUnavailable
from cxr_desktop.domain.tables import Cell, TableFormat, harmless
from cxr_desktop.reporting import tables
from cxr_desktop.reporting.tables import Rows, csv_pieces, xlsx_pieces
from cxr_desktop.wiring.out_files import table_writer
from tests.support.locked import a_way_out

FORMATS = pytest.mark.parametrize("as_pieces", [csv_pieces, xlsx_pieces])
ATTACKS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "  =1",
    "＝1+1",
    '=HYPERLINK("http://x")',
)


def written(path: Path, as_pieces: TableFormat, head: Sequence[str], rows: Rows) -> None:
    """Write the table as the program does."""
    data = path.parents[1] / "data"
    data.mkdir(exist_ok=True)
    table_writer(a_way_out(data), as_pieces)(path, head, rows)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "chosen"
    made.mkdir()
    return made


def read_csv(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def sheet(path: Path) -> str:
    with zipfile.ZipFile(path) as book:
        return book.read("xl/worksheets/sheet1.xml").decode()


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_text_of_a_csv_is_a_formula(folder: Path, attack: str) -> None:
    written(folder / "t.csv", csv_pieces, ("name",), [(attack,)])
    ((cell,),) = read_csv(folder / "t.csv")[1:]
    assert cell.startswith("'")
    assert "\n" not in cell


@pytest.mark.parametrize("attack", ATTACKS)
def test_every_text_of_a_workbook_is_a_text(folder: Path, attack: str) -> None:
    written(folder / "t.xlsx", xlsx_pieces, ("name",), [(attack,)])
    content = sheet(folder / "t.xlsx")
    assert "<f>" not in content
    assert 't="inlineStr"' in content
    with zipfile.ZipFile(folder / "t.xlsx") as book:
        assert not any("rels" in name and "sheet" in name for name in book.namelist())


def test_names_of_every_script_numbers_and_gaps_come_back(folder: Path) -> None:
    rows = [("محمد أحمد", 0.1 + 0.2, None, 'a "b", c'), ("王小明", -1, 3, "O'Brien")]
    written(folder / "t.csv", csv_pieces, ("a", "b", "c", "d"), rows)
    assert read_csv(folder / "t.csv") == [
        ["a", "b", "c", "d"],
        ["محمد أحمد", repr(0.1 + 0.2), "", 'a "b", c'],
        ["王小明", "-1", "3", "O'Brien"],
    ]
    written(folder / "t.xlsx", xlsx_pieces, ("a", "b", "c", "d"), rows)
    content = sheet(folder / "t.xlsx")
    assert "محمد أحمد" in content
    assert "<v>0.3" in content


@FORMATS
def test_a_lone_surrogate_and_a_control_character_break_nothing(
    folder: Path, as_pieces: TableFormat
) -> None:
    written(folder / "t", as_pieces, ("name",), [("\ud800\x00\x07x",)])
    assert (folder / "t").exists()


@FORMATS
def test_what_ends_half_way_leaves_no_file_and_the_old_one_as_it_was(
    folder: Path, as_pieces: TableFormat
) -> None:
    def rows() -> Iterator[Sequence[Cell]]:
        yield ("one",)
        raise JobCancelled

    old = folder / "t"
    old.write_text("before")
    with pytest.raises(JobCancelled):
        written(old, as_pieces, ("name",), rows())
    assert old.read_text() == "before"
    assert list(folder.iterdir()) == [old]


@FORMATS
def test_a_folder_that_is_not_there_is_refused_with_a_hint(
    folder: Path, as_pieces: TableFormat
) -> None:
    with pytest.raises(StorageUnavailable) as refusal:
        written(folder / "none" / "t", as_pieces, ("name",), [])
    assert refusal.value.hint


def test_more_rows_than_a_sheet_holds_are_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "SHEET_ROWS", 3)
    written(folder / "fits.xlsx", xlsx_pieces, ("n",), [(1,), (2,)])
    with pytest.raises(InvalidRequest, match="at most"):
        written(folder / "t.xlsx", xlsx_pieces, ("n",), [(1,), (2,), (3,)])
    assert not (folder / "t.xlsx").exists()


def test_harmless_text_stays_as_it_is() -> None:
    assert harmless("Doe, Jane (A-1) = x") == "Doe, Jane (A-1) = x"
