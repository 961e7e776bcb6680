"""What the frozen program does on the command line: one method per check of the smoke test.

Each returns a sentence about what it saw, or raises `Failed`.
"""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import sbom
import versions
from frozen import USER, Failed, Frozen

TIMES = 3
PATIENT = (b"drawn^film", b"drawn-1")  # of every drawn DICOM film
PLAIN_DATABASE = b"SQLite format 3"
PLANTED = ("json.py", "sqlite3.py", "numpy.py", "cxr_desktop.py")
PLANTED_LIBRARY = "libsqlite3.so.0"


@dataclass(frozen=True)
class ProgramChecks:
    """The checks in one place; `inner` is the bundle's inner folder."""

    frozen: Frozen
    work: Path
    inner: Path

    def path(self, name: str) -> str:
        """Return how the program sees a file of the work folder."""
        return self.frozen.place.path(name)

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
