from pathlib import Path

import pytest

from cxr_desktop.cli.command import Invocation
from cxr_desktop.cli.main import _parser
from cxr_desktop.cli.terminal import Terminal
from cxr_desktop.domain.errors import InvalidRequest
from tests.cli.conftest import PASSWORD, Run, one_sentence, secret


def test_the_first_administrator_is_made_and_can_sign_in(run: Run, data: Path) -> None:
    said = run(
        *("--data-dir", data, "admin", "create", "ada", "--full-name", "Ada L."),
        *("--password-stdin",),
        stdin=secret(),
    )
    assert said.status == 0
    assert "ada" in said.out
    listed = run(
        *("admin", "list", "--user", "ADA", "--password-stdin", "--json", "--data-dir", data),
        stdin=secret(),
    )
    assert listed.rows == [
        {
            "name": "ada",
            "full_name": "Ada L.",
            "group": "Administrators",
            "disabled": False,
            "must_change_password": False,
        }
    ]


def test_accounts_are_listed_as_text(run: Run, hospital: Path) -> None:
    said = run(
        "admin", "list", "--user", "ada", "--password-stdin", "--data-dir", hospital, stdin=secret()
    )
    assert said.lines == ["ada  active    Administrators"]


def test_a_second_first_administrator_is_refused_before_a_password_is_asked(
    run: Run, hospital: Path
) -> None:
    said = run("--data-dir", hospital, "admin", "create", "eve", "--password-stdin")
    assert said.status == 2
    one_sentence(said, "already has accounts")


def test_a_weak_password_makes_no_account(run: Run, data: Path) -> None:
    words = ("--data-dir", data, "admin", "create", "ada", "--password-stdin")
    said = run(*words, stdin=secret("password1234"))
    assert said.status == 2
    one_sentence(said, "easy to guess")
    assert run(*words, stdin=secret()).status == 0  # still the first


@pytest.mark.parametrize("name", ["", "a\x1bb", "x" * 65])
def test_a_name_that_cannot_be_shown_makes_no_folder(run: Run, data: Path, name: str) -> None:
    said = run("--data-dir", data, "admin", "create", name, "--password-stdin", stdin=secret())
    assert said.status == 2
    assert not data.exists()


def test_without_a_terminal_the_password_must_come_on_standard_input(run: Run, data: Path) -> None:
    said = run("--data-dir", data, "admin", "create", "ada")
    assert said.status == 2
    one_sentence(said, "--password-stdin")


def test_an_empty_standard_input_is_said(run: Run, data: Path) -> None:
    said = run("--data-dir", data, "admin", "create", "ada", "--password-stdin")
    assert said.status == 2
    one_sentence(said, "no password on standard input")


class Typed:
    """A terminal's keyboard: says it is one, gives what was typed."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.questions: list[str] = []

    def isatty(self) -> bool:
        return True

    def ask(self, question: str) -> str:
        self.questions.append(question)
        return self.answers.pop(0)


def create(data: Path, built_in: Path, typed: Typed, capsys: pytest.CaptureFixture[str]) -> int:
    import sys

    args = _parser().parse_args(["--data-dir", str(data), "admin", "create", "ada"])
    terminal = Terminal(sys.stdout, sys.stderr, typed, typed.ask)  # type: ignore[arg-type]  # a keyboard is all it needs
    return int(args.command.run(Invocation(args, terminal, built_in)))


def test_a_typed_password_is_asked_for_twice(
    data: Path, built_in: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = Typed(PASSWORD, PASSWORD)
    assert create(data, built_in, typed, capsys) == 0
    assert typed.questions == ["New password: ", "Once more: "]
    assert PASSWORD not in capsys.readouterr().out


def test_two_different_passwords_make_no_account(
    data: Path, built_in: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(InvalidRequest, match="differ"):
        create(data, built_in, Typed(PASSWORD, PASSWORD + "s"), capsys)
    assert create(data, built_in, Typed(PASSWORD, PASSWORD), capsys) == 0


def test_a_file_in_place_of_the_data_folder_is_one_sentence(run: Run, tmp_path: Path) -> None:
    place = tmp_path / "taken"
    place.write_text("mine", encoding="utf-8")
    said = run("--data-dir", place, "admin", "create", "ada", "--password-stdin", stdin=secret())
    assert said.status == 2
    one_sentence(said, "taken")
    assert place.read_text(encoding="utf-8") == "mine"


def test_the_recovery_key_sets_a_new_password_and_is_renewed(run: Run, hospital: Path) -> None:
    data = ("--data-dir", hospital)
    made = run(*data, "admin", "recovery-key", "--user", "ada", "--password-stdin", stdin=secret())
    key = made.lines[0].removeprefix("Recovery key: ")
    new = "seven loud summer boats"
    words = (*data, "admin", "recover", "ada", "--password-stdin")
    said = run(*words, stdin=f"{key}\n{new}\n".encode())
    assert said.status == 0, said.err
    assert said.lines[0] == "“ada” has a new password."
    assert said.lines[1].startswith("Recovery key: ")
    assert key not in said.out
    listed = run(*data, "admin", "list", "--user", "ada", "--password-stdin", stdin=secret(new))
    assert listed.status == 0
    one_sentence(run(*words, stdin=f"{key}\n{new}\n".encode()), "not the recovery key")
    one_sentence(run(*words, stdin=f"{key[:-1]}\n{new}\n".encode()), "not typed as it is")
