"""The golden case: proof that this machine computes what the model's makers saw."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np

from cxr_desktop.domain.errors import ModelUnavailable
from cxr_desktop.domain.ports import Preparer
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.inference.manifest import GoldenCase
from cxr_desktop.inference.onnx_classifier import OnnxClassifier

TOLERANCE = 1e-4
CUDA_TOLERANCE = 2e-3  # TF32 and other summation orders on graphics cards
SIDE_LIMIT = 4096


def read_golden_film(path: Path) -> Radiograph:
    """Read a pack's drawn film: .npy, uint8 or uint16, (rows, columns), full range is 0..1.

    Raises `ModelUnavailable`. No picture codec is needed, and nothing in the file is executed.
    """
    try:
        # Mapping first checks the claimed shape against the file's size before memory is taken.
        stored = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise _damaged() from error
    if stored.ndim != 2 or stored.dtype not in (np.uint8, np.uint16):
        raise _damaged()
    if 0 in stored.shape or max(stored.shape) > SIDE_LIMIT:
        raise _damaged()
    whole = np.float32(np.iinfo(stored.dtype).max)
    return Radiograph(
        pixels=stored.astype(np.float32) / whole,
        sha256=hashlib.sha256(np.ascontiguousarray(stored).tobytes()).hexdigest(),
        file_name=path.name,
        file_format="NPY",
        bits=stored.dtype.itemsize * 8,
    )


def check_golden(
    case: GoldenCase, folder: Path, classifier: OnnxClassifier, prepare: Preparer
) -> float:
    """Run the golden case; return the largest difference of a logit.

    Raises `ModelUnavailable` when it is above 1e-4 (2e-3 on a graphics card): then no answer of
    this model on this machine can be trusted.
    """
    film = read_golden_film(folder / case.film)
    logits = classifier.logits(prepare(film, classifier.input_spec).tensor)
    difference = float(np.abs(logits - np.array(case.logits)).max())
    allowed = CUDA_TOLERANCE if classifier.device == "CUDA" else TOLERANCE
    if difference > allowed:
        raise ModelUnavailable(
            "The model does not give its known answer to its test film on this computer.",
            hint="Set the device to “cpu” in Admin, Settings; if that does not help, "
            "install the program again.",
        )
    return difference


def _damaged() -> ModelUnavailable:
    return ModelUnavailable(
        "The model's test film is missing or damaged.", hint="Import the model pack again."
    )
