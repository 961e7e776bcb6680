#!/usr/bin/env python3
"""Run the frozen program as a hospital's computer would: ``python packaging/smoke.py BUNDLE``.

Standard library only. With ``--root ROOT`` (a minimal system made by debootstrap, and the right to
enter it) the program runs there by chroot; without, on this system with an empty environment, and
the report says so. ``--deb FILE`` installs the package in ROOT and runs that. One line per check;
anything on standard error that was not expected is a failure. ``docs/installing.md`` has the
commands.
"""

from __future__ import annotations

import argparse
import contextlib
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import left_behind
import window_checks
from bare_places import BareRoot, EmptyEnvironment, Place
from frozen import Failed, Frozen
from program_checks import ProgramChecks

ROOT = Path(__file__).resolve().parents[1]


@dataclass
class Report:
    """Makes checks, and prints a line for each."""

    failures: list[str] = field(default_factory=list)

    def check(self, name: str, action: Callable[[], str]) -> None:
        """Run one check and print its line."""
        start = time.monotonic()
        try:
            said, word = action(), "ok    "
        except (Failed, subprocess.TimeoutExpired, ValueError, KeyError, OSError) as error:
            said, word = str(error), "FAILED"
            self.failures.append(name)
        print(f"{word}  {name:<18} {time.monotonic() - start:6.1f} s  {said}", flush=True)


def set_up(work: Path, films: Path, bundle: Path | None) -> None:
    """Lay films out in the work folder; a bundle without a model gets the tiny pack of the test."""
    samples = ROOT / "resources" / "samples"
    for name, source in (("samples", samples), ("good", films / "good"), ("bad", films / "bad")):
        shutil.copytree(source, work / name)
    for folder in ("home", "manager"):
        (work / folder).mkdir()
    for folder in ("data", window_checks.DESK):
        (work / folder / "models").mkdir(parents=True)
    inner = bundle / "_internal" / "models" if bundle else None
    if inner is not None and not list(inner.glob("*/manifest.toml")):
        print("note    the bundle has no model: the test's tiny pack stands in for one")
        shutil.copytree(films / "pack" / "smoke-test", work / "data" / "models" / "smoke-test")
        note = work / "data" / "models" / "active.toml"
        note.write_text('active = "smoke-test"\nformer = ""\n', encoding="ascii")
    for path in [work, *work.rglob("*")]:
        path.chmod(0o700 if path.is_dir() else 0o600)
        if sys.platform != "win32":
            with contextlib.suppress(PermissionError):
                shutil.chown(path, 1000, 1000)


def all_checks(
    program: ProgramChecks, pictures: Path | None, *, busy: bool
) -> Iterable[tuple[str, Callable[[], str]]]:
    """Yield the checks in order."""
    frozen, work = program.frozen, program.work
    yield "version", program.version
    yield "self-test", program.self_test
    yield "samples", lambda: program.classify("samples")
    yield "every codec", lambda: program.classify("good")
    yield "bad films", program.refuse
    yield "store and list", program.record
    yield "encryption", program.encrypted
    yield "DICOM export", program.dicom
    yield "planted modules", program.planted
    yield "versions", program.versions
    yield "window", lambda: window_checks.opens(frozen, busy=busy)
    yield "by keyboard", lambda: window_checks.works(frozen, work, pictures, busy=busy)
    if sys.platform != "win32":
        yield "private", lambda: left_behind.data_stay_private(work)
    yield "nothing elsewhere", lambda: left_behind.nothing_elsewhere(work)
    if traced := frozen.traced:
        yield "no network", lambda: left_behind.offline(traced)


def main(argv: Sequence[str]) -> int:
    """Run everything; return 0 when all of it passed."""
    parser = argparse.ArgumentParser(description="Run the frozen program in a bare place.")
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--films", type=Path, required=True, help="made by smoke_films.py")
    parser.add_argument("--root", type=Path, help="a minimal system to chroot into (as root)")
    parser.add_argument("--deb", type=Path, help="install this in the root and run it there")
    parser.add_argument("--trace", action="store_true", help="with strace (times get longer)")
    parser.add_argument("--busy", action="store_true", help="times are told, not judged")
    parser.add_argument("--pictures", type=Path, help="where pictures of the window go")
    options = parser.parse_args(argv)
    bundle = options.bundle.resolve()
    with tempfile.TemporaryDirectory(prefix="cxr-smoke-") as scratch:
        work, traced = Path(scratch) / "work", Path(scratch) / "trace"
        work.mkdir()
        traced.mkdir()
        Path(scratch).chmod(0o711)
        set_up(work, options.films.resolve(), bundle)
        bare: BareRoot | None = None
        if options.root:
            bare = BareRoot(options.root.resolve(), work, None if options.deb else bundle)
            bare.prepare()
            if options.deb:
                bare.install(options.deb.resolve())
        place: Place = bare or EmptyEnvironment(work, bundle)
        print(f"place   {place.words}", flush=True)
        frozen = Frozen(place, traced if options.trace else None)
        installed = options.root / "opt/cxr-desktop" if options.deb else bundle
        program, report = ProgramChecks(frozen, work, installed / "_internal"), Report()
        busy = options.busy or options.trace
        for name, action in all_checks(program, options.pictures, busy=busy):
            report.check(name, action)
        if bare and options.deb:
            deb = options.deb.resolve()
            report.check("removal", lambda: left_behind.removal(frozen, work, bare, deb))
    failed = ", ".join(report.failures)
    print(f"{len(report.failures)} failed: {failed}" if failed else "All passed.")
    return int(bool(report.failures))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
