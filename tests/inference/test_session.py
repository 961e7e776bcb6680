"""Which device a session really runs on, tried on a stand-in for a CUDA build of onnxruntime."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cxr_desktop.domain.errors import ModelUnavailable
from cxr_desktop.inference.session import (
    CPU,
    CUDA,
    NO_CUDA,
    model_errors,
    open_session,
    physical_cores,
)

ROOT = Path(__file__).resolve().parents[2]
NO_SPINNING = {"session.intra_op.allow_spinning": "0"}


class FakeOptions:
    def __init__(self) -> None:
        self.entries: dict[str, str] = {}
        self.intra_op_num_threads = -1

    def add_session_config_entry(self, key: str, value: str) -> None:
        self.entries[key] = value


class FakeSession:
    def __init__(self, providers: list[str], options: FakeOptions) -> None:
        self._providers = providers
        self.options = options

    def get_providers(self) -> list[str]:
        return self._providers


class FakeOnnxruntime:
    """A CUDA build. `card` is what happens when CUDA is asked for: works, silent (falls back by
    itself) or fails.
    """

    class GraphOptimizationLevel:
        ORT_ENABLE_ALL = 99

    SessionOptions = FakeOptions

    def __init__(self, card: str) -> None:
        self._card = card
        self.preloaded = False
        self.tells = True
        self.severity = 2

    def disable_telemetry_events(self) -> None:
        self.tells = False

    def set_default_logger_severity(self, severity: int) -> None:
        self.severity = severity

    def get_available_providers(self) -> list[str]:
        return [CUDA, CPU]

    def preload_dlls(self) -> None:
        sys.stdout.write("Failed to load libcudnn.so.9\n")
        self.preloaded = True

    def InferenceSession(
        self, content: bytes, options: FakeOptions, providers: list[str]
    ) -> FakeSession:
        if content == b"bad" or (self._card == "fails" and CUDA in providers):
            raise RuntimeError("CUDA failure 35")
        if self._card == "silent":
            sys.stdout.write("*** EP Error ***\n")
            providers = [CPU]
        return FakeSession(providers, options)


@pytest.fixture
def build(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> FakeOnnxruntime:
    fake = FakeOnnxruntime(request.param)
    monkeypatch.setitem(sys.modules, "onnxruntime", fake)
    return fake


@pytest.mark.parametrize(
    "build, device, notice",
    [("works", "CUDA", ""), ("silent", "CPU", NO_CUDA), ("fails", "CPU", NO_CUDA)],
    indirect=["build"],
)
@pytest.mark.parametrize("wish", ["auto", "cuda"])
def test_the_device_is_what_the_session_says(
    build: FakeOnnxruntime,
    device: str,
    notice: str,
    wish: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    opened = open_session(b"model", wish)
    assert (opened.device, opened.notice) == (device, notice)
    assert not build.tells
    assert build.severity == 4
    assert build.preloaded
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("build", ["works"], indirect=True)
def test_cpu_leaves_the_graphics_card_alone(build: FakeOnnxruntime) -> None:
    opened = open_session(b"model", "cpu")
    assert (opened.device, opened.notice) == ("CPU", "")
    assert not build.preloaded
    assert opened.session.options.entries == NO_SPINNING


@pytest.mark.parametrize("wish", ["auto", "cpu"])
@pytest.mark.parametrize("build", ["works", "fails"], indirect=True)
def test_the_session_gets_the_threads_that_were_chosen(build: FakeOnnxruntime, wish: str) -> None:
    chosen = open_session(b"model", wish, 3).session.options
    assert (chosen.intra_op_num_threads, chosen.entries) == (3, NO_SPINNING)
    own = open_session(b"model", wish).session.options
    assert (own.intra_op_num_threads, own.entries) == (physical_cores(), NO_SPINNING)


@pytest.mark.parametrize("build", ["works"], indirect=True)
def test_a_model_that_loads_nowhere_is_unavailable(build: FakeOnnxruntime) -> None:
    with pytest.raises(ModelUnavailable, match="could not be loaded"):
        open_session(b"bad", "auto")


@pytest.mark.parametrize("error, shown", [(MemoryError(), "memory"), (RuntimeError("x"), "failed")])
def test_what_the_library_raises_becomes_a_sentence(error: Any, shown: str) -> None:
    with pytest.raises(ModelUnavailable, match=shown) as caught, model_errors("It failed."):
        raise error
    assert caught.value.__cause__ is error


def test_our_own_mistakes_stay_bugs() -> None:
    with pytest.raises(KeyError), model_errors("It failed."):
        raise KeyError("slip")


@pytest.mark.skipif(sys.platform == "win32", reason="onnxruntime does so on other systems")
def test_onnxruntime_keeps_no_identifier_of_this_computer(tmp_path: Path) -> None:
    """With it, it would tell its makers about each model over the network."""
    program = (
        "from cxr_desktop.inference.session import open_session\n"
        "from tests.support.packs import tiny_network\n"
        "open_session(tiny_network(), 'cpu')\n"
    )
    # No CI= and the like, with which it is quiet anyway.
    variables = {"HOME": str(tmp_path), "PATH": os.defpath, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", program], env=variables, check=True)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == []


CPUINFO = "processor\t: {0}\nphysical id\t: 0\ncore id\t: {1}\n"
COUNTED = """
import os, sys
from pathlib import Path
from cxr_desktop.inference import session
from tests.support.packs import tiny_network

cores = session.physical_cores
session.physical_cores = lambda: cores(Path(sys.argv[1]))
os.sched_getaffinity = lambda _process: set(range(int(sys.argv[2])))
tasks = Path("/proc/self/task")
before = {task.name for task in tasks.iterdir()}
opened = session.open_session(tiny_network(), "cpu", int(sys.argv[3]))
after = [task for task in tasks.iterdir() if task.name not in before]
print(len(after))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="/proc tells of threads")
@pytest.mark.parametrize(
    ("logical", "threads_a_core", "wish", "computing"),
    [
        (2, 1, 0, 2),
        (4, 1, 0, 4),
        (8, 1, 0, 8),
        (8, 2, 0, 4),
        (4, 2, 0, 2),
        (8, 1, 3, 3),
        (8, 1, 1, 1),
    ],
)
def test_no_more_threads_than_physical_cores(
    tmp_path: Path, logical: int, threads_a_core: int, wish: int, computing: int
) -> None:
    """Whoever calls computes, too: the session makes one thread less."""
    cpuinfo = tmp_path / "cpuinfo"
    cpuinfo.write_text(
        "\n".join(CPUINFO.format(n, n // threads_a_core) for n in range(logical)), encoding="ascii"
    )
    words = [str(cpuinfo), str(logical), str(wish)]
    made = subprocess.run(
        [sys.executable, "-c", COUNTED, *words],
        cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)},
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert int(made.stdout) == computing - 1


IDLE = """
import os, time
from cxr_desktop.inference.session import open_session
from tests.support.packs import tiny_network
import numpy as np

session = open_session(tiny_network(), "cpu", 4).session
name = session.get_inputs()[0].name
film = np.zeros((1, 3, 32, 32), np.float32)
spent = []
for _ in range(6):  # the first shows what a new process has still to do, the least what always is
    for _ in range(20):
        session.run(None, {name: film})
    begun = time.process_time()
    time.sleep(0.3)  # what is measured is what computes while nobody asks
    spent.append(time.process_time() - begun)
print(min(spent))
"""


def test_nothing_turns_between_films() -> None:
    idle = subprocess.run(
        [sys.executable, "-c", IDLE],
        cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)},
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert float(idle.stdout) < 0.01  # 0.06 when they do
