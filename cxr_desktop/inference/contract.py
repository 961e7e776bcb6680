"""What a network must look like to be run: checked once, right after it was loaded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cxr_desktop.domain.errors import ModelUnavailable
from cxr_desktop.inference.class_activation import CAM_OUTPUT
from cxr_desktop.inference.manifest import Manifest

FLOAT = "tensor(float)"
FEATURES_OUTPUT = "features"


@dataclass(frozen=True, slots=True)
class Ports:
    """Names of the network's input and outputs; `cam`, `features` are empty where it has none."""

    input: str
    logits: str
    cam: str
    features: str = ""

    @property
    def outputs(self) -> list[str]:
        """The outputs that it has."""
        return [name for name in (self.logits, self.cam, self.features) if name]


def check_contract(session: Any, manifest: Manifest) -> Ports:
    """Compare a session's ports with the manifest. Raises `ModelUnavailable`, saying what differs.

    The contract is that of YOLOv5's `export.py`: one float32 input (N, 3, height, width), first
    output float32 logits (N, labels); and, of ours, outputs `cam` (N, labels, h, w) and `features`
    (N, channels).
    """
    inputs, outputs = session.get_inputs(), session.get_outputs()
    if len(inputs) != 1 or len(inputs[0].shape) != 4:
        raise _misfit("The model must have one input, a batch of pictures.")
    if inputs[0].type != FLOAT or outputs[0].type != FLOAT:
        raise _misfit(
            "The model does not read and answer 32-bit numbers.",
            "Export it again without “--half” and without int8.",
        )
    _check_input(inputs[0].shape, manifest)
    labels = outputs[0].shape
    if len(labels) != 2 or _differs(labels[1], len(manifest.labels)):
        raise _misfit(
            f"The model does not answer one number for each of {len(manifest.labels)} labels."
        )
    cam = next((o for o in outputs[1:] if o.name == CAM_OUTPUT and len(o.shape) == 4), None)
    features = next((o for o in outputs[1:] if o.name == FEATURES_OUTPUT), None)
    return Ports(
        inputs[0].name,
        outputs[0].name,
        "" if cam is None else cam.name,
        "" if features is None or len(features.shape) != 2 else features.name,
    )


def _check_input(shape: list[Any], manifest: Manifest) -> None:
    batch, channels, height, width = shape
    spec = manifest.input
    if _differs(channels, 3):
        raise _misfit("The model does not read pictures of three channels.")
    if _differs(height, spec.height) or _differs(width, spec.width):
        raise _misfit(
            f"The model reads {width} x {height} pixels, its manifest says "
            f"{spec.width} x {spec.height}."
        )
    if _differs(batch, 1):
        raise _misfit(
            f"The model reads exactly {batch} films at a time.",
            "Export it again with “--batch-size 1”.",
        )


def _differs(found: Any, wanted: int) -> bool:
    """Compare a dimension; one that is a name, or None, fits everything."""
    return isinstance(found, int) and found != wanted


def _misfit(message: str, hint: str = "") -> ModelUnavailable:
    return ModelUnavailable(message, hint=hint or "Use the model's matching manifest and file.")
