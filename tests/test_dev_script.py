"""dev.py: what it decides, with nothing installed."""

import importlib.util
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

import dev

LDD = """\
\tlinux-vdso.so.1 (0x00007ffd)
\tlibEGL.so.1 => not found
\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f)
\tlibxcb-cursor.so.0 => not found
"""


class Commands:
    """Notes the commands and answers with the statuses it was given (0 without one)."""

    def __init__(self, *statuses: int) -> None:
        self.asked: list[list[str]] = []
        self.statuses = list(statuses)

    def __call__(self, command: Sequence[str]) -> int:
        self.asked.append(list(command))
        return self.statuses.pop(0) if self.statuses else 0


def machine(run: Commands, *, is_root: bool = False, has_apt: bool = True) -> dev.Machine:
    return dev.Machine(is_root, has_apt, run)


def test_the_linker_s_answer_is_read() -> None:
    assert dev.missing_libraries(LDD) == {"libEGL.so.1", "libxcb-cursor.so.0"}
    assert dev.missing_libraries("\tstatically linked\n") == set()


def test_nothing_missing_asks_for_nothing() -> None:
    run = Commands()
    dev.bring_libraries(set, dev.WINDOW_PACKAGES, machine(run, is_root=True))
    assert run.asked == []


def test_root_on_debian_gets_the_packages_installed() -> None:
    run = Commands()
    answers = [{"libEGL.so.1"}, set[str]()]
    dev.bring_libraries(lambda: answers.pop(0), ("libegl1",), machine(run, is_root=True))
    assert run.asked[-1][-2:] == ["--no-install-recommends", "libegl1"]
    assert run.asked[-1][:2] == ["apt-get", "install"]


def test_root_where_apt_fails_is_told_the_line() -> None:
    with pytest.raises(dev.SetUpError, match=r"\n  apt-get install .*libegl1"):
        dev.bring_libraries(
            lambda: {"libEGL.so.1"}, ("libegl1",), machine(Commands(0, 100), is_root=True)
        )


def test_others_on_debian_are_told_the_line_to_run_and_nothing_is_installed() -> None:
    run = Commands()
    with pytest.raises(dev.SetUpError, match=r"libEGL\.so\.1.*\n  sudo apt-get install .*libegl1"):
        dev.bring_libraries(lambda: {"libEGL.so.1"}, ("libegl1",), machine(run))
    assert run.asked == []


def test_root_on_debian_gets_the_dicom_tools_that_are_missing_and_nobody_else_does() -> None:
    run = Commands()
    dev.bring_tools(machine(run, is_root=True), {"dcmdump": "/usr/bin/dcmdump"}.get)
    assert run.asked[-1][-2:] == ["--no-install-recommends", "dicom3tools"]
    others = Commands()
    dev.bring_tools(machine(others), lambda _tool: None)
    dev.bring_tools(machine(others, is_root=True, has_apt=False), lambda _tool: None)
    dev.bring_tools(machine(others, is_root=True), lambda tool: tool)
    assert others.asked == []


def test_other_systems_are_told_the_libraries() -> None:
    with pytest.raises(dev.SetUpError, match=r"missing: libEGL\.so\.1\. Install"):
        dev.bring_libraries(
            lambda: {"libEGL.so.1"}, ("libegl1",), machine(Commands(), has_apt=False)
        )


