"""`--report FILE.csv` and the summary by reason, of archives too."""

import contextlib
import csv
import zipfile
from pathlib import Path

from cxr_desktop.domain.outcome import COLUMNS
from tests.cli.conftest import Run, secret


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_list_has_a_line_per_file_and_the_summary_counts_by_reason(
    run: Run, films: Path, tmp_path: Path
) -> None:
    (films / "cut.png").write_bytes((films / "dark.png").read_bytes()[:900])
    (films / "cut2.png").write_bytes((films / "dark.png").read_bytes()[:800])
    (films / "=cmd.dcm").write_text("no film")
    report = tmp_path / "list.csv"
    said = run("classify", films, "--report", report)
    assert said.status == 1
    assert "2 classified, 3 refused (2 damaged, 1 unsupported format)." in said.lines
    listed = {Path(row["file"]).name: row for row in rows(report)}
    assert tuple(next(iter(listed.values()))) == COLUMNS
    assert listed["dark.png"]["verdict"] == "normal"
    assert 0 <= float(listed["dark.png"]["probability"]) <= 1
    assert listed["cut.png"]["reason"] == "damaged"
    assert listed["cut.png"]["message"]
    assert listed["=cmd.dcm"]["verdict"] == ""


def test_films_of_an_archive_are_named_by_archive_and_member(
    run: Run, films: Path, tmp_path: Path
) -> None:
    packed = tmp_path / "study.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(films / "dark.png", "a/dark.png")
    report = tmp_path / "list.csv"
    said = run("classify", packed, "--json", "--report", report)
    assert said.status == 0
    assert [row["file"] for row in said.rows] == [f"{packed}/a/dark.png"]
    assert [row["file"] for row in rows(report)] == [f"{packed}/a/dark.png"]


def test_batch_lists_the_exams_it_stored(
    run: Run, films: Path, hospital: Path, tmp_path: Path
) -> None:
    report = tmp_path / "list.csv"
    words = ("batch", films, "--record", "--user", "ada", "--password-stdin", "--report", report)
    said = run("--data-dir", hospital, *words, stdin=secret())
    assert said.status == 0, said.err
    assert all(len(row["exam_id"]) == 32 for row in rows(report))
    assert len(rows(report)) == 2


def test_an_existing_file_is_never_written_over(run: Run, films: Path) -> None:
    before = (films / "dark.png").read_bytes()
    said = run("classify", films, "--report", films / "dark.png")
    assert said.status == 2
    assert "already" in said.err
    assert (films / "dark.png").read_bytes() == before


def test_a_list_that_cannot_be_written_is_a_sentence(run: Run, films: Path) -> None:
    said = run("classify", films, "--report", films / "no folder" / "list.csv")
    assert said.status == 2
    assert "cannot be written" in said.err


def test_no_cell_is_a_formula(run: Run, films: Path, tmp_path: Path) -> None:
    (films / "=1+1.dcm").write_text("no film")
    report = tmp_path / "list.csv"
    with contextlib.chdir(films):
        run("classify", "=1+1.dcm", "--report", report)
    assert [row["file"] for row in rows(report)] == ["'=1+1.dcm"]
