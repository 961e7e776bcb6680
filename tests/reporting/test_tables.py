"""Spreadsheet files: whole or absent, and without a formula."""

import csv
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from cxr_desktop.domain.errors import InvalidRequest, JobCancelled, StorageUnavailable
from cxr_desktop.domain.tables import Cell, harmless
from cxr_desktop.reporting import tables
from cxr_desktop.reporting.tables import write_csv, write_xlsx

Writer = Callable[..., None]
WRITERS = pytest.mark.parametrize("write", [write_csv, write_xlsx])
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


def read_csv(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def sheet(path: Path) -> str:
    with zipfile.ZipFile(path) as book:
        return book.read("xl/worksheets/sheet1.xml").decode()


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_text_of_a_csv_is_a_formula(tmp_path: Path, attack: str) -> None:
    write_csv(tmp_path / "t.csv", ("name",), [(attack,)])
    ((cell,),) = read_csv(tmp_path / "t.csv")[1:]
    assert cell.startswith("'")
    assert "\n" not in cell


@pytest.mark.parametrize("attack", ATTACKS)
def test_every_text_of_a_workbook_is_a_text(tmp_path: Path, attack: str) -> None:
    write_xlsx(tmp_path / "t.xlsx", ("name",), [(attack,)])
    content = sheet(tmp_path / "t.xlsx")
    assert "<f>" not in content
    assert 't="inlineStr"' in content
    with zipfile.ZipFile(tmp_path / "t.xlsx") as book:
        assert not any("rels" in name and "sheet" in name for name in book.namelist())


def test_names_of_every_script_numbers_and_gaps_come_back(tmp_path: Path) -> None:
    rows = [("محمد أحمد", 0.1 + 0.2, None, 'a "b", c'), ("王小明", -1, 3, "O'Brien")]
    write_csv(tmp_path / "t.csv", ("a", "b", "c", "d"), rows)
    assert read_csv(tmp_path / "t.csv") == [
        ["a", "b", "c", "d"],
        ["محمد أحمد", repr(0.1 + 0.2), "", 'a "b", c'],
        ["王小明", "-1", "3", "O'Brien"],
    ]
    write_xlsx(tmp_path / "t.xlsx", ("a", "b", "c", "d"), rows)
    content = sheet(tmp_path / "t.xlsx")
    assert "محمد أحمد" in content
    assert "<v>0.3" in content


@WRITERS
def test_a_lone_surrogate_and_a_control_character_break_nothing(
    tmp_path: Path, write: Writer
) -> None:
    write(tmp_path / "t", ("name",), [("\ud800\x00\x07x",)])
    assert (tmp_path / "t").exists()


@WRITERS
def test_what_ends_half_way_leaves_no_file_and_the_old_one_as_it_was(
    tmp_path: Path, write: Writer
) -> None:
    def rows() -> Iterator[Sequence[Cell]]:
        yield ("one",)
        raise JobCancelled

    old = tmp_path / "t"
    old.write_text("before")
    with pytest.raises(JobCancelled):
        write(old, ("name",), rows())
    assert old.read_text() == "before"
    assert list(tmp_path.iterdir()) == [old]


@WRITERS
def test_a_folder_that_is_not_there_is_refused_with_a_hint(tmp_path: Path, write: Writer) -> None:
    with pytest.raises(StorageUnavailable) as refusal:
        write(tmp_path / "none" / "t", ("name",), [])
    assert refusal.value.hint


def test_more_rows_than_a_sheet_holds_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "SHEET_ROWS", 3)
    write_xlsx(tmp_path / "fits.xlsx", ("n",), [(1,), (2,)])
    with pytest.raises(InvalidRequest, match="at most"):
        write_xlsx(tmp_path / "t.xlsx", ("n",), [(1,), (2,), (3,)])
    assert not (tmp_path / "t.xlsx").exists()


def test_harmless_text_stays_as_it_is() -> None:
    assert harmless("Doe, Jane (A-1) = x") == "Doe, Jane (A-1) = x"
