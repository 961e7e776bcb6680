"""The layers of docs/ARCHITECTURE.md hold, and the contracts leave nobody out."""

import importlib.util
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = {
    row["id"]: row
    for row in tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
}
PARTS = {
    path.stem
    for path in (ROOT / "cxr_desktop").iterdir()
    if path.name != "__init__.py" and (path.suffix == ".py" or (path / "__init__.py").is_file())
}
NEEDS = {"cxr_desktop.distributed.dask_cluster": "distributed"}  # the extra `cluster`
CORE = sorted(
    name
    for path in (ROOT / "cxr_desktop").rglob("*.py")
    if path.relative_to(ROOT).parts[1] not in {"ui", "training"}
    for name in [".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")]
    if name not in NEEDS or importlib.util.find_spec(NEEDS[name])
)
WITHOUT_QT_OR_TORCH = f"""
import importlib, sys

class Wall:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {{"PySide6", "shiboken6", "torch"}}:
            raise ImportError(f"the core asked for {{name}}")

sys.meta_path.insert(0, Wall())
sys.path.insert(0, {str(ROOT)!r})
for name in {CORE!r}:
    importlib.import_module(name)
"""


def test_every_contract_is_kept() -> None:
    # In a process of its own: import-linter silences the loggers of the one it runs in.
    check = "import importlinter.cli as lint; raise SystemExit(lint.lint_imports(no_cache=True))"
    answer = subprocess.run(
        [sys.executable, "-c", check], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr


@pytest.mark.parametrize(
    ("contract", "left_out"),
    [
        ("no-qt-below-ui", {"ui", "__main__"}),
        ("no-torch", {"training", "__main__"}),
        ("training-is-a-leaf", {"training"}),
    ],
)
def test_a_contract_names_every_part(contract: str, left_out: set[str]) -> None:
    named = {name.removeprefix("cxr_desktop.") for name in CONTRACTS[contract]["source_modules"]}
    assert named == PARTS - left_out


def test_the_core_runs_where_there_is_neither_qt_nor_torch() -> None:
    answer = subprocess.run(
        [sys.executable, "-W", "error", "-c", WITHOUT_QT_OR_TORCH],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert answer.returncode == 0, answer.stderr
    assert len(CORE) > 10
