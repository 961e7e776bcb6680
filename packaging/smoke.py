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
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bare_places import BareRoot, EmptyEnvironment, Place
from screen import Screen

ROOT = Path(__file__).resolve().parents[1]
USER, PASSWORD = "it.check", "quiet rivers carry paper boats"
TIMEOUT_S = 300
TIMES = 3
SLOWEST_WINDOW_S = 1.0
SIGNED_IN = {"batch", "history", "export"}
PATIENT = b"Drawn"
PLAIN_DATABASE = b"SQLite format 3"
INTERNET = re.compile(r"^.*sa_family=AF_INET6?.*$", re.MULTILINE)
EXPECTED = re.compile(r"^\d+ classified and stored, 0 refused\.\n", re.MULTILINE)
PLANTED = ("json.py", "sqlite3.py", "numpy.py", "cxr_desktop.py")
PLANTED_LIBRARY = "libsqlite3.so.0"


class Failed(Exception):
    """A check that did not pass; the text says what was seen."""


@dataclass(frozen=True)
class Answer:
    """What one call of the program did."""

    status: int
    out: str
    err: str
    seconds: float

    def rows(self) -> list[dict[str, object]]:
        """Read standard output as JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass
class Smoke:
    """One run of all checks in one place."""

    place: Place
    work: Path
    films: Path
    traced: Path | None
    failures: list[str] = field(default_factory=list)
    calls: int = 0

    def call(self, *words: str, status: int = 0, typed: str = "") -> Answer:
        """Run the program; its status must be this, and standard error empty."""
        start = time.monotonic()
        done = subprocess.run(
            [*self._trace(), *self.place.command(words, {})],
            input=typed,
            capture_output=True,
            text=True,
            check=False,
            timeout=TIMEOUT_S,
            env=self.place.environment(),
        )
        answer = Answer(done.returncode, done.stdout, done.stderr, time.monotonic() - start)
        if EXPECTED.sub("", answer.err) or answer.status != status:
            raise Failed(f"{' '.join(words)}: status {answer.status}, said {answer.err[-2000:]!r}")
        return answer

    def data(self, *words: str, status: int = 0) -> Answer:
        """Run a command on the data folder, with the password on standard input."""
        folder = ["--data-dir", self.place.path("data")]
        signed = ["--user", USER, "--password-stdin"] if words[0] in SIGNED_IN else []
        return self.call(*folder, *words, *signed, status=status, typed=f"{PASSWORD}\n")

    def _trace(self) -> list[str]:
        self.calls += 1
        if self.traced is None:
            return []
        log = self.traced / f"{self.calls}.txt"
        return ["strace", "-f", "-qq", "-e", "trace=connect,sendto,bind", "-o", str(log)]

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
        answers = [self.call("--version") for _ in range(TIMES + 1)]
        best = min(answer.seconds for answer in answers[1:])
        first = answers[0].seconds * 1000
        return f"{answers[0].out.strip()}; {first:.0f} ms, best of {TIMES} {best * 1000:.0f} ms"

    def self_test(self) -> str:
        """Run the program's own checks."""
        rows = self.data("self-test", "--json").rows()
        wrong = [str(row["message"]) for row in rows if row["passed"] is not True]
        if wrong or not rows:
            raise Failed("; ".join(wrong) or "no checks")
        return "; ".join(str(row["message"]) for row in rows)

    def classify(self, folder: str) -> str:
        """Classify every film of a folder."""
        rows = self.call(
            "--data-dir", self.place.path("data"), "classify", self.place.path(folder), "--json"
        ).rows()
        names = {Path(str(row["file"])).name for row in rows}
        wanted = {path.name for path in (self.work / folder).iterdir() if path.is_file()}
        if names != wanted or any(row["verdict"] is None for row in rows):
            raise Failed(f"{sorted(wanted - names)} were not classified")
        return f"{len(rows)} films: {', '.join(sorted(names))}"

    def refuse(self) -> str:
        """Refuse each bad film with a reason, and go on."""
        folder = self.place.path("bad")
        rows = self.call(
            "--data-dir",
            self.place.path("data"),
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
        self.data("admin", "create", USER, "--password-stdin")
        stored = self.data("batch", self.place.path("good"), "--record", "--json").rows()
        listed = self.data("history", "--json").rows()
        if {row["exam_id"] for row in stored} != {row["exam_id"] for row in listed} or not stored:
            raise Failed(f"{len(stored)} stored, {len(listed)} listed")
        return f"{len(stored)} exams stored and listed"

    def encrypted(self) -> str:
        """Look into every file of the data folder: no plain database, no patient's name."""
        files = [path for path in (self.work / "data").rglob("*") if path.is_file()]
        content = {path.relative_to(self.work): path.read_bytes() for path in files}
        database = content.get(Path("data/history.sqlite3"), PLAIN_DATABASE)
        telling = [name for name, data in content.items() if PATIENT.lower() in data.lower()]
        if database.startswith(PLAIN_DATABASE) or telling:
            raise Failed(f"readable without a key: {telling or 'the database'}")
        return f"{len(files)} files, {len(database)} bytes of database: no name readable"

    def dicom(self) -> str:
        """Write an exam as DICOM, report and picture; dcmtk reads them where it is there."""
        exam = str(self._exams()[0])
        place = self.place.path("home")
        rows = self.data("export", "dicom", exam, "--to", place, "--json").rows()
        made = [self.work / "home" / Path(str(row["file"])).name for row in rows]
        if len(made) != 2 or any(path.read_bytes()[128:132] != b"DICM" for path in made):
            raise Failed(f"not two DICOM files: {rows}")
        if reader := shutil.which("dcmdump"):
            for path in made:
                subprocess.run([reader, "-q", str(path)], check=True, capture_output=True)
        return f"{len(made)} files{', read by dcmtk' if reader else ''}"

    def _exams(self) -> list[object]:
        return [row["exam_id"] for row in self.data("history", "--json").rows()]

    def planted(self) -> str:
        """Start in a folder full of modules that would be loaded if anything looked there."""
        for name in (*PLANTED, PLANTED_LIBRARY):
            mark = 'open("/mnt/planted", "a").write(__name__)\n'
            (self.work / name).write_text(mark, encoding="ascii")
        self.call("--data-dir", self.place.path("data"), "models", "--json")
        if (self.work / "planted").exists():
            raise Failed("a planted module was loaded")
        for name in (*PLANTED, PLANTED_LIBRARY):
            (self.work / name).unlink()
        return f"{len(PLANTED) + 1} names in the working folder, 0 loaded"

    def window(self, pictures: Path | None) -> str:
        """Open the window on a screen, sign in, close it."""
        if not Screen.is_possible():
            return self._offscreen()
        screen = Screen()
        try:
            times = [self._one_window(screen) for _ in range(TIMES + 1)]
            self._one_window(screen, pictures, sign_in=True)
        finally:
            screen.close()
        best = min(times[1:]) * 1000
        if best > SLOWEST_WINDOW_S * 1000 and self.traced is None:
            raise Failed(f"the sign-in window came after {best:.0f} ms, the best of {TIMES}")
        return f"Xvfb: sign-in window after {times[0] * 1000:.0f} ms, best of {TIMES} {best:.0f} ms"

    def _one_window(
        self, screen: Screen, pictures: Path | None = None, *, sign_in: bool = False
    ) -> float:
        start = time.monotonic()
        with self._start({"DISPLAY": screen.display}) as program:
            seen = screen.wait_for_window(program, start)
            if seen is None:
                program.kill()
                raise Failed(f"no window; it said {program.communicate()[1][-2000:]!r}")
            time.sleep(4 if sign_in else 2)  # the data folder and the model are opened meanwhile
            if sign_in and shutil.which("xdotool"):
                self._look(screen, pictures, "1-sign-in")
                screen.type(USER, "key:Tab", PASSWORD, "key:Return")
                time.sleep(3)
                self._look(screen, pictures, "2-signed-in")
            screen.ask_to_close()
            self._ended(program)
        return seen

    @staticmethod
    def _look(screen: Screen, pictures: Path | None, name: str) -> None:
        if pictures:
            pictures.mkdir(parents=True, exist_ok=True)
            screen.picture(pictures / f"{name}.png")

    def _offscreen(self) -> str:
        """Without Xvfb: the window on Qt's screen in memory, for three seconds."""
        with self._start({"QT_QPA_PLATFORM": "offscreen"}) as program:
            time.sleep(3)
            if program.poll() is not None:
                raise Failed(f"it ended: {program.communicate()[1][-2000:]!r}")
            program.terminate()
            said = program.communicate(timeout=TIMEOUT_S)[1]
        if said.replace("This plugin does not support propagateSizeHints()", "").strip():
            raise Failed(f"it said {said[:6000]!r}")
        return "no Xvfb and xwininfo here: opened offscreen only"

    def _start(self, variables: Mapping[str, str]) -> subprocess.Popen[str]:
        words = ["--data-dir", self.place.path("data")]
        return subprocess.Popen(
            [*self._trace(), *self.place.command(words, variables)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=self.place.environment(),
        )

    def _ended(self, program: subprocess.Popen[str]) -> None:
        try:
            said = program.communicate(timeout=60)[1]
        except subprocess.TimeoutExpired:
            program.kill()
            raise Failed("the window did not close when asked") from None
        if said or program.returncode != 0:
            raise Failed(f"the window ended with {program.returncode}, said {said[:6000]!r}")

    def offline(self) -> str:
        """Look at every system call that could have left this computer."""
        assert self.traced is not None
        logs = list(self.traced.glob("*.txt"))
        found = [row for log in logs for row in INTERNET.findall(log.read_text(errors="replace"))]
        if found or not logs:
            raise Failed(f"{len(found)} calls to the internet: {found[:3]}")
        return f"{len(logs)} runs traced, 0 connects, sends or binds of an internet address"

    def data_stay_private(self) -> str:
        """Look for anything in the data folder that others may read."""
        loose = [path for path in (self.work / "data").rglob("*") if path.stat().st_mode & 0o077]
        if loose:
            raise Failed(f"others may read {[path.name for path in loose[:5]]}")
        return "nothing in the data folder is open to others"


def set_up(work: Path, films: Path, bundle: Path | None) -> None:
    """Lay films out in the work folder; a bundle without a model gets the tiny pack of the test."""
    samples = ROOT / "resources" / "samples"
    for name, source in (("samples", samples), ("good", films / "good"), ("bad", films / "bad")):
        shutil.copytree(source, work / name)
    (work / "home").mkdir()
    (work / "data" / "models").mkdir(parents=True)
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


def all_checks(smoke: Smoke, pictures: Path | None) -> Iterable[tuple[str, Callable[[], str]]]:
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
    yield "window", lambda: smoke.window(pictures)
    if sys.platform != "win32":
        yield "private", smoke.data_stay_private
    if smoke.traced:
        yield "no network", smoke.offline


def main(argv: Sequence[str]) -> int:
    """Run everything; return 0 when all of it passed."""
    parser = argparse.ArgumentParser(description="Run the frozen program in a bare place.")
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--films", type=Path, required=True, help="made by smoke_films.py")
    parser.add_argument("--root", type=Path, help="a minimal system to chroot into (as root)")
    parser.add_argument("--deb", type=Path, help="install this in the root and run it there")
    parser.add_argument("--trace", action="store_true", help="with strace (times get longer)")
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
        smoke = Smoke(place, work, options.films, traced if options.trace else None)
        for name, action in all_checks(smoke, options.pictures):
            smoke.check(name, action)
        if bare and options.deb:
            left = bare.remove()
            kept = (work / "data").is_dir()
            print(f"{'ok    ' if kept and not left else 'FAILED'}  removed; left behind: {left}")
            smoke.failures += [] if kept and not left else ["remove"]
    failed = ", ".join(smoke.failures)
    print(f"{len(smoke.failures)} failed: {failed}" if failed else "All passed.")
    return int(bool(smoke.failures))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
