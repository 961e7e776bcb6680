#!/usr/bin/env python3
"""Build and smoke the bundle where `.ci/run` should: ``python packaging/ci.py``.

It does so when `packaging/`, `requirements/` or `pyproject.toml` changed within a day, or when
CXR_DESKTOP_CI_BUNDLE is 1 (0: never). Status 1 means that the bundle's smoke test failed, twice.
All of it together takes `TOGETHER_S` at the most, so that the tests after it have their time. What
cannot be done here (no screen, no libraries, no time) is said, and fails nothing, unless the bundle
was asked for by the variable.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))
from build import BuildError, environment

import dev

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
WATCHED = ("packaging", "requirements", "pyproject.toml")
ASKED = "CXR_DESKTOP_CI_BUNDLE"
TOGETHER_S = 540
TOO_LONG = 124
SCREEN_TOOLS = {
    "Xvfb": "xvfb",
    "xwininfo": "x11-utils",
    "xprop": "x11-utils",
    "xdotool": "xdotool",
    "openbox": "openbox",
}


class NotHere(Exception):
    """The bundle could not be built on this machine; the text says why."""


def reason(environ: Mapping[str, str], root: Path) -> str:
    """Say why the bundle is built, "" when it is not."""
    if environ.get(ASKED) in {"0", "1"}:
        return f"{ASKED} asks for it" if environ[ASKED] == "1" else ""
    command = ["git", "log", "--since=24 hours ago", "--name-only", "--format=", "--", *WATCHED]
    try:
        answer = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    changed = answer.stdout.split()
    return f"{changed[0]} changed" if changed else ""


def build(work: Path, machine: dev.Machine, end: float) -> Path:
    """Return the films' folder beside a new bundle in `work`, until `end`. Raises `NotHere`."""
    try:
        python = environment(work)
        wanted = dev.WINDOW_FILES
        dev.bring_libraries(lambda: dev.qt_misses(python, wanted), dev.WINDOW_PACKAGES, machine)
    except (BuildError, dev.SetUpError) as error:
        raise NotHere(str(error)) from None
    lacking = sorted({name for tool, name in SCREEN_TOOLS.items() if not shutil.which(tool)})
    if lacking and machine.is_root and machine.has_apt:
        dev.apt_install(machine, lacking)  # without them the smoke test says what it left out
    places = ["--work", str(work), "--out", str(work / "dist")]
    words = [str(HERE / "build.py"), "--quick", "--bundle-only", *places]
    films = work / "films"
    for command in (
        [sys.executable, *words],
        [str(python), str(HERE / "smoke_films.py"), str(films)],
    ):
        if call(command, end) != 0:
            raise NotHere(f"{Path(command[1]).name} did not get to its end; see above")
    return films


def call(command: Sequence[str], end: float) -> int:
    """Run a command in the checkout; `TOO_LONG` when it was ended with all it started at `end`.

    That is a moment of the monotonic clock, s.
    """
    with subprocess.Popen(command, cwd=ROOT, start_new_session=True) as running:
        try:
            return running.wait(max(end - time.monotonic(), 0))
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGKILL)
            dev.say(f"{Path(command[1]).name} was ended: all together may take {TOGETHER_S} s.")
            return TOO_LONG


def main() -> int:
    """Do it where there is a reason. Returns the exit status."""
    why = reason(os.environ, ROOT)
    if not why or not sys.platform.startswith("linux"):
        dev.say("The bundle is not built: nothing that it is made by changed today.")
        return 0
    dev.say(f"The bundle is built and smoked: {why}.")
    work, end = ROOT / "build" / "ci", time.monotonic() + TOGETHER_S
    try:
        films = build(work, dev.this_machine(), end)
    except NotHere as error:
        dev.say(f"THE BUNDLE WAS NOT BUILT AND NOT SMOKED HERE: {error}")
        return int(os.environ.get(ASKED) == "1")
    words = [str(HERE / "smoke.py"), str(work / "dist" / "cxr-desktop"), "--films", str(films)]
    words.append("--busy")
    for _ in range(2):
        status = call([sys.executable, *words], end)
        if status == 0:
            shutil.rmtree(work, ignore_errors=True)
            return 0
        dev.say("The smoke test did not pass.")
        if status == TOO_LONG:
            break
    return int(status != TOO_LONG or os.environ.get(ASKED) == "1")


if __name__ == "__main__":
    sys.exit(main())
