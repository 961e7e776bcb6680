from pathlib import Path

import pytest

from tests.cli.conftest import Run, Said, one_sentence, secret


@pytest.fixture
def stored(run: Run, hospital: Path, films: Path) -> Path:
    """A data folder with two exams."""
    words = ("batch", films, "--record", "--user", "ada", "--password-stdin")
    assert run("--data-dir", hospital, *words, stdin=secret()).status == 0
    return hospital


def as_ada(run: Run, data: Path, *words: str | Path) -> Said:
    return run("--data-dir", data, *words, "--user", "ada", "--password-stdin", stdin=secret())


def test_an_exam_is_written_as_dicom_under_its_own_id(
    run: Run, stored: Path, tmp_path: Path
) -> None:
    exam = as_ada(run, stored, "history", "--json").rows[0]["exam_id"]
    said = as_ada(run, stored, "export", "dicom", exam, "--to", tmp_path, "--json")
    assert said.status == 0, said.err
    names = [Path(row["file"]).name for row in said.rows]
    assert names == [f"{exam}-sr.dcm", f"{exam}-picture.dcm"]
    for name in names:
        assert (tmp_path / name).read_bytes()[128:132] == b"DICM"
    again = as_ada(run, stored, "export", "dicom", exam, "--to", tmp_path)
    assert again.status == 2
    one_sentence(again, "already")


def test_an_unknown_exam_and_a_missing_folder_are_sentences(
    run: Run, stored: Path, tmp_path: Path
) -> None:
    one_sentence(as_ada(run, stored, "export", "dicom", "none", "--to", tmp_path), "no such exam")
    exam = as_ada(run, stored, "history", "--json").rows[0]["exam_id"]
    said = as_ada(run, stored, "export", "dicom", exam, "--to", tmp_path / "none")
    assert said.status == 2
    one_sentence(said, "cannot be written")
