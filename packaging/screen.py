"""A screen without a monitor for the smoke test: Xvfb, and the tools that look at it."""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import shutil
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

TOOLS = ("Xvfb", "xwininfo")
WINDOW = "CXR Desktop"
PATIENCE_S = 60.0


class Screen:
    """One Xvfb of 1280 × 800; `close` ends it."""

    def __init__(self) -> None:
        read, write = os.pipe()
        command = [
            "Xvfb",
            "-displayfd",
            str(write),
            "-screen",
            "0",
            "1280x800x24",
            "-nolisten",
            "tcp",
            "-noreset",
        ]
        self._server = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as answer:
            self.display = f":{answer.readline().strip()}"

    @staticmethod
    def is_possible() -> bool:
        """Whether the tools are here."""
        return all(shutil.which(tool) for tool in TOOLS)

    def close(self) -> None:
        """End the server."""
        self._server.terminate()
        self._server.wait()

    def wait_for_window(self, program: subprocess.Popen[str], start: float) -> float | None:
        """Return the seconds since `start` until a window of the program can be seen."""
        while time.monotonic() - start < PATIENCE_S and program.poll() is None:
            answer = self._ask("xwininfo", "-root", "-tree")
            for line in answer.splitlines():
                number = line.split(maxsplit=1)[0] if WINDOW in line else ""
                if number.startswith("0x") and "IsViewable" in self._ask("xwininfo", "-id", number):
                    return time.monotonic() - start
            time.sleep(0.005)
        return None

    def type(self, *words: str) -> None:
        """Send keys with xdotool: words that begin with ``key:`` are keys, others are typed."""
        for word in words:
            name, _, key = word.partition("key:")
            action = ["key", key] if key and not name else ["type", "--delay", "20", word]
            self._ask("xdotool", *action)
            time.sleep(0.2)

    def ask_to_close(self) -> None:
        """Send what a window manager sends when somebody clicks the cross."""
        for line in self._ask("xwininfo", "-root", "-tree").splitlines():
            if WINDOW in line:
                _send_delete(self.display, int(line.split(maxsplit=1)[0], 16))

    def picture(self, target: Path) -> None:
        """Take a picture of the whole screen, where ImageMagick is there."""
        if shutil.which("import"):
            self._ask("import", "-window", "root", str(target))

    @property
    def environment(self) -> dict[str, str]:
        """Return the variables of a program of this computer on this screen."""
        return {**os.environ, "DISPLAY": self.display}

    def has_window(self, title: str) -> bool:
        """Whether a window whose title begins with this can be seen."""
        for line in self._ask("xwininfo", "-root", "-tree").splitlines():
            if f'"{title}' in line:
                number = line.split(maxsplit=1)[0]
                if "IsViewable" in self._ask("xwininfo", "-id", number):
                    return True
        return False

    def has_manager(self) -> bool:
        """Whether a window manager looks after the windows (EWMH)."""
        return "window id" in self._ask("xprop", "-root", "_NET_SUPPORTING_WM_CHECK")

    def _ask(self, *command: str) -> str:
        return _output(command, self.environment)


def _output(command: Sequence[str], environment: dict[str, str]) -> str:
    answer = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    return answer.stdout


class _ClientMessage(ctypes.Structure):
    """XClientMessageEvent of Xlib."""

    _fields_ = [
        ("type", ctypes.c_int),
        ("serial", ctypes.c_ulong),
        ("send_event", ctypes.c_int),
        ("display", ctypes.c_void_p),
        ("window", ctypes.c_ulong),
        ("message_type", ctypes.c_ulong),
        ("format", ctypes.c_int),
        ("data", ctypes.c_long * 5),
        ("room", ctypes.c_long * 24),  # XEvent is larger than any one event
    ]


def _send_delete(display: str, window: int) -> None:
    """Send WM_DELETE_WINDOW to a window (ICCCM 4.2.8.1)."""
    xlib = ctypes.CDLL(ctypes.util.find_library("X11"))
    xlib.XOpenDisplay.restype = ctypes.c_void_p
    xlib.XInternAtom.restype = ctypes.c_ulong
    xlib.XInternAtom.argtypes = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int)
    xlib.XSendEvent.argtypes = (
        ctypes.c_void_p,
        ctypes.c_ulong,
        ctypes.c_int,
        ctypes.c_long,
        ctypes.c_void_p,
    )
    xlib.XCloseDisplay.argtypes = (ctypes.c_void_p,)
    opened = xlib.XOpenDisplay(display.encode())
    event = _ClientMessage(
        type=33,
        window=window,
        message_type=xlib.XInternAtom(opened, b"WM_PROTOCOLS", 0),
        format=32,
    )
    event.data[0] = xlib.XInternAtom(opened, b"WM_DELETE_WINDOW", 0)
    xlib.XSendEvent(opened, window, 0, 0, ctypes.byref(event))
    xlib.XCloseDisplay(opened)
