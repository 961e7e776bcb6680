from pathlib import Path

import pytest

from cxr_desktop import locations
from tests.cli.conftest import Run, one_sentence

CHECKS = ["Policy", "Decoder", "Model", "Database", "Audit log", "Full check", "Disk space"]


def test_every_check_is_one_line(run: Run, data: Path) -> None:
    said = run("self-test", "--json", "--data-dir", data)
    assert said.status == 0, said.out
    assert [row["check"] for row in said.rows] == CHECKS
    assert all(row["passed"] and row["message"] for row in said.rows)


def test_a_failed_check_is_status_1_and_the_others_still_run(
    run: Run, data: Path, tmp_path: Path
) -> None:
    said = run("self-test", "--data-dir", data, models=tmp_path / "none")
    assert said.status == 1
    assert [line.split()[0] for line in said.lines] == ["ok", "ok", "FAILED", *["ok"] * 4]
    assert "No model is installed" in said.lines[2]


@pytest.fixture
def policy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this computer's policy lies; there is none yet."""
    file = tmp_path / "policy.toml"
    monkeypatch.setattr(locations, "policy_file", lambda: file)
    return file


def test_a_value_of_the_policy_that_cannot_be_fails_its_check(
    run: Run, data: Path, policy: Path
) -> None:
    policy.write_text("[backup]\nkeep = 0\n")
    said = run("self-test", "--json", "--data-dir", data)
    assert said.status == 1
    assert [row["check"] for row in said.rows if not row["passed"]] == ["Policy"]
    assert "backup.keep" in said.rows[0]["message"]


def test_under_a_damaged_policy_no_command_opens_a_folder(
    run: Run, data: Path, policy: Path
) -> None:
    policy.write_text("[backup\n")
    said = run("self-test", "--data-dir", data)
    assert said.status == 2
    one_sentence(said, "policy of this computer", "line 1", "ask IT")
    assert not data.exists()


def test_another_folder_than_the_one_of_the_policy_is_refused(
    run: Run, data: Path, policy: Path, tmp_path: Path
) -> None:
    policy.write_text(f"[machine]\ndata_folder = '{data}'\n")
    one_sentence(run("self-test", "--data-dir", tmp_path / "other"), "sets the data folder")
    assert not (tmp_path / "other").exists()
    assert run("self-test").status == 0
    assert data.is_dir()
