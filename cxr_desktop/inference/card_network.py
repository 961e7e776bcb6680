"""The model in float16 on a graphics card, its input and outputs bound to the card's memory."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.inference.class_activation import with_class_activation
from cxr_desktop.inference.contract import Ports
from cxr_desktop.inference.fast_network import NoFastMode
from cxr_desktop.inference.half_graph import NotHalved, halved
from cxr_desktop.inference.lean_graph import without_zeros
from cxr_desktop.inference.network import NetworkAnswer, answer_of
from cxr_desktop.inference.runtime import load_runtime
from cxr_desktop.inference.session import model_errors, open_session

MEMORY = {"CUDA": "cuda", "CPU": "cpu"}


class CardNetwork:
    """One loaded model, for one thread at a time.

    The film is copied into one place in the card's memory, which the session reads, and the
    outputs come back when all are made (onnxruntime's I/O binding): no room is taken anew for each
    film. `ports` and `labels` are those of the same model elsewhere; `device` is that of its
    session, "CUDA". Raises `NoFastMode` where model or card do not allow it.
    """

    arithmetic = "float16"

    def __init__(
        self,
        model_bytes: bytes,
        ports: Ports,
        labels: int,
        shape: tuple[int, ...],
        device: str = "CUDA",
    ) -> None:
        self._ports = ports
        self._labels = labels
        try:
            lean = without_zeros(model_bytes)
            content = halved(with_class_activation(lean) or lean)
        except NotHalved as reason:
            raise NoFastMode(f"The fast mode is not used: {reason}.") from reason
        opened = open_session(content, device.lower())
        if opened.device != device:
            raise NoFastMode("The fast mode is not used: the graphics card cannot load it.")
        self._session = opened.session
        self._bind(MEMORY[device], shape)

    def _bind(self, memory: str, shape: tuple[int, ...]) -> None:
        value = load_runtime("auto").module.OrtValue
        with model_errors("The model could not be loaded."):
            self._film = value.ortvalue_from_numpy(np.zeros(shape, np.float32), memory, 0)
            self._binding: Any = self._session.io_binding()
            self._binding.bind_ortvalue_input(self._ports.input, self._film)
            for name in self._ports.outputs:
                self._binding.bind_output(name, memory, 0)

    def run(self, tensor: NDArray[np.float32]) -> NetworkAnswer:
        """Run one film, (1, 3, H, W), as it is prepared. Raises `ModelUnavailable`."""
        with model_errors("The model failed on this film."):
            self._film.update_inplace(np.ascontiguousarray(tensor))
            self._session.run_with_iobinding(self._binding)
            # Copied: what does not lie on a card would be overwritten by the next film's.
            values = [value.numpy().copy() for value in self._binding.get_outputs()]
        outputs = dict(zip(self._ports.outputs, values, strict=True))
        return answer_of(outputs, self._ports, self._labels)
