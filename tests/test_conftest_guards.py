"""The guards of conftest.py catch what they are there for."""

import os
import socket
from pathlib import Path

import platformdirs
import pytest

pytest_plugins = ["pytester"]

GUARDS = Path(__file__).with_name("conftest.py").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("import socket\n try: socket.socket()\n except OSError: pass", "internet socket"),
        (
            "import socket\n try: socket.create_connection(('::1', 9))\n except OSError: pass",
            "internet socket",
        ),
        (
            "import threading\n threading.Timer(1, int).start()",
            "threads left",
        ),
    ],
)
def test_a_leak_fails_the_test(pytester: pytest.Pytester, body: str, complaint: str) -> None:
    pytester.makeconftest(GUARDS.replace("PATIENCE_S = 30.0", "PATIENCE_S = 0.01"))
    pytester.makepyfile("def test_leaky():\n " + body)
    result = pytester.runpytest_subprocess("-q", "-p", "no:randomly", "-p", "no:cacheprovider")
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines([f"*{complaint}*"])


def test_local_sockets_are_allowed() -> None:
    if hasattr(socket, "AF_UNIX"):
        for end in socket.socketpair():
            end.close()


def test_nobody_s_real_data_folder_is_used() -> None:
    assert "cxr-tests-" in str(platformdirs.user_data_dir("cxr-desktop"))
    assert os.environ["QT_QPA_PLATFORM"] == "offscreen"
