from pathlib import Path

from tests.cli.conftest import Run

CHECKS = ["Decoder", "Model", "Audit log", "Full check", "Disk space"]


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
    assert [line.split()[0] for line in said.lines] == ["ok", "FAILED", "ok", "ok", "ok"]
    assert "No model is installed" in said.lines[1]
