"""One onnxruntime session: which device it really runs on, and how many cores it takes."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cxr_desktop.domain.errors import ModelUnavailable
from cxr_desktop.inference.runtime import load_runtime

CPU = "CPUExecutionProvider"
CUDA = "CUDAExecutionProvider"
QUIET = 4
NO_CUDA_BUILD = "This installation has no CUDA support, so the model runs on the CPU."
NO_CUDA = "The graphics card could not be used, so the model runs on the CPU."


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session, the device it really runs on ("CPU", "CUDA"), and a sentence if not as wished."""

    session: Any
    device: str
    notice: str = ""


def open_session(model_bytes: bytes, wish: str, threads: int = 0) -> OpenSession:
    """Load a model for the wished device: "auto", "cpu" or "cuda".

    `threads` is how many compute at once; 0 stands for the physical cores.

    Falls back to the CPU with a notice. Raises `ModelUnavailable` when the bytes are no model that
    can run, and ValueError for another wish.
    """
    if wish not in {"auto", "cpu", "cuda"}:
        raise ValueError(f"device {wish!r} is not auto, cpu or cuda")
    runtime = load_runtime(wish)  # a fifth of a second, off the way to the first window
    onnxruntime = runtime.module
    onnxruntime.disable_telemetry_events()  # Windows' own; for others see cxr_desktop/__init__.py
    if wish == "cpu":
        return OpenSession(_session(onnxruntime, model_bytes, [CPU], threads), "CPU")
    if CUDA not in onnxruntime.get_available_providers():
        asked = wish == "cuda" or runtime.is_add_on
        notice = runtime.notice or (NO_CUDA_BUILD if asked else "")
        return OpenSession(_session(onnxruntime, model_bytes, [CPU], threads), "CPU", notice)
    onnxruntime.set_default_logger_severity(QUIET)  # it would say on stderr what the notice says
    with _stdout_kept_clean():
        if hasattr(onnxruntime, "preload_dlls"):
            onnxruntime.preload_dlls()
        try:
            session = _session(onnxruntime, model_bytes, [CUDA, CPU], threads)
        except ModelUnavailable:
            session = _session(onnxruntime, model_bytes, [CPU], threads)
    # What was asked for and what is available say nothing; only the session knows.
    on_cuda = CUDA in session.get_providers()
    return OpenSession(session, "CUDA" if on_cuda else "CPU", "" if on_cuda else NO_CUDA)


def _session(onnxruntime: Any, model_bytes: bytes, providers: list[str], threads: int) -> Any:
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    options.intra_op_num_threads = threads or physical_cores()
    options.log_severity_level = QUIET  # errors come back as exceptions
    # Spinning threads slow everything else on the machine by a third and gain 6 %.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    with model_errors("The model could not be loaded."):
        return onnxruntime.InferenceSession(model_bytes, options, providers=providers)


@contextlib.contextmanager
def model_errors(message: str) -> Iterator[None]:
    """Turn what onnxruntime raises into `ModelUnavailable` with this message."""
    try:
        yield
    except MemoryError as error:
        raise ModelUnavailable(
            "There is not enough memory to run the model.",
            hint="Close other programs and try again.",
        ) from error
    except Exception as error:
        # onnxruntime's errors share no class of their own: they are told by their module.
        if "onnxruntime" not in type(error).__module__ and not isinstance(error, RuntimeError):
            raise
        raise ModelUnavailable(
            message, hint="Import the model again, or choose another one in Admin, Models."
        ) from error


@contextlib.contextmanager
def _stdout_kept_clean() -> Iterator[None]:
    """Keep what onnxruntime prints of missing CUDA libraries out of the program's answers."""
    with contextlib.redirect_stdout(sys.stderr or io.StringIO()):
        yield


def physical_cores(cpuinfo: Path = Path("/proc/cpuinfo")) -> int:
    """Return how many physical cores this process may use; 0 (onnxruntime counts) where unknown."""
    if not hasattr(os, "sched_getaffinity"):
        return 0
    allowed = os.sched_getaffinity(0)
    try:
        text = cpuinfo.read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    cores = set()
    for block in text.split("\n\n"):
        facts = dict(_fact(line) for line in block.splitlines() if ":" in line)
        if facts.get("processor", "").isdigit() and int(facts["processor"]) in allowed:
            cores.add((facts.get("physical id", ""), facts.get("core id", facts["processor"])))
    return len(cores)


def _fact(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    return name.strip(), value.strip()
