"""What happens at the border: bugs, broken pipes, Ctrl+C, terminals, version and help."""

import errno
import io
import re
import subprocess
import sys
from pathlib import Path

import pytest

from cxr_desktop import __version__, bootstrap
from cxr_desktop.cli.commands import COMMANDS
from cxr_desktop.cli.main import main
from cxr_desktop.cli.terminal import OutputClosed, Terminal, shown
from cxr_desktop.domain.assessment import DISCLAIMER
from cxr_desktop.domain.errors import InvalidRequest
from cxr_desktop.services.assess import AssessFilm
from tests.cli.conftest import Run

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")


class Screen(io.StringIO):
    """Standard output that is a terminal."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


class Failing(io.StringIO):
    """Standard output whose writes fail with an error number, after `good` lines."""

    def __init__(self, number: int, good: int = 0) -> None:
        super().__init__()
        self._number = number
        self._good = good

    def flush(self) -> None:
        if self._good <= 0:
            raise OSError(self._number, "gone")
        self._good -= 1


def boom(*_: object) -> None:
    raise RuntimeError("secret patient text Doe^Jane")


def test_a_bug_is_status_70_with_an_id_and_a_log_and_no_exception_text(
    run: Run, films: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AssessFilm, "assess", boom)
    data.mkdir()
    said = run("--data-dir", data, "classify", films, "--json")
    assert said.status == 70
    assert "Doe" not in said.out + said.err
    (number,) = re.findall(r"\(error ([0-9a-f]{8})\)", said.err)
    logged = (data / "logs" / "cxr-desktop.log").read_text(encoding="utf-8")
    assert number in logged
    assert "RuntimeError" in logged
    assert "Doe" not in logged


def test_a_bug_makes_no_data_folder(
    run: Run, films: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AssessFilm, "assess", boom)
    assert run("--data-dir", data, "classify", films).status == 70
    assert not data.exists()


def test_ctrl_c_is_status_130(run: Run, films: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(AssessFilm, "assess", interrupted)
    said = run("classify", films, "--json")
    assert said.status == 130
    assert said.err == "Stopped.\n"


@pytest.mark.parametrize("good", [0, 1])
def test_a_reader_that_has_gone_is_no_error(
    films: Path, built_in: Path, monkeypatch: pytest.MonkeyPatch, good: int, run: Run
) -> None:
    monkeypatch.setattr(sys, "stdout", Failing(errno.EPIPE, good))
    err = io.StringIO()
    monkeypatch.setattr(sys, "stderr", err)
    assert main(["classify", str(films), "--json"], built_in_models=built_in) == 141
    assert err.getvalue() == ""


def test_an_output_on_a_full_disk_is_one_sentence(
    films: Path, built_in: Path, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    monkeypatch.setattr(sys, "stdout", Failing(errno.ENOSPC))
    err = io.StringIO()
    monkeypatch.setattr(sys, "stderr", err)
    assert main(["classify", str(films), "--json"], built_in_models=built_in) == 2
    assert err.getvalue().startswith("cxr-desktop: The output cannot be written.")


def test_on_a_terminal_there_is_a_table_and_the_last_line_says_who_decides(
    films: Path, built_in: Path, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    (films / "a[red]\x1b[2J.png").write_bytes(b"words")
    screen = Screen()
    monkeypatch.setattr(sys, "stdout", screen)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "200")
    assert main(["classify", str(films)], built_in_models=built_in) == 1
    text = screen.getvalue()
    assert "P(abnormal)" in text
    assert "\x1b[2J" not in text
    assert "a[red]\\x1b[2J.png" in text
    assert text.rstrip("\n").endswith(DISCLAIMER)
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)
    assert plain.rstrip("\n").splitlines()[-2:] == [
        "2 classified, 1 refused (1 unsupported format).",
        DISCLAIMER,
    ]


def test_json_on_a_terminal_stays_json(
    films: Path, built_in: Path, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stdout", screen)
    assert main(["classify", str(films), "--json"], built_in_models=built_in) == 0
    assert "\x1b" not in screen.getvalue()
    assert len(screen.getvalue().splitlines()) == 2


def test_the_version_is_printed(run: Run) -> None:
    said = run("--version")
    assert (said.status, said.out) == (0, f"CXR Desktop {__version__}\n")


@pytest.mark.parametrize("words", [(), *((command.name,) for command in COMMANDS)])
def test_help_is_status_0(run: Run, words: tuple[str, ...]) -> None:
    said = run(*words, "--help")
    assert said.status == 0
    assert said.out.startswith("usage: cxr-desktop")


def test_help_says_who_decides(run: Run) -> None:
    assert DISCLAIMER in " ".join(run("--help").out.split())


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_and_option_is_documented(run: Run, command: object) -> None:
    name = getattr(command, "name")  # noqa: B009 - the parameter's type is pytest's to know
    said = run(name, "--help")
    options = set(re.findall(r"--[a-z-]+", said.out)) - {"--help"}
    assert f"`{name}" in DOCUMENT
    assert [option for option in options if option not in DOCUMENT] == []


def test_the_data_folder_may_be_named_before_or_after_the_command(
    run: Run, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    opened = bootstrap.open_engine

    def noted(folder: Path | None = None, **rest: object) -> object:
        asked.append(folder)
        return opened(folder, **rest)  # type: ignore[arg-type]  # passed on as it came

    monkeypatch.setattr(bootstrap, "open_engine", noted)
    run("--data-dir", data, "models")
    run("models", "--data-dir", data)
    run("models")
    assert asked == [data, data, None]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain Röntgen 胸部", "plain Röntgen 胸部"),
        ("\x1b[31m\a\r\n\t", "\\x1b[31m\\x07\\r\\n\\t"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
        ("caf\udce9", "caf\\udce9"),
        ("\x7f\x9b", "\\x7f\\x9b"),
    ],
)
def test_what_is_not_printable_becomes_an_escape(text: str, expected: str) -> None:
    assert shown(text) == expected


def test_a_password_on_standard_input_is_one_line_of_utf_8() -> None:
    def read(content: bytes) -> str:
        stdin = io.TextIOWrapper(io.BytesIO(content), encoding="ascii")
        return Terminal(io.StringIO(), io.StringIO(), stdin).password(from_stdin=True)

    assert read("pässwörd mit Leer \r\nmore\n".encode()) == "pässwörd mit Leer "
    assert read(b"\xef\xbb\xbfwith a mark") == "with a mark"
    for content in (b"", b"\xff\xfe\n"):
        with pytest.raises(InvalidRequest):
            read(content)


def test_end_of_input_at_the_question_is_said() -> None:
    def ask(question: str) -> str:
        raise EOFError

    terminal = Terminal(io.StringIO(), io.StringIO(), Screen(), ask)
    with pytest.raises(InvalidRequest, match="No password"):
        terminal.password(from_stdin=False)


def test_a_closed_output_is_told_apart_from_a_full_one() -> None:
    with pytest.raises(OutputClosed):
        Terminal(Failing(errno.EPIPE), io.StringIO(), io.StringIO()).line("x")
    with pytest.raises(InvalidRequest):
        Terminal(Failing(errno.ENOSPC), io.StringIO(), io.StringIO()).line("x")


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell with pipes")
def test_piped_into_head_the_program_is_silent() -> None:
    words = [sys.executable, "-m", "cxr_desktop", "classify", "--help"]
    answer = subprocess.run(
        ["sh", "-c", f"{' '.join(words)} | true"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert answer.stderr == ""
