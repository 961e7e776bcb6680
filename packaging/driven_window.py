"""A person at the keyboard of the bundled window: first start, film, Run, History.

Keys come through the X server, as from a real keyboard, and need a window manager: without one no
window is ever active, and Qt's shortcuts do nothing. What the window did is read afterwards from
the data folder, by the same program's command line.
"""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from screen import PATIENCE_S, Screen

MANAGER = "openbox"
TOOLS = ("xdotool", MANAGER, "xprop")
OPEN_DIALOG = "Open films"
AGAIN_S = 3.0  # a slow computer must not get a key twice
SETTLE_S = 2.0  # nothing outside of the window tells that a page was drawn
SLOWER = 6.0  # times what the window took to be seen: a busy computer gets longer


class NotSeen(Exception):
    """Something did not come within a minute; the text says what."""


def lacking_tools() -> list[str]:
    """Name what is missing here to do this."""
    return [tool for tool in TOOLS if shutil.which(tool) is None]


@dataclass
class Person:
    """Sits before one window. `folder` is the data folder, as this computer sees it."""

    screen: Screen
    folder: Path
    pictures: Path | None
    settle_s: float = SETTLE_S

    def sit_down(self, seen_s: float) -> None:
        """Take as long for each page as this computer needs: it showed the window in `seen_s`."""
        self.settle_s = max(SETTLE_S, SLOWER * seen_s)

    def make_first_account(self, name: str, password: str) -> None:
        """Fill in the first start's form; the second Tab of a password goes past its eye."""
        time.sleep(self.settle_s)
        self.screen.type(name, "key:Tab", "IT Check", "key:Tab", password)
        self.screen.type("key:Tab", "key:Tab", password)
        self.look("1-first-start")
        self.screen.type("key:Return")
        time.sleep(2 * self.settle_s)
        self.look("2-recovery-key")
        self.screen.type("key:space", "key:Tab", "key:space")

    def sign_in(self, name: str, password: str) -> None:
        """Type name and password."""
        time.sleep(self.settle_s)
        self.look("6-sign-in")
        before = self._database()
        self.screen.type(name, "key:Tab", password, "key:Return")
        self._until(lambda: self._database() != before, "a sign-in")
        time.sleep(self.settle_s)

    def open_film(self, path: str) -> None:
        """Leave the tour that a new person is offered, and choose a film in the dialog."""
        self._until(
            lambda: self.screen.has_window(OPEN_DIALOG),
            "the dialog to open films",
            "key:Escape",
            "key:ctrl+o",
        )
        self.screen.type(path)
        self.look("3-open-films")
        self.screen.type("key:Return")
        self._until(lambda: not self.screen.has_window(OPEN_DIALOG), "the end of the dialog")

    def run(self) -> None:
        """Press Run until something is stored."""
        before = self._database()
        self._until(lambda: self._database() != before, "a stored exam", "key:F5")
        time.sleep(self.settle_s)
        self.look("4-answer")

    def find_in_history(self, name: str) -> None:
        """Search for a film by its name, and open the first that is found."""
        before = self._database()
        self.screen.type("key:ctrl+2")
        time.sleep(self.settle_s)
        self.screen.type("key:ctrl+f", name, "key:Return")
        time.sleep(self.settle_s)
        self.look("7-history")
        self._until(lambda: self._database() != before, "an opened exam", "key:Down", "key:Return")
        time.sleep(self.settle_s)
        self.look("8-stored-exam")

    def look(self, name: str) -> None:
        """Take a picture, where somebody wants them."""
        if self.pictures is not None:
            self.pictures.mkdir(parents=True, exist_ok=True)
            self.screen.picture(self.pictures / f"{name}.png")

    def _database(self) -> list[tuple[str, int, int]]:
        """Return what changes when something is written about the person or an exam."""
        files = [(path.name, path.stat()) for path in self.folder.glob("history.sqlite3*")]
        return sorted((name, facts.st_size, facts.st_mtime_ns) for name, facts in files)

    def _until(self, seen: Callable[[], bool], what: str, *keys: str) -> None:
        """Wait; press the keys now and again. Raises `NotSeen`."""
        start = time.monotonic()
        while time.monotonic() - start < PATIENCE_S:
            self.screen.type(*keys)
            again = time.monotonic() + AGAIN_S
            while time.monotonic() < again:
                if seen():
                    return
                time.sleep(0.05)
        self.look("not-seen")
        raise NotSeen(f"no sign of {what} after {PATIENCE_S:.0f} s")


def start_manager(screen: Screen, scratch: Path) -> subprocess.Popen[bytes]:
    """Start the window manager on a screen, and wait until it is there."""
    command = [MANAGER, "--sm-disable"]
    manager = subprocess.Popen(
        command,
        env={**screen.environment, "HOME": str(scratch), "XDG_CONFIG_HOME": str(scratch)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    start = time.monotonic()
    while not screen.has_manager():
        if manager.poll() is not None or time.monotonic() - start > PATIENCE_S:
            manager.kill()
            raise NotSeen("the window manager did not start")
        time.sleep(0.05)
    return manager
