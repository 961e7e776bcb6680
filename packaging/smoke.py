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
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import sbom
import versions
import window_checks
from bare_places import BareRoot, EmptyEnvironment, Place
from frozen import USER, Failed, Frozen

ROOT = Path(__file__).resolve().parents[1]
TIMES = 3
PATIENT = (b"drawn^film", b"drawn-1")  # of every drawn DICOM film
PLAIN_DATABASE = b"SQLite format 3"
ADDRESS = re.compile(
    r"(?P<call>connect|bind|sendto|sendmsg)\([^\n]*?sa_family=(?P<family>AF_\w+)"
    r"(?:, sun_path=(?P<path>@?\"[^\"\n]*\"))?"
)
LEFT = (  # in the person's home, besides the DICOM export
    ".cache/fontconfig/*",
    ".config/QtProject.conf",  # where Qt's dialog to open files was last
    ".config/cxr-desktop/window.ini",
)
PLANTED = ("json.py", "sqlite3.py", "numpy.py", "cxr_desktop.py")
PLANTED_LIBRARY = "libsqlite3.so.0"


@dataclass
class Smoke:
    """One run of all checks in one place; `inner` is the bundle's inner folder."""

    frozen: Frozen
    work: Path
    inner: Path
    failures: list[str] = field(default_factory=list)

    def path(self, name: str) -> str:
        """Return how the program sees a file of the work folder."""
        return self.frozen.place.path(name)

    def check(self, name: str, action: Callable[[], str]) -> None:
        """Run one check and print its line."""
        start = time.monotonic()
        try:
            said, word = action(), "ok    "
        except (Failed, subprocess.TimeoutExpired, ValueError, KeyError, OSError) as error:
            said, word = str(error), "FAILED"
            self.failures.append(name)
        print(f"{word}  {name:<18} {time.monotonic() - start:6.1f} s  {said}", flush=True)

    # --- the checks ---------------------------------------------------------------------------

    def version(self) -> str:
        """Say the version, and how long that takes (the best of three after a first one)."""
        answers = [self.frozen.call("--version") for _ in range(TIMES + 1)]
        best = min(answer.seconds for answer in answers[1:])
        first = answers[0].seconds * 1000
        return f"{answers[0].out.strip()}; {first:.0f} ms, best of {TIMES} {best * 1000:.0f} ms"

    def self_test(self) -> str:
        """Run the program's own checks."""
        rows = self.frozen.data("self-test", "--json").rows()
        wrong = [str(row["message"]) for row in rows if row["passed"] is not True]
        if wrong or not rows:
            raise Failed("; ".join(wrong) or "no checks")
        return "; ".join(str(row["message"]) for row in rows)

    def classify(self, folder: str) -> str:
        """Classify every film of a folder."""
        rows = self.frozen.call(
            "--data-dir", self.path("data"), "classify", self.path(folder), "--json"
        ).rows()
        names = {Path(str(row["file"])).name for row in rows}
        wanted = {path.name for path in (self.work / folder).iterdir() if path.is_file()}
        if names != wanted or any(row["verdict"] is None for row in rows):
            raise Failed(f"{sorted(wanted - names)} were not classified")
        return f"{len(rows)} films: {', '.join(sorted(names))}"

    def refuse(self) -> str:
        """Refuse each bad film with a reason, and go on."""
        folder = self.path("bad")
        rows = self.frozen.call(
            "--data-dir",
            self.path("data"),
            "classify",
            *(f"{folder}/{path.name}" for path in sorted((self.work / "bad").iterdir())),
            "--json",
            status=1,
        ).rows()
        if any(row["status"] != "refused" for row in rows) or len(rows) < 3:
            raise Failed(f"not refused: {rows}")
        return ", ".join(f"{Path(str(row['file'])).name}: {row['code']}" for row in rows)

    def record(self) -> str:
        """Make the administrator, store films, list them."""
        self.frozen.data("admin", "create", USER, "--password-stdin")
        stored = self.frozen.data("batch", self.path("good"), "--record", "--json").rows()
        listed = self.frozen.data("history", "--json").rows()
        if {row["exam_id"] for row in stored} != {row["exam_id"] for row in listed} or not stored:
            raise Failed(f"{len(stored)} stored, {len(listed)} listed")
        return f"{len(stored)} exams stored and listed"

    def encrypted(self) -> str:
        """Look into every file of the data folder: no plain database, no patient's name."""
        files = [path for path in (self.work / "data").rglob("*") if path.is_file()]
        content = {path.relative_to(self.work): path.read_bytes() for path in files}
        database = content.get(Path("data/history.sqlite3"), PLAIN_DATABASE)
        telling = [
            name
            for name, data in content.items()
            if any(words in data.lower() for words in PATIENT)
        ]
        if database.startswith(PLAIN_DATABASE) or telling:
            raise Failed(f"readable without a key: {telling or 'the database'}")
        return f"{len(files)} files, {len(database)} bytes of database: no name readable"

    def dicom(self) -> str:
        """Write an exam as DICOM, report and picture; dcmtk reads them where it is there."""
        exam = str(self._exams()[0])
        place = self.path("home")
        rows = self.frozen.data("export", "dicom", exam, "--to", place, "--json").rows()
        made = [self.work / "home" / Path(str(row["file"])).name for row in rows]
        if len(made) != 2 or any(path.read_bytes()[128:132] != b"DICM" for path in made):
            raise Failed(f"not two DICOM files: {rows}")
        if reader := shutil.which("dcmdump"):
            for path in made:
                subprocess.run([reader, "-q", str(path)], check=True, capture_output=True)
        return f"{len(made)} files{', read by dcmtk' if reader else ''}"

    def _exams(self) -> list[object]:
        return [row["exam_id"] for row in self.frozen.data("history", "--json").rows()]

    def planted(self) -> str:
        """Start in a folder full of modules that would be loaded if anything looked there."""
        for name in (*PLANTED, PLANTED_LIBRARY):
            mark = 'open("/mnt/planted", "a").write(__name__)\n'
            (self.work / name).write_text(mark, encoding="ascii")
        self.frozen.call("--data-dir", self.path("data"), "models", "--json")
        if (self.work / "planted").exists():
            raise Failed("a planted module was loaded")
        for name in (*PLANTED, PLANTED_LIBRARY):
            (self.work / name).unlink()
        return f"{len(PLANTED) + 1} names in the working folder, 0 loaded"

    def versions(self) -> str:
        """Read the versions of what had known holes from the bundle's files."""
        rows = versions.looked_at(self.inner)
        if old := sbom.too_old(rows):
            raise Failed(" ".join(old))
        if not any(row["name"] == "SQLite" for row in rows):
            raise Failed("no SQLite was found")
        return ", ".join(f"{row['name']} {row['version']}" for row in rows)

    def offline(self) -> str:
        """Look at every system call that could have left this computer."""
        assert self.frozen.traced is not None
        logs = list(self.frozen.traced.glob("*.txt"))
        found = [row for log in logs for row in ADDRESS.finditer(log.read_text(errors="replace"))]
        internet = [row[0] for row in found if row["family"].startswith("AF_INET")]
        if internet or not logs:
            raise Failed(f"{len(internet)} calls to the internet: {internet[:3]}")
        others = Counter(f"{row['call']} {row['family']} {row['path'] or ''}" for row in found)
        told = "; ".join(f"{count} times {what.strip()}" for what, count in others.most_common())
        return f"{len(logs)} runs traced, 0 calls with an internet address; else: {told or 'none'}"

    def data_stay_private(self) -> str:
        """Look for anything in the data folder that others may read."""
        loose = [path for path in (self.work / "data").rglob("*") if path.stat().st_mode & 0o077]
        if loose:
            raise Failed(f"others may read {[path.name for path in loose[:5]]}")
        return "nothing in the data folder is open to others"

    def nothing_elsewhere(self) -> str:
        """Look for what the program left in the person's home, where nothing of it belongs."""
        home = self.work / "home"
        files = [path.relative_to(home) for path in home.rglob("*") if path.is_file()]
        strange = [
            path.as_posix()
            for path in files
            if path.suffix != ".dcm" and not any(path.match(known) for known in LEFT)
        ]
        if strange:
            raise Failed(f"left in the home folder: {strange}")
        return f"{len(files)} files in the home folder, all known: {', '.join(LEFT)}"


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


