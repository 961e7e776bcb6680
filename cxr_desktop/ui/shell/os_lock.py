"""Notices that the computer is locked, goes to sleep, or is given to another of its users.

Linux tells by D-Bus: logind (https://www.freedesktop.org/software/systemd/man/org.freedesktop.login1.html)
of sleep and locked sessions, the screen savers of GNOME and KDE of locked screens, which switching
to another user does too. Windows sends messages to windows (WM_POWERBROADCAST,
WM_WTSSESSION_CHANGE). Where neither is there, `IdleLock` still sees a sleep by its clocks.
"""

from __future__ import annotations

import ctypes
import os
import time
from collections.abc import Callable
from ctypes import wintypes
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import (
    SLOT,
    QAbstractNativeEventFilter,
    QByteArray,
    QCoreApplication,
    QObject,
    Signal,
    Slot,
)

if TYPE_CHECKING:  # loaded when it is needed
    from PySide6.QtDBus import QDBusConnection

LOGIN = "/org/freedesktop/login1"
SAVERS = ("org.freedesktop.ScreenSaver", "org.gnome.ScreenSaver")
WM_POWERBROADCAST, PBT_APMSUSPEND = 0x0218, 0x0004
WM_WTSSESSION_CHANGE = 0x02B1
WTS_LEFT = frozenset({0x2, 0x4, 0x7})  # console or remote session left, session locked
TICKS_PER_SECOND = 10_000_000


class OsLock(QObject):
    """`left` is emitted when nobody is at the computer any more, as far as it tells."""

    left = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._filter: _WindowsMessages | None = None

    def start(self, window: int) -> None:
        """Listen from now on; `window` is the number of the program's window."""
        if os.name == "nt":
            self._listen_to_windows(window)
        else:
            from PySide6.QtDBus import QDBusConnection  # noqa: PLC0415 - not needed to open

            self.listen(QDBusConnection.systemBus(), QDBusConnection.sessionBus())

    def listen(self, system: QDBusConnection, session: QDBusConnection) -> None:
        """Listen to these two buses; a bus that is not there says nothing."""
        manager, own = "org.freedesktop.login1.Manager", "org.freedesktop.login1.Session"
        # The stubs say bytes; what works is the text that SLOT gives.
        told, locked = cast("bytes", SLOT("on_told(bool)")), cast("bytes", SLOT("on_locked()"))
        system.connect("", LOGIN, manager, "PrepareForSleep", self, told)
        system.connect("", "", own, "Lock", self, locked)
        for saver in SAVERS:
            session.connect("", "", saver, "ActiveChanged", self, told)

    @Slot(bool)
    def on_told(self, begins: bool) -> None:
        """Hear that the computer goes to sleep or its screen is locked, or that it comes back."""
        if begins:
            self.left.emit()

    @Slot()
    def on_locked(self) -> None:
        """Hear that the session is locked."""
        self.left.emit()

    def _listen_to_windows(self, window: int) -> None:
        self._filter = _WindowsMessages(self.left.emit)
        application = QCoreApplication.instance()
        if application is not None:
            application.installNativeEventFilter(self._filter)
        library = getattr(ctypes, "windll").wtsapi32  # noqa: B009 - unknown to checkers elsewhere
        library.WTSRegisterSessionNotification(wintypes.HWND(window), 0)


class _WindowsMessages(QAbstractNativeEventFilter):
    def __init__(self, left: Callable[[], object]) -> None:
        super().__init__()
        self._left = left

    def nativeEventFilter(
        self, kind: QByteArray | bytes | bytearray | memoryview, message: int
    ) -> object:
        """Look at a message, and keep it from nobody."""
        del kind
        if says_left(wintypes.MSG.from_address(int(message))):
            self._left()
        return False, 0


def says_left(message: wintypes.MSG) -> bool:
    """Whether a message of Windows says that nobody is at the computer any more."""
    if message.message == WM_POWERBROADCAST:
        return bool(message.wParam == PBT_APMSUSPEND)
    return message.message == WM_WTSSESSION_CHANGE and message.wParam in WTS_LEFT


def awake_seconds() -> float:
    """Return seconds that do not count while the computer sleeps."""
    if os.name == "nt":
        ticks = ctypes.c_ulonglong()
        kernel = getattr(ctypes, "windll").kernel32  # noqa: B009 - as above
        kernel.QueryUnbiasedInterruptTime(ctypes.byref(ticks))
        return ticks.value / TICKS_PER_SECOND
    return time.monotonic()  # CLOCK_MONOTONIC of Linux stands still in a sleep
