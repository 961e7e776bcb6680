"""What the operating system says of sleep and locked screens, on a bus of its own."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from collections.abc import Iterator
from ctypes import wintypes

import pytest
from PySide6.QtDBus import QDBusConnection, QDBusMessage
from pytestqt.qtbot import QtBot

from cxr_desktop.ui.shell.os_lock import LOGIN, OsLock, awake_seconds, says_left

SAVER = "/org/gnome/ScreenSaver"


@pytest.fixture
def bus() -> Iterator[str]:
    """Start a bus and return its address."""
    daemon = shutil.which("dbus-daemon")
    if daemon is None:
        pytest.skip("there is no D-Bus here")
    command = [daemon, "--session", "--print-address", "--nofork"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.terminate()


def emit(bus: QDBusConnection, path: str, signal: str, *values: bool) -> None:
    interface, _, name = signal.rpartition(".")
    message = QDBusMessage.createSignal(path, interface, name)
    message.setArguments(list(values))
    assert bus.send(message)


@pytest.mark.parametrize(
    ("path", "signal", "values"),
    [
        (LOGIN, "org.freedesktop.login1.Manager.PrepareForSleep", [True]),
        (f"{LOGIN}/session/_31", "org.freedesktop.login1.Session.Lock", []),
        (SAVER, "org.gnome.ScreenSaver.ActiveChanged", [True]),
        ("/ScreenSaver", "org.freedesktop.ScreenSaver.ActiveChanged", [True]),
    ],
)
def test_each_sign_on_the_bus_is_heard(
    bus: str, qtbot: QtBot, path: str, signal: str, values: list[bool]
) -> None:
    # Qt keeps a connection by its name, also one whose bus is gone.
    names = (f"heard on {bus}", f"told on {bus}")
    connection, sender = (QDBusConnection.connectToBus(bus, name) for name in names)
    assert connection.isConnected(), connection.lastError().message()
    lock = OsLock()
    lock.listen(connection, connection)
    heard: list[bool] = []
    lock.left.connect(lambda: heard.append(True))

    def told() -> bool:
        """Tell again: the bus may learn of the listener only after the first time."""
        emit(sender, path, signal, *values)
        qtbot.wait(20)
        return bool(heard)

    qtbot.waitUntil(told)
    if values:
        qtbot.wait(100)  # what was told again has come
        with qtbot.assertNotEmitted(lock.left, wait=200):
            emit(sender, path, signal, False)
    for name in names:
        QDBusConnection.disconnectFromBus(name)


@pytest.mark.parametrize(
    ("number", "value", "expected"),
    [
        (0x0218, 0x4, True),  # it goes to sleep
        (0x0218, 0x7, False),  # it comes back
        (0x02B1, 0x7, True),  # locked
        (0x02B1, 0x2, True),  # another user's turn
        (0x02B1, 0x8, False),  # unlocked
        (0x0200, 0x4, False),  # a mouse moved
    ],
)
def test_a_message_of_windows_is_understood(number: int, value: int, expected: bool) -> None:
    message = wintypes.MSG(None, number, value, 0, 0, wintypes.POINT(0, 0))
    address = ctypes.addressof(message)
    assert says_left(wintypes.MSG.from_address(address)) is expected


def test_awake_seconds_pass() -> None:
    assert awake_seconds() <= awake_seconds()
