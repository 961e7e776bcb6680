from pathlib import Path

from tests.cli.conftest import Run
from tests.support.old_folder import OLD_EXAMS, OLD_PASSWORD, SECRET, make_old_folder


def test_a_command_encrypts_a_folder_from_before_encryption(run: Run, data: Path) -> None:
    make_old_folder(data)
    words = ("history", "--user", "ada", "--password-stdin", "--json")
    said = run("--data-dir", data, *words, stdin=f"{OLD_PASSWORD}\n".encode())
    assert said.status == 0, said.err
    assert len(said.rows) == OLD_EXAMS
    assert str(said.rows[0]["patient_name"]).encode().startswith(SECRET)
    hits = [str(path) for path in data.rglob("*") if path.is_file() and SECRET in path.read_bytes()]
    assert hits == []
