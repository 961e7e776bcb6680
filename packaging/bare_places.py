"""Where the smoke test runs the program: in a bare root, or here with an empty environment."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

NOWHERE = "/nonexistent"
LOCALE = "C.UTF-8"  # every desktop has one of UTF-8; Qt says so where there is none
USER = "1000:1000"
# Runs as root of this computer, in a mount and network namespace of its own that ends with it. The
# program itself runs as an ordinary user, cannot write its own folder, and has no network at all.
ENTER = """
set -e
mount --make-rprivate /
mount --rbind /dev "$ROOT/dev"
mount -t tmpfs tmpfs "$ROOT/tmp"
mount -t tmpfs -o mode=1777 tmpfs "$ROOT/dev/shm" 2>/dev/null || true
mount -t proc proc "$ROOT/proc"
if [ -n "$BUNDLE" ]; then
    mount --bind "$BUNDLE" "$ROOT/opt/cxr-desktop"
    mount -o remount,bind,ro "$ROOT/opt/cxr-desktop"
fi
mount --bind "$WORK" "$ROOT/mnt"
mkdir -p "$ROOT/tmp/.X11-unix"
chmod 1777 "$ROOT/tmp" "$ROOT/tmp/.X11-unix"
[ ! -d /tmp/.X11-unix ] || mount --bind /tmp/.X11-unix "$ROOT/tmp/.X11-unix"
exec chroot --userspec=USER "$ROOT" /usr/bin/env -i --chdir=/mnt "$@"
""".replace("USER", USER)

DPKG = """
set -e
mount --make-rprivate /
mount --bind "$WORK" "$ROOT/mnt"
exec chroot "$ROOT" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin dpkg "$@"
"""


class Place(Protocol):
    """Somewhere to start the program."""

    @property
    def words(self) -> str:
        """Say what it is, for the report."""
        ...

    def path(self, name: str) -> str:
        """Return how the program sees a file of the work folder."""
        ...

    def command(self, words: Sequence[str], variables: Mapping[str, str]) -> list[str]:
        """Return the command that starts the program with these words and nothing else."""
        ...

    def environment(self) -> dict[str, str] | None:
        """Return the environment for the command itself."""
        ...


@dataclass(frozen=True)
class BareRoot:
    """A minimal system (debootstrap) with `libgl1 libegl1` and a font, entered by chroot.

    With `bundle` the folder is put at /opt/cxr-desktop; without, what is installed there runs.
    """

    root: Path
    work: Path
    bundle: Path | None

    @property
    def words(self) -> str:
        """Say what it is."""
        program = "the folder at /opt/cxr-desktop, read-only" if self.bundle else "the .deb"
        return (
            f"bare root {self.root.name} (chroot), {program}, user {USER}, empty environment, "
            "no network interface"
        )

    def path(self, name: str) -> str:
        """Return a path in the root."""
        return f"/mnt/{name}"

    def command(self, words: Sequence[str], variables: Mapping[str, str]) -> list[str]:
        """Return ``unshare … chroot … env -i … program``."""
        given = {"HOME": "/mnt/home", "PATH": NOWHERE, "LANG": LOCALE, **variables}
        program = "/opt/cxr-desktop/cxr-desktop" if self.bundle else "/usr/bin/cxr-desktop"
        separate = ["--mount", "--net", "--ipc", "--pid", "--fork", "--kill-child"]
        return [
            *("unshare", *separate, "sh", "-c", ENTER, "sh"),
            *(f"{name}={value}" for name, value in given.items()),
            *(program, *words),
        ]

    def environment(self) -> dict[str, str]:
        """Return what ENTER reads."""
        bundle = str(self.bundle) if self.bundle else ""
        places = {"ROOT": str(self.root), "WORK": str(self.work), "BUNDLE": bundle}
        return {"PATH": os.environ["PATH"], **places}

    def prepare(self) -> None:
        """Make what is mounted over."""
        (self.root / "opt" / "cxr-desktop").mkdir(parents=True, exist_ok=True)

    def install(self, deb: Path) -> None:
        """Install a package as dpkg does; what it depends on must be there."""
        shutil.copyfile(deb, self.root / "program.deb")
        try:
            self._dpkg("--install", "/program.deb")
        finally:
            (self.root / "program.deb").unlink()

    def remove(self) -> list[str]:
        """Remove the package; return what it left behind."""
        self._dpkg("--purge", "cxr-desktop")
        left = [self.root / "usr/bin/cxr-desktop", self.root / "usr/share/doc/cxr-desktop"]
        left += (self.root / "opt").glob("cxr-desktop/*")
        return [str(path) for path in left if path.exists()]

    def _dpkg(self, *words: str) -> None:
        """Run dpkg in the root, where the data folder lies too."""
        command = ["unshare", "--mount", "--net", "sh", "-c", DPKG, "sh", *words]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=self.environment())


@dataclass(frozen=True)
class EmptyEnvironment:
    """This system, with no variables and no PATH: says less than a bare root, runs anywhere."""

    work: Path
    bundle: Path

    @property
    def words(self) -> str:
        """Say what it is."""
        return "THIS system's libraries (no bare root was given), empty environment, no PATH"

    def path(self, name: str) -> str:
        """Return a path of this system."""
        return str(self.work / name)

    def command(self, words: Sequence[str], variables: Mapping[str, str]) -> list[str]:
        """Return the program and its words; on Linux under ``env -i``."""
        if platform.system() == "Windows":
            return [str(self.bundle / "cxr-desktop.exe"), *words]
        program = [str(self.bundle / "cxr-desktop"), *words]
        given = {"HOME": self.path("home"), "PATH": NOWHERE, "LANG": LOCALE, **variables}
        pairs = [f"{name}={value}" for name, value in given.items()]
        return ["env", "-i", f"--chdir={self.work}", *pairs, *program]

    def environment(self) -> dict[str, str] | None:
        """Return what Windows cannot start a program without."""
        if platform.system() != "Windows":
            return None
        kept = ("SYSTEMROOT", "TEMP", "LOCALAPPDATA", "USERPROFILE")
        return {name: os.environ[name] for name in kept if name in os.environ}
