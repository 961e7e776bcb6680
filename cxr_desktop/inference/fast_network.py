"""The model in bfloat16, by OpenVINO: an optional package, on processors that compute so."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.inference.class_activation import with_class_activation
from cxr_desktop.inference.contract import Ports
from cxr_desktop.inference.lean_graph import without_zeros
from cxr_desktop.inference.network import NetworkAnswer, answer_of
from cxr_desktop.inference.session import model_errors

TELEMETRY = "openvino_telemetry"
CAPABILITY = "BF16"


class NoFastMode(Exception):
    """Why there is none, as a sentence."""


class FastNetwork:
    """One loaded model, for one thread at a time.

    `ports` and `labels` are those of the same model elsewhere. Raises `NoFastMode` where package,
    processor or model do not allow it.
    """

    arithmetic = "bfloat16"

    def __init__(self, model_bytes: bytes, ports: Ports, labels: int, threads: int) -> None:
        self._ports = ports
        self._labels = labels
        openvino = _openvino()
        core = openvino.Core()
        if CAPABILITY not in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES"):
            raise NoFastMode("The fast mode is not used: this processor has no bfloat16.")
        options = {
            "INFERENCE_PRECISION_HINT": "bf16",
            "PERFORMANCE_HINT": "LATENCY",
            "NUM_STREAMS": 1,
            "INFERENCE_NUM_THREADS": threads,  # 0 leaves it to OpenVINO
            "ENABLE_CPU_PINNING": False,  # the system knows which core is free
        }
        try:
            lean = without_zeros(model_bytes)
            model = core.read_model(lean)
            if ports.cam and ports.cam not in _names(model):
                model = core.read_model(with_class_activation(lean) or lean)
            self._request = core.compile_model(model, "CPU", options).create_infer_request()
        except RuntimeError as error:  # OpenVINO has no class of its own
            raise NoFastMode("The fast mode is not used: it cannot load this model.") from error
        if not set(ports.outputs) <= _names(model):
            raise NoFastMode("The fast mode is not used: it cannot load this model.")

    def run(self, tensor: NDArray[np.float32]) -> NetworkAnswer:
        """Run one film, (1, 3, H, W), as it is prepared. Raises `ModelUnavailable`."""
        ports = self._ports
        with model_errors("The model failed on this film."):
            self._request.infer({ports.input: tensor})
            given = {name: self._request.get_tensor(name).data.copy() for name in ports.outputs}
        return answer_of(given, ports, self._labels)


def _openvino() -> Any:
    """Import OpenVINO without its telemetry: it would ask a name server at once.

    OpenVINO takes a stand-in that does nothing where that package is absent.
    """
    try:
        if TELEMETRY not in sys.modules:
            sys.modules[TELEMETRY] = None  # type: ignore[assignment]  # None: “no such module”
        import openvino  # noqa: PLC0415 - optional, and 0.4 s
    except ImportError as error:
        raise NoFastMode("The fast mode is not used: OpenVINO is not installed.") from error
    return openvino


def _names(model: Any) -> set[str]:
    return {name for output in model.outputs for name in output.names}