def test_a_changed_lock_makes_the_environment_stale(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("a", encoding="utf-8")
    (tmp_path / "lock.txt").write_text("b", encoding="utf-8")
    stamp = tmp_path / "stamp"
    assert not dev.is_current(stamp, "x")
    stamp.write_text(dev.digest(tmp_path, ["lock.txt"]), encoding="ascii")
    assert dev.is_current(stamp, dev.digest(tmp_path, ["lock.txt"]))
    (tmp_path / "lock.txt").write_text("c", encoding="utf-8")
    assert not dev.is_current(stamp, dev.digest(tmp_path, ["lock.txt"]))


def without(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """Let Python lack some modules."""
    found = importlib.util.find_spec
    monkeypatch.setattr(
        "importlib.util.find_spec", lambda name: None if name in names else found(name)
    )


def test_a_python_without_ensurepip_fills_the_environment_with_its_own_pip(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    without(monkeypatch, "ensurepip")
    run = Commands()
    dev.make_venv(machine(run))
    assert "--without-pip" in run.asked[0]
    assert run.asked[1][1:4] == ["-m", "pip", "--python"]


def test_root_on_debian_installs_the_venv_package_first(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, "ensurepip")
    run = Commands()
    dev.make_venv(machine(run, is_root=True))
    assert run.asked[1][0] == "apt-get"
    assert run.asked[1][-1].startswith("python3.")


def test_without_any_pip_the_line_to_run_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, "ensurepip", "pip")
    with pytest.raises(dev.SetUpError, match=r"\n  sudo apt-get install -y python3-venv"):
        dev.make_venv(machine(Commands()))


def test_pip_s_own_configuration_is_left_alone() -> None:
    run = Commands()
    dev.install(Path("python"), ["requirements/lock.txt"], machine(run))
    assert not any("index" in word or "find-links" in word for line in run.asked for word in line)
    assert run.asked[-1][-2:] == ["--editable", "."]


def test_a_failing_pip_is_one_sentence() -> None:
    with pytest.raises(dev.SetUpError, match="pip could not install"):
        dev.install(Path("python"), [], machine(Commands(1)))


@pytest.mark.parametrize(
    ("platform", "environ", "there_is_one"),
    [
        ("linux", {}, False),
        ("linux", {"DISPLAY": ""}, False),
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ("win32", {}, True),
    ],
)
def test_a_screen_is_noticed(platform: str, environ: dict[str, str], there_is_one: bool) -> None:
    assert dev.has_screen(environ, platform) is there_is_one


def test_without_a_screen_the_samples_are_classified(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(dev, "environment", lambda _kind, _machine: Path("python"))
    monkeypatch.setattr(dev, "has_screen", lambda _environ: False)
    monkeypatch.setattr(dev, "qt_misses", lambda _python, _files: {"libEGL.so.1"})
    run = Commands(1)
    assert dev.run_program([], machine(run)) == 1
    assert run.asked == [
        ["python", "-m", "cxr_desktop", "classify", str(Path("resources/samples"))]
    ]
    assert "no screen" in capsys.readouterr().out


def test_a_window_that_cannot_open_stops_with_the_line_to_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(dev, "environment", lambda _kind, _machine: Path("python"))
    monkeypatch.setattr(dev, "has_screen", lambda _environ: True)
    monkeypatch.setattr(dev, "qt_misses", lambda _python, _files: {"libEGL.so.1"})
    run = Commands()
    with pytest.raises(dev.SetUpError, match="sudo apt-get"):
        dev.run_program([], machine(run))
    assert run.asked == []


@pytest.mark.parametrize("argv", [[], ["fly"], ["check", "now"]])
def test_unknown_words_get_the_usage(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main(argv) == 2
    assert "usage:" in capsys.readouterr().err


def test_a_python_that_is_too_old_or_too_new_is_noticed() -> None:
    assert [dev.suitable(v) for v in ((3, 10), (3, 11), (3, 14), (3, 15))] == [
        False,
        True,
        True,
        False,
    ]


def test_the_exit_status_is_the_command_s() -> None:
    assert dev.call([sys.executable, "-c", "raise SystemExit(3)"]) == 3
    assert dev.call(["no-such-program-anywhere"]) == 127


@pytest.mark.skipif(sys.platform == "win32", reason="there are no signals there")
def test_a_command_ended_by_a_signal_is_told_as_shells_do() -> None:
    assert dev.call([sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"]) == 137
