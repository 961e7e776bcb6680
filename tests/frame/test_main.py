"""`python -m cxr_desktop` chooses a front end."""

import os
import subprocess
import sys
import types
from collections.abc import Iterator, Sequence

import pytest

from cxr_desktop import __main__, __version__


class FrontEnds:
    """Stand-ins for the command line and the window that note what they were given."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, tuple[str, ...]]] = []

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name, module in (("words", "cxr_desktop.cli.main"), ("window", "cxr_desktop.ui.app")):
            fake = types.ModuleType(module)
            fake.__dict__["main"] = self._main(name)
            monkeypatch.setitem(sys.modules, module.rpartition(".")[0], types.ModuleType("package"))
            monkeypatch.setitem(sys.modules, module, fake)

    def _main(self, name: str) -> object:
        def main(argv: Sequence[str]) -> int:
            self.calls.append((name, tuple(argv)))
            return 7

        return main


@pytest.fixture
def front_ends(monkeypatch: pytest.MonkeyPatch) -> Iterator[FrontEnds]:
    fakes = FrontEnds()
    fakes.install(monkeypatch)
    mask = os.umask(0o022)
    yield fakes
    os.umask(mask)


@pytest.mark.parametrize(
    "argv",
    [
        ("classify", "a.png"),
        ("--help",),
        ("--data-dir", "d", "models"),
        ("--data-dir=d", "history"),
        ("--data-dir",),
    ],
)
def test_words_mean_the_command_line(front_ends: FrontEnds, argv: tuple[str, ...]) -> None:
    assert __main__.main(argv) == 7
    assert front_ends.calls == [("words", argv)]


@pytest.mark.parametrize("argv", [(), ("--data-dir", "d")])
def test_no_words_mean_the_window(front_ends: FrontEnds, argv: tuple[str, ...]) -> None:
    assert __main__.main(argv) == 7
    assert front_ends.calls == [("window", argv)]


def test_without_a_screen_the_window_is_a_sentence_and_status_2(
    front_ends: FrontEnds, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    assert __main__.main([]) == 2
    assert "no screen" in capsys.readouterr().err
    assert front_ends.calls == []


def test_missing_qt_libraries_are_a_sentence_and_status_2(
    front_ends: FrontEnds, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Broken(types.ModuleType):
        def __getattr__(self, name: str) -> object:
            raise ImportError("libEGL.so.1", name="QtGui", path="/x/PySide6/QtGui.abi3.so")

    monkeypatch.setitem(sys.modules, "cxr_desktop.ui.app", Broken("app"))
    assert __main__.main([]) == 2
    assert "libraries could not be loaded" in capsys.readouterr().err


def test_what_is_written_is_for_this_account_only(front_ends: FrontEnds) -> None:
    __main__.main(["models"])
    mask = os.umask(0o022)
    assert mask == 0o077


def test_the_version_is_told_without_a_front_end() -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "cxr_desktop", "--version"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout == f"CXR Desktop {__version__}\n"


def test_other_systems_always_have_a_screen() -> None:
    assert __main__.has_screen({}, "win32")
    assert not __main__.has_screen({"DISPLAY": ""}, "linux")
