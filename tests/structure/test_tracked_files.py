"""What is in the repository: short files, plain words, nothing of one machine."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 320
TEXT_BYTES = 1_000_000
SPOKEN = ("ui", "cli", "services")
CLAIMS = re.compile(r"\brul(e|es|ed|ing) out\b|\bdiagnos(is|es|ed|e|tic)\b", re.IGNORECASE)
MACHINE = re.compile(r"(?<![\w.<>/-])/(?:work|root|tmp|home/\w+)/\w")
INDEX = re.compile(r"(?:extra-)?index-url|pypi\.\w+|/simple\b")


def tracked() -> list[Path]:
    """List the repository's files; without git, what lies there but for caches."""
    answer = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if answer.returncode == 0:
        paths = [ROOT / name for name in answer.stdout.split("\0") if name]
    else:
        hidden = {".venv", "build", "dist", "__pycache__"}
        paths = [path for path in ROOT.rglob("*") if not hidden & set(path.parts)]
    return sorted(path for path in paths if path.is_file())


def texts() -> Iterator[tuple[Path, str]]:
    """Yield every file that is text; films, fonts and networks are not."""
    for path in tracked():
        content = path.read_bytes() if path.stat().st_size < TEXT_BYTES else b"\0"
        if b"\0" not in content and path != Path(__file__).resolve():
            yield path, content.decode("utf-8", errors="replace")


def strings(path: Path) -> list[str]:
    """Return every string in a module, docstrings included."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]


def test_no_file_of_the_package_is_long() -> None:
    lengths = {
        path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in (ROOT / "cxr_desktop").rglob("*.py")
    }
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST} == {}


def test_nobody_is_promised_what_only_a_reader_can_give() -> None:
    said = [(ROOT / "README.md", (ROOT / "README.md").read_text(encoding="utf-8"))]
    said += [(path, path.read_text("utf-8")) for path in (ROOT / "resources").rglob("*.md")]
    for part in SPOKEN:
        for path in (ROOT / "cxr_desktop" / part).rglob("*.py"):
            said += [(path, text) for text in strings(path)]
    found = [(path.name, match[0]) for path, text in said for match in CLAIMS.finditer(text)]
    assert found == []


@pytest.mark.parametrize("pattern", [MACHINE, INDEX], ids=["paths", "package indexes"])
def test_nothing_of_one_machine_is_in_the_repository(pattern: re.Pattern[str]) -> None:
    found = [
        (path.relative_to(ROOT).as_posix(), match[0])
        for path, text in texts()
        for match in pattern.finditer(text)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("open /ho" + "me/ann/film.png", MACHINE),
        ('"/tm' + 'p/x"', MACHINE),
        ("pip --index" + "-url x", INDEX),
        ("It rules out cancer", CLAIMS),
        ("The Diagnosis is", CLAIMS),
    ],
)
def test_the_patterns_find_what_they_are_for(text: str, pattern: re.Pattern[str]) -> None:
    assert pattern.search(text)


@pytest.mark.skipif(sys.platform == "win32", reason="files have no executable bit there")
def test_the_build_script_can_be_started() -> None:
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
