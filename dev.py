#!/usr/bin/env python3
"""Set the checkout up and start something in it: ``run``, ``test`` or ``check``.

Standard library only, for Python 3.11 or newer with pip. Everything goes into ``.venv`` beside this
file, in the versions of ``requirements/``; pip's own configuration (a mirror, say) is respected. On
Debian and Ubuntu the system libraries that Qt needs are brought too, where that is allowed (as
root); elsewhere the one line to run is printed.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
OLDEST = (3, 11)
NEWEST = (3, 14)
USAGE = "usage: python3 dev.py run [words for the program] | test [words for pytest] | check"

RUN_LOCKS = ("requirements/lock.txt", "requirements/lock-build.txt")
TEST_LOCKS = ("requirements/lock-dev.txt", *RUN_LOCKS)
CHECKS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy",),
    ("lint-imports",),
)

# Debian's names; Debian 13 and Ubuntu 24.04 have the same under names that "provide" these.
OFFSCREEN_PACKAGES = (
    "libglib2.0-0",
    "libegl1",
    "libgl1",
    "libfontconfig1",
    "libxkbcommon0",
    "libdbus-1-3",
    "libgssapi-krb5-2",
)
WINDOW_PACKAGES = (
    *OFFSCREEN_PACKAGES,
    "libx11-xcb1",
    "libxcb-cursor0",
    "libxcb-icccm4",
    "libxcb-image0",
    "libxcb-keysyms1",
    "libxcb-randr0",
    "libxcb-render-util0",
    "libxcb-shape0",
    "libxcb-shm0",
    "libxcb-sync1",
    "libxcb-xfixes0",
    "libxkbcommon-x11-0",
)
OFFSCREEN_FILES = (
    "QtWidgets.abi3.so",
    "QtSvg.abi3.so",
    "QtPrintSupport.abi3.so",
    "QtNetwork.abi3.so",
)
# Other people's DICOM tools, by Debian's package: tests ask them about the files that are written.
DICOM_TOOLS = {"dciodvfy": "dicom3tools", "dcmdump": "dcmtk"}
WINDOW_FILES = (*OFFSCREEN_FILES, "Qt/plugins/platforms/libqxcb.so")


class SetUpError(Exception):
    """Something this script cannot do; the text says what to do about it."""


@dataclass(frozen=True)
class Machine:
    """What the script may do here."""

    is_root: bool
    has_apt: bool
    run: Callable[[Sequence[str]], int]


def say(sentence: str) -> None:
    """Print a step, at once (pip's output comes from another process)."""
    print(f"— {sentence}", flush=True)


def call(command: Sequence[str]) -> int:
    """Run a command in the checkout and return its exit status."""
    try:
        status = subprocess.call(list(command), cwd=ROOT)
    except OSError:
        return 127
    return status if status >= 0 else 128 - status  # ended by a signal: as shells tell it


def this_machine() -> Machine:
    """Look around."""
    root = sys.platform.startswith("linux") and os.geteuid() == 0
    return Machine(root, shutil.which("apt-get") is not None, call)


def venv_python(venv: Path = VENV) -> Path:
    """Where the environment's interpreter lies."""
    return venv / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


# --- the interpreter ------------------------------------------------------------------------


def suitable(version: tuple[int, int]) -> bool:
    """Whether the locked packages exist for this Python."""
    return OLDEST <= version <= NEWEST


def newer_python() -> str:
    """Find another Python on PATH that fits. Raises `SetUpError` when there is none."""
    probe = f"import sys; sys.exit(not {OLDEST} <= sys.version_info[:2] <= {NEWEST})"
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found and subprocess.call([found, "-c", probe], stderr=subprocess.DEVNULL) == 0:
            return found
    raise SetUpError(
        f"This is Python {sys.version_info[0]}.{sys.version_info[1]}, and CXR Desktop needs 3.11 "
        "to 3.14. Install one of these and run this command with it."
    )


# --- the environment ------------------------------------------------------------------------


def digest(root: Path, locks: Sequence[str]) -> str:
    """Stand for everything the environment was made from: locks, project file, Python, place."""
    content = hashlib.sha256(f"{sys.version} {root}".encode())
    for name in (*locks, "pyproject.toml"):
        content.update((root / name).read_bytes())
    return content.hexdigest()


def is_current(stamp: Path, wanted: str) -> bool:
    """Whether the environment was made from the very same."""
    return stamp.is_file() and stamp.read_text(encoding="ascii") == wanted


def make_venv(machine: Machine) -> None:
    """Make ``.venv`` with a pip in it, in the best way this Python allows."""
    say("Making the environment in .venv (once).")
    if importlib.util.find_spec("ensurepip") is None and machine.is_root and machine.has_apt:
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        apt_install(machine, (f"python{version}-venv",))
        importlib.invalidate_caches()
    if importlib.util.find_spec("ensurepip") is not None:
        if machine.run([sys.executable, "-m", "venv", "--clear", str(VENV)]) == 0:
            return
    elif importlib.util.find_spec("pip") is not None:
        # Debian without python3-venv: the environment is made bare and this Python's pip fills it.
        bare = [sys.executable, "-m", "venv", "--clear", "--without-pip", str(VENV)]
        fill = [sys.executable, "-m", "pip", "--python", str(venv_python()), "install", "-q", "pip"]
        if machine.run(bare) == 0 and machine.run(fill) == 0:
            return
    raise SetUpError(
        "Python could not make an environment. On Debian and Ubuntu run this once, then try again:"
        "\n  sudo apt-get install -y python3-venv python3-pip"
    )


def install(python: Path, locks: Sequence[str], machine: Machine) -> None:
    """Put the locked packages and this checkout (editable) into the environment."""
    say("Installing the locked packages (once; some hundred megabytes).")
    quiet = [] if sys.stdout.isatty() else ["--quiet"]
    pip = [str(python), "-m", "pip", "install", "--disable-pip-version-check", *quiet]
    files = [word for lock in locks for word in ("-r", lock)]
    editable = ["--no-deps", "--no-build-isolation", "--editable", "."]
    if machine.run([*pip, *files]) or machine.run([*pip, *editable]):
        raise SetUpError(
            "pip could not install the packages; its own words are above. Check the connection to "
            "the package index (or pip's configuration) and the free disk space, then try again."
        )


def environment(kind: str, machine: Machine) -> Path:
    """Return the Python of an up-to-date ``.venv`` for "run" or "test", making what is missing."""
    python = venv_python()
    run_stamp, test_stamp = VENV / "made-for-run.txt", VENV / "made-for-test.txt"
    for_run, for_test = digest(ROOT, RUN_LOCKS), digest(ROOT, TEST_LOCKS)
    alive = python.is_file() and machine.run([str(python), "-c", "import pip"]) == 0
    if alive and is_current(test_stamp, for_test):
        return python
    if alive and kind == "run" and is_current(run_stamp, for_run):
        return python
    if not alive:
        make_venv(machine)
    if kind == "run":
        install(python, RUN_LOCKS, machine)
        run_stamp.write_text(for_run, encoding="ascii")
    else:
        install(python, TEST_LOCKS[:1], machine)
        test_stamp.write_text(for_test, encoding="ascii")
    return python


# --- Qt's system libraries ------------------------------------------------------------------


def missing_libraries(ldd_output: str) -> set[str]:
    """Read what ``ldd`` did not find."""
    lines = (line.split() for line in ldd_output.splitlines())
    return {words[0] for words in lines if len(words) >= 2 and words[-2:] == ["not", "found"]}


def qt_misses(python: Path, files: Sequence[str]) -> set[str]:
    """Ask the dynamic linker which libraries Qt would not find; empty where it cannot be asked."""
    if not sys.platform.startswith("linux") or shutil.which("ldd") is None:
        return set()
    folders = sorted((python.parent.parent / "lib").glob("python3*/site-packages/PySide6"))
    missed: set[str] = set()
    for path in (folder / name for folder in folders for name in files):
        answer = subprocess.run(["ldd", str(path)], capture_output=True, text=True, check=False)
        missed |= missing_libraries(answer.stdout)
    return {name for name in missed if not name.startswith(("libQt6", "libpyside", "libshiboken"))}


def apt_install(machine: Machine, packages: Sequence[str]) -> bool:
    """Install Debian packages as root; say whether it worked."""
    say(f"Installing system packages: {' '.join(packages)}.")
    os.environ.setdefault("DEBIAN_FRONTEND", "noninteractive")
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    machine.run(["apt-get", "update", "-qq"])
    return machine.run(command) == 0


def bring_libraries(
    misses: Callable[[], set[str]], packages: Sequence[str], machine: Machine
) -> None:
    """Install what Qt misses where that is allowed. Raises `SetUpError` with the line to run."""
    missed = misses()
    if missed and machine.is_root and machine.has_apt:
        apt_install(machine, packages)
        missed = misses()
    if not missed:
        return
    names = ", ".join(sorted(missed))
    if machine.has_apt:
        line = f"apt-get install -y --no-install-recommends {' '.join(packages)}"
        sudo = "" if machine.is_root else "sudo "
        raise SetUpError(
            f"Qt needs system libraries that are missing ({names}). Run this once, then try again:"
            f"\n  {sudo}{line}"
        )
    raise SetUpError(
        f"Qt needs system libraries that are missing: {names}. Install the packages of your system "
        "that hold them, then try again."
    )


def bring_tools(machine: Machine, found: Callable[[str], str | None] = shutil.which) -> None:
    """Install the DICOM tools where that is allowed; without them their tests are left out."""
    lacking = sorted({package for tool, package in DICOM_TOOLS.items() if not found(tool)})
    if lacking and machine.is_root and machine.has_apt:
        apt_install(machine, lacking)


# --- commands -------------------------------------------------------------------------------


def has_screen(environ: Mapping[str, str], platform: str = sys.platform) -> bool:
    """Whether a window can be opened."""
    if not platform.startswith("linux"):
        return True
    return any(environ.get(key) for key in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def run_program(words: Sequence[str], machine: Machine) -> int:
    """Start the program; without a screen classify the bundled sample films instead."""
    python = environment("run", machine)
    screen = has_screen(os.environ)
    try:
        bring_libraries(lambda: qt_misses(python, WINDOW_FILES), WINDOW_PACKAGES, machine)
    except SetUpError:
        if screen and not words:
            raise  # without a window nothing of Qt is needed
    if not screen and not words:
        say("There is no screen here, so the sample films are classified on the command line.")
        words = ("classify", str(Path("resources") / "samples"))
    return machine.run([str(python), "-m", "cxr_desktop", *words])


def run_tests(words: Sequence[str], machine: Machine) -> int:
    """Run the tests, without a screen."""
    python = environment("test", machine)
    bring_libraries(lambda: qt_misses(python, OFFSCREEN_FILES), OFFSCREEN_PACKAGES, machine)
    if not words:
        bring_tools(machine)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    return machine.run([str(python), "-m", "pytest", *words])


def run_checks(machine: Machine) -> int:
    """Run the linters, the type checker and the import contracts; all of them, whatever fails."""
    python = environment("test", machine)
    statuses = []
    for check in CHECKS:
        say(" ".join(check))
        statuses.append(machine.run([str(python.parent / check[0]), *check[1:]]))
    return int(any(statuses))


def main(argv: Sequence[str]) -> int:
    """Do what the first word says. Returns the exit status."""
    try:
        return start(list(argv), this_machine())
    except SetUpError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def start(argv: Sequence[str], machine: Machine) -> int:
    """Choose the command. Raises `SetUpError`."""
    word, words = argv[0] if argv else "", argv[1:]
    if word not in {"run", "test", "check"} or (word == "check" and words):
        print(USAGE, file=sys.stderr)
        return 2
    if not suitable((sys.version_info[0], sys.version_info[1])):
        return machine.run([newer_python(), str(Path(__file__).resolve()), *argv])
    if word == "run":
        return run_program(words, machine)
    return run_tests(words, machine) if word == "test" else run_checks(machine)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
