"""The GPU add-on: which onnxruntime answers, tried on stand-ins, each in a process of its own.

A process can have one onnxruntime, so none of them is loaded in the process of the tests.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import onnxruntime
import pytest

from cxr_desktop.inference import runtime

ROOT = Path(__file__).resolve().parents[2]
OWN = onnxruntime.__version__
REAL = Path(onnxruntime.__file__).parent
FACTS = {"onnxruntime": runtime.TESTED, "python": runtime.PYTHON, "system": runtime.SYSTEM}
ASK = """
import json, sys
from pathlib import Path
from cxr_desktop import locations
from cxr_desktop.inference.session import open_session
from cxr_desktop.inference.runtime import runtime_words
from tests.support.packs import tiny_network
locations.gpu_add_on = lambda: Path(sys.argv[1])
before = runtime_words()
answers = [open_session(tiny_network(), wish) for wish in sys.argv[2:]]
print(json.dumps([before, runtime_words(), [[a.device, a.notice] for a in answers], sys.path]))
"""


@pytest.fixture
def add_on(tmp_path: Path) -> Path:
    folder = tmp_path / "gpu"
    folder.mkdir()
    return folder


def write(folder: Path, code: str, facts: dict[str, str] = FACTS, size: int | None = None) -> None:
    """Make a stand-in add-on whose onnxruntime is this code."""
    (folder / "onnxruntime").mkdir()
    file = folder / "onnxruntime" / "__init__.py"
    file.write_text(f"open({str(folder / 'loaded')!r}, 'w').close()\n{code}\n")
    rows = [f'{key} = "{value}"' for key, value in facts.items()]
    listed = f'"onnxruntime/__init__.py" = {file.stat().st_size if size is None else size}'
    (folder / runtime.FACTS).write_text("\n".join([*rows, "[files]", listed]))


def ask(folder: Path, *wishes: str) -> tuple[str, str, list[tuple[str, str]]]:
    """Load a model for each wish in a fresh process; return what it says before and after."""
    command = [sys.executable, "-c", ASK, str(folder), *wishes]
    variables = {**os.environ, "PYTHONPATH": str(ROOT)}
    answer = subprocess.run(command, capture_output=True, text=True, check=True, env=variables)
    before, after, answers, path = json.loads(answer.stdout.splitlines()[-1])
    assert str(folder) not in path
    return before, after, [(device, notice) for device, notice in answers]


def test_one_that_breaks_when_it_is_loaded_leaves_the_programs_own(add_on: Path) -> None:
    write(add_on, "import onnxruntime.capi\nraise OSError('libcudart.so.13: no such file')")
    before, after, answers = ask(add_on, "auto", "cuda")
    assert (add_on / "loaded").exists()
    assert (before, after) == ("", OWN)
    said = f"The GPU add-on in “{add_on}” could not be loaded, so the model runs on the CPU."
    assert answers == [("CPU", said), ("CPU", said)]


@pytest.mark.parametrize(
    ("key", "value"), [("onnxruntime", "1.0.0"), ("python", "2.7"), ("system", "plan9")]
)
def test_one_made_for_something_else_is_not_loaded(add_on: Path, key: str, value: str) -> None:
    write(add_on, "", {**FACTS, key: value})
    _, after, ((device, notice),) = ask(add_on, "auto")
    assert not (add_on / "loaded").exists()
    assert (after, device) == (OWN, "CPU")
    assert value in notice
    assert f"this program takes {runtime.TESTED}" in notice


def test_one_that_was_not_copied_to_its_end_is_not_loaded(add_on: Path) -> None:
    write(add_on, "", size=9)
    assert runtime.why_not(add_on) == "is not complete (“onnxruntime/__init__.py”)"
    (add_on / "onnxruntime" / "__init__.py").unlink()
    assert runtime.why_not(add_on) == "is not complete (“onnxruntime/__init__.py”)"


@pytest.mark.parametrize("text", [None, "= =", "onnxruntime = '1'", "files = 3"])
def test_a_folder_without_facts_is_not_loaded(add_on: Path, text: str | None) -> None:
    if text is not None:
        (add_on / runtime.FACTS).write_text(text)
    assert runtime.why_not(add_on) == "has no gpu.toml that can be read"


@pytest.mark.skipif(sys.platform == "win32", reason="makes a link")
def test_a_whole_one_answers_and_says_when_it_offers_no_card(add_on: Path) -> None:
    (add_on / "onnxruntime").symlink_to(REAL)
    rows = [f'{key} = "{value}"' for key, value in FACTS.items()]
    (add_on / runtime.FACTS).write_text("\n".join([*rows, "[files]"]))
    assert runtime.why_not(add_on) == ""
    _, after, answers = ask(add_on, "auto")
    assert after == f"{OWN}, GPU add-on"
    assert answers == [
        ("CPU", "This installation has no CUDA support, so the model runs on the CPU.")
    ]


def test_who_wishes_no_card_does_not_load_it_and_a_later_wish_waits_for_the_next_start(
    add_on: Path,
) -> None:
    write(add_on, "raise OSError")
    _, after, answers = ask(add_on, "cpu", "auto")
    assert not (add_on / "loaded").exists()
    assert after == OWN
    assert answers[0] == ("CPU", "")
    assert "is used after the next start of the program" in answers[1][1]


def test_only_a_frozen_program_looks_for_one_and_only_beside_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cxr_desktop import locations

    monkeypatch.setattr(sys, "executable", str(tmp_path / "cxr-desktop"))
    (tmp_path / "gpu").mkdir()
    assert locations.gpu_add_on() is None
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert locations.gpu_add_on() == tmp_path / "gpu"
    (tmp_path / "gpu").rmdir()
    assert locations.gpu_add_on() is None


def test_the_program_takes_the_version_that_is_locked() -> None:
    lock = (ROOT / "requirements" / "lock-gpu.txt").read_text(encoding="utf-8")
    assert re.findall(r"^onnxruntime-gpu==([\d.]+)$", lock, re.MULTILINE) == [runtime.TESTED]
