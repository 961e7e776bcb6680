from pathlib import Path

from tests.cli.conftest import Run, one_sentence, secret

WHO = ("--user", "ada", "--password-stdin")


def test_a_hospital_comes_back_from_its_backup(
    run: Run, hospital: Path, films: Path, tmp_path: Path
) -> None:
    data = ("--data-dir", hospital)
    assert run(*data, "batch", films, "--record", *WHO, stdin=secret()).status == 0
    stick = tmp_path / "stick"
    stick.mkdir()
    made = run(*data, "backup", "run", "--to", stick, "--json", *WHO, stdin=secret())
    assert made.status == 0, made.err
    (row,) = made.rows
    backup = Path(row["backup"])
    assert backup.parent.parent == stick
    verified = run("backup", "verify", backup)
    assert verified.status == 0
    assert verified.lines[0].startswith("Sound: ")
    assert row["seal"] in verified.lines[1]
    target = tmp_path / "restored"
    assert run("backup", "restore", backup, target).status == 0
    listed = run("--data-dir", target, "history", "--json", *WHO, stdin=secret())
    assert {exam["file"] for exam in listed.rows} == {"dark.png", "bright.png"}
    sound = run(*("--data-dir", target, "audit", "verify", "--seal", row["seal"]), *WHO,
                stdin=secret())  # fmt: skip
    assert sound.status == 0


def test_without_a_folder_a_sentence_says_what_to_do(run: Run, hospital: Path) -> None:
    said = run("--data-dir", hospital, "backup", "run", *WHO, stdin=secret())
    assert said.status == 2
    one_sentence(said, "No folder for backups was chosen yet.")


def test_what_is_no_backup_is_refused(run: Run, tmp_path: Path) -> None:
    said = run("backup", "verify", tmp_path)
    assert said.status == 2
    one_sentence(said, "no complete backup")
