"""Bad input: one clear sentence each, the right exit status, and nothing lost."""

import os
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.cli.conftest import Run, one_sentence, secret
from tests.support.film_files import dicom, encoded, ramp

SLICE = dict(Modality="CT", SOPClassUID="1.2.840.10008.5.1.4.1.1.2")  # noqa: C408 - tags read as tags


def cut_jpeg() -> bytes:
    whole = encoded(".jpg", (ramp(300, 300) // 16).astype(np.uint8))
    return whole[: len(whole) // 2]


def three_frames() -> bytes:
    pixels = np.tile(ramp(300, 300), (3, 1))
    return dicom(pixels, Rows=300, NumberOfFrames=3)


BAD: dict[str, tuple[bytes, str]] = {
    "words.dcm": (b"These are words, not a film.\n" * 50, "unsupported_format"),
    "cut.jpg": (cut_jpeg(), "damaged"),
    "ct.dcm": (dicom(ramp(300, 300), **SLICE), "not_a_radiograph"),
    "three.dcm": (three_frames(), "multi_frame"),
    "empty.png": (b"", "damaged"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_with_a_sentence_and_the_rest_goes_on(
    run: Run, films: Path, name: str
) -> None:
    content, code = BAD[name]
    (films / name).write_bytes(content)
    said = run("classify", films, "--json")
    assert said.status == 1
    assert said.err == ""
    (refused,) = [row for row in said.rows if row["status"] == "refused"]
    assert Path(refused["file"]).name == name
    assert refused["code"] == code
    assert refused["message"].count(". ") <= 2
    assert refused["message"][0].isupper() or refused["message"][0] == "“"
    assert refused["message"].endswith(".")
    assert "rror:" not in refused["message"]
    assert sum(row["status"] == "classified" for row in said.rows) == 2
    assert (films / name).read_bytes() == content


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_never_stored(run: Run, hospital: Path, films: Path, name: str) -> None:
    (films / name).write_bytes(BAD[name][0])
    words = ("batch", films / name, "--record", "--user", "ada", "--password-stdin", "--json")
    said = run("--data-dir", hospital, *words, stdin=secret())
    assert said.status == 1
    assert said.rows[0]["exam_id"] is None
    assert not any(path.is_file() for path in (hospital / "films").rglob("*"))


@pytest.mark.skipif(
    sys.platform == "win32" or (hasattr(os, "geteuid") and os.geteuid() == 0),
    reason="root and Windows write into read-only folders",
)
def test_a_read_only_data_folder_is_one_sentence(run: Run, hospital: Path, films: Path) -> None:
    hospital.chmod(0o500)
    try:
        words = ("batch", films, "--record", "--user", "ada", "--password-stdin")
        said = run("--data-dir", hospital, *words, stdin=secret())
    finally:
        hospital.chmod(0o700)
    assert (said.status, said.out) == (2, "")
    one_sentence(said, "cannot be written")


@pytest.mark.parametrize("command", ["batch", "history"])
def test_a_file_in_place_of_the_data_folder_is_one_sentence_and_stays(
    run: Run, tmp_path: Path, films: Path, command: str
) -> None:
    place = tmp_path / "taken"
    place.write_bytes(b"mine")
    words = [command, *([films, "--record"] if command == "batch" else [])]
    said = run("--data-dir", place, *words, "--user", "ada", "--password-stdin", stdin=secret())
    assert (said.status, said.out) == (2, "")
    one_sentence(said, "taken")
    assert place.read_bytes() == b"mine"


def test_a_database_of_another_program_is_refused_and_left_as_it_was(
    run: Run, tmp_path: Path, films: Path
) -> None:
    place = tmp_path / "data"
    place.mkdir()
    foreign = place / "history.sqlite3"
    foreign.write_bytes(b"SQLite format 3\x00" + b"x" * 4096)
    before = foreign.read_bytes()
    words = ("history", "--user", "ada", "--password-stdin")
    said = run("--data-dir", place, *words, stdin=secret())
    assert (said.status, said.out) == (2, "")
    one_sentence(said)
    assert foreign.read_bytes() == before
