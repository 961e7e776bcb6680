"""`support-bundle`: the real file, with patients planted wherever the program could meet them."""

import json
import zipfile
from pathlib import Path

import pytest

from cxr_desktop import locations
from cxr_desktop.logging_setup import CRASH_NAME, LOG_NAME
from tests.cli.conftest import Run, one_sentence, secret

NAME = "Zumwalt"


def read(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode() for name in archive.namelist()}


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "support.zip"


def plant(hospital: Path, films: Path, run: Run) -> None:
    """Store exams of a patient, and write the name into logs and settings."""
    (films / "dark.png").rename(films / f"{NAME}.png")
    words = ("batch", films, "--record", "--user", "ada", "--password-stdin")
    assert run("--data-dir", hospital, *words, stdin=secret()).status == 0
    log = hospital / "logs" / LOG_NAME
    head = "2026-01-01T12:00:00.000Z ERROR cxr_desktop.x"
    log.write_text(f"{head}: the film of {NAME}\n{head}: unexpected error 12345678\n{NAME}\n")
    (hospital / "logs" / CRASH_NAME).write_text(f"{NAME}\nFatal Python error: Aborted\n")
    text = f'[general]\ninstitution = "{NAME}"\n[backup]\nfolder = "/media/{NAME}"\nkeep = 9\n'
    (hospital / "settings.toml").write_text(text)


def test_what_it_needs_is_in_it_and_no_patient(
    run: Run, hospital: Path, films: Path, target: Path
) -> None:
    plant(hospital, films, run)
    said = run("--data-dir", hospital, "support-bundle", target)
    assert said.status == 0, said.err
    files = read(target)
    assert list(files) == [
        "README.txt", "versions.txt", "settings.txt", "self-test.json",
        f"log/{CRASH_NAME}", f"log/{LOG_NAME}",
    ]  # fmt: skip
    everything = "\n".join([*files, *files.values()]).casefold()
    assert NAME.casefold() not in everything
    assert NAME.encode() not in target.read_bytes()
    assert "unexpected error 12345678" in files[f"log/{LOG_NAME}"]
    assert "Fatal Python error: Aborted" in files[f"log/{CRASH_NAME}"]
    assert "backup.keep = 9" in files["settings.txt"]
    assert "general.institution = (a text)" in files["settings.txt"]
    assert "CXR Desktop 0." in files["versions.txt"]
    assert "pydicom 3." in files["versions.txt"]
    results = json.loads(files["self-test.json"])["results"]
    assert {row["check"]: row["passed"] for row in results}["Decoder"] is True


def test_no_password_and_no_account_is_in_it(run: Run, hospital: Path, target: Path) -> None:
    run("--data-dir", hospital, "support-bundle", target)
    everything = "\n".join(read(target).values())
    assert "ada" not in everything.split()
    assert "argon2id$" not in everything
    assert str(Path.home()) not in everything


def test_a_file_that_is_there_is_not_replaced(run: Run, hospital: Path, target: Path) -> None:
    target.write_text("mine")
    said = run("--data-dir", hospital, "support-bundle", target)
    assert said.status == 2
    one_sentence(said, "already")
    assert target.read_text() == "mine"


def test_it_is_made_where_nothing_can_be_opened(
    run: Run, hospital: Path, target: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text("[machine")
    monkeypatch.setattr(locations, "policy_file", lambda: policy)
    assert run("--data-dir", hospital, "support-bundle", target).status == 0
    files = read(target)
    assert "policy of this computer" in files["problem.txt"]
    assert "settings.txt" not in files
    assert "versions.txt" in files


def test_it_makes_no_data_folder(run: Run, data: Path, target: Path) -> None:
    assert run("--data-dir", data, "support-bundle", target).status == 0
    assert not data.exists()
    assert "There is none." in read(target)["problem.txt"]


def test_a_folder_that_is_gone_is_one_sentence(run: Run, hospital: Path, tmp_path: Path) -> None:
    said = run("--data-dir", hospital, "support-bundle", tmp_path / "gone" / "x.zip")
    assert said.status == 2
    one_sentence(said, "cannot be written")
