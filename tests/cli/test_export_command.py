import json
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
    pytest.importorskip("highdicom", reason="highdicom cannot be installed here")
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
    pytest.importorskip("highdicom", reason="highdicom cannot be installed here")
    one_sentence(as_ada(run, stored, "export", "dicom", "none", "--to", tmp_path), "no such exam")
    exam = as_ada(run, stored, "history", "--json").rows[0]["exam_id"]
    said = as_ada(run, stored, "export", "dicom", exam, "--to", tmp_path / "none")
    assert said.status == 2
    one_sentence(said, "cannot be written")


def test_films_are_written_without_their_patient_each_with_its_list(
    run: Run, stored: Path, tmp_path: Path
) -> None:
    said = as_ada(run, stored, "export", "films", "--to", tmp_path, "--shift-dates", "--json")
    assert said.status == 0, said.err
    files = [Path(row["file"]) for row in said.rows]
    assert len(files) == 2
    for file in files:
        assert file.read_bytes().startswith(b"\x89PNG")
        listed = json.loads(file.with_suffix(".json").read_text("utf-8"))
        assert listed["dates"] == "shifted"
        assert listed["done"]
    assert "Look at the films" in said.err


def test_a_mask_needs_its_film_and_four_numbers(run: Run, stored: Path, tmp_path: Path) -> None:
    said = as_ada(run, stored, "export", "films", "--to", tmp_path, "--mask", "0,0,5,5")
    one_sentence(said, "--exam")
    exam = as_ada(run, stored, "history", "--json").rows[0]["exam_id"]
    films = ("export", "films", "--to", tmp_path, "--exam", exam)
    assert as_ada(run, stored, *films, "--mask", "0,0,5").status == 2
    assert as_ada(run, stored, *films, "--mask", "0,0,0,0").status == 2
    said = as_ada(run, stored, *films, "--mask", "0,0,5,5")
    assert said.status == 0, said.err
    assert len(list(tmp_path.glob("*.png"))) == 1
