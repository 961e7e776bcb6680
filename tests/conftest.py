"""What holds for every test: no screen, no network, nobody's real folders, nothing left running."""

import multiprocessing
import os
import socket
import tempfile
import threading
from collections.abc import Iterator
from typing import Any

# Before Qt is imported by anything: without a screen it would abort the whole process.
os.environ["QT_QPA_PLATFORM"] = "offscreen"

_HOME = tempfile.TemporaryDirectory(prefix="cxr-tests-", ignore_cleanup_errors=True)
for _name in ("DATA", "CONFIG", "CACHE", "STATE"):
    os.environ[f"XDG_{_name}_HOME"] = os.path.join(_HOME.name, _name.lower())  # noqa: PTH118 - a string
    os.makedirs(os.environ[f"XDG_{_name}_HOME"], mode=0o700)  # noqa: PTH103 - the same
os.environ["XDG_RUNTIME_DIR"] = _HOME.name
os.environ["WIN_PD_OVERRIDE_LOCAL_APPDATA"] = _HOME.name  # platformdirs' own, on Windows

import pytest  # noqa: E402 - after the environment is set

INTERNET = frozenset({socket.AF_INET, socket.AF_INET6})
PATIENCE_S = 30.0


def pytest_unconfigure() -> None:
    """Remove the folders of this run."""
    _HOME.cleanup()


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail a test that opens an internet socket, even where the program swallows the error."""
    opened: list[str] = []
    original = socket.socket.__init__

    def guarded(self: socket.socket, family: int = -1, *args: Any, **kwargs: Any) -> None:
        # -1 is "as the operating system likes": AF_INET, unless an open descriptor says otherwise.
        if family in INTERNET or (family == -1 and kwargs.get("fileno") is None and len(args) < 3):
            opened.append(str(family))
            raise OSError("no network in tests")
        original(self, family, *args, **kwargs)

    monkeypatch.setattr(socket.socket, "__init__", guarded)
    yield
    assert not opened, "the test opened an internet socket"


@pytest.fixture(autouse=True)
def nothing_left_running() -> Iterator[None]:
    """Fail a test that leaves a thread or a child process behind."""
    threads = set(threading.enumerate())
    children = set(multiprocessing.active_children())
    yield
    left = [
        t for t in set(threading.enumerate()) - threads if not isinstance(t, threading._DummyThread)
    ]
    for thread in left:
        thread.join(PATIENCE_S)
    alive = [thread.name for thread in left if thread.is_alive()]
    assert not alive, f"threads left running: {alive}"
    orphans = set(multiprocessing.active_children()) - children
    for child in orphans:
        child.join(PATIENCE_S)
    still = [child.name for child in orphans if child.is_alive()]
    assert not still, f"child processes left running: {still}"
