"""The table of pitfalls in docs/files.md: every row is there and names tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| (\d+) \| .*\| (`test_.*`) \|$", re.MULTILINE)
PITFALLS = 25


def test_every_pitfall_names_tests_that_exist() -> None:
    rows = ROW.findall((ROOT / "docs" / "files.md").read_text(encoding="utf-8"))
    assert [int(number) for number, _ in rows] == list(range(1, PITFALLS + 1))
    code = "".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "imaging").glob("*.py")
    )
    named = {name for _, names in rows for name in re.findall(r"`(\w+)`", names)}
    assert [name for name in sorted(named) if f"def {name}(" not in code] == []
