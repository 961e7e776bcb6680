"""What one run of a network gives, whoever runs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.errors import ModelUnavailable
from cxr_desktop.inference.contract import Ports


@dataclass(frozen=True, slots=True, eq=False)
class NetworkAnswer:
    """What one run gave: logits (labels,), maps (labels, h, w), pooled features (channels,).

    Maps and features are None where the network has no such output.
    """

    logits: NDArray[np.float64]
    cam: NDArray[np.float32] | None
    features: NDArray[np.float32] | None


def answer_of(given: Mapping[str, Any], ports: Ports, labels: int) -> NetworkAnswer:
    """Take one film's outputs by name. Raises `ModelUnavailable` for what is no number."""
    logits = np.asarray(given[ports.logits], dtype=np.float64).reshape(-1)
    cam, features = (
        np.asarray(given[name], dtype=np.float32)[0] if name else None
        for name in (ports.cam, ports.features)
    )
    sound = all(v is None or np.isfinite(v).all() for v in (logits, cam, features))
    if not sound or len(logits) != labels:
        raise ModelUnavailable(
            "The model gave no usable number for this film.",
            hint="Choose another model in Admin, Models, and report this film's file type.",
        )
    return NetworkAnswer(logits, cam, features)


def softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return probabilities, summing to 1; the network itself answers logits."""
    powers = np.exp(logits - logits.max())
    return np.asarray(powers / powers.sum(), dtype=np.float64)