def removal(smoke: Smoke, bare: BareRoot, deb: Path) -> str:
    """Remove the package: nothing of it stays, and all data; installed again it lists them."""
    before = content_of(smoke.work)
    if left := bare.remove():
        raise Failed(f"left behind: {left}")
    if content_of(smoke.work) != before:
        raise Failed("the data folder was changed by the removal")
    bare.install(deb)
    exams = len(smoke.frozen.data("history", "--json").rows())
    bare.remove()
    if not exams:
        raise Failed("after a new installation no exam was listed")
    return f"nothing left behind, {len(before)} files untouched; installed again: {exams} exams"


def content_of(folder: Path) -> dict[Path, bytes]:
    """Return what every file of a folder holds."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def all_checks(
    smoke: Smoke, pictures: Path | None, *, busy: bool
) -> Iterable[tuple[str, Callable[[], str]]]:
    """Yield the checks in order."""
    yield "version", smoke.version
    yield "self-test", smoke.self_test
    yield "samples", lambda: smoke.classify("samples")
    yield "every codec", lambda: smoke.classify("good")
    yield "bad films", smoke.refuse
    yield "store and list", smoke.record
    yield "encryption", smoke.encrypted
    yield "DICOM export", smoke.dicom
    yield "planted modules", smoke.planted
    yield "versions", smoke.versions
    yield "window", lambda: window_checks.opens(smoke.frozen, busy=busy)
    yield "by keyboard", lambda: window_checks.works(smoke.frozen, smoke.work, pictures, busy=busy)
    if sys.platform != "win32":
        yield "private", smoke.data_stay_private
    yield "nothing elsewhere", smoke.nothing_elsewhere
    if smoke.frozen.traced:
        yield "no network", smoke.offline


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
        smoke = Smoke(frozen, work, installed / "_internal")
        for name, action in all_checks(smoke, options.pictures, busy=options.busy or options.trace):
            smoke.check(name, action)
        if bare and options.deb:
            deb = options.deb.resolve()
            smoke.check("removal", lambda: removal(smoke, bare, deb))
    failed = ", ".join(smoke.failures)
    print(f"{len(smoke.failures)} failed: {failed}" if failed else "All passed.")
    return int(bool(smoke.failures))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
