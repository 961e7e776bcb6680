"""A manifest for an ONNX file of YOLOv5's `export.py` that comes without one.

What such a file says: input `images` [1|N, 3, H, W] (H = W = 640 unless the exporter was told
otherwise), output logits, and metadata `names`, a Python dict written out as text. What it does not
say (how films were prepared, how good it is, its licence) becomes the exporter's defaults and plain
words that nothing is known.
"""

from __future__ import annotations

import ast
import hashlib
import re
from typing import TYPE_CHECKING

from cxr_desktop.domain.assessment import OperatingPoints
from cxr_desktop.domain.errors import ModelUnavailable
from cxr_desktop.domain.model_input import IMAGENET_MEAN, IMAGENET_STD, InputSpec
from cxr_desktop.inference.class_activation import parse_model
from cxr_desktop.inference.label_words import abnormal_labels
from cxr_desktop.inference.manifest import Manifest

if TYPE_CHECKING:
    from onnx import ModelProto

DEFAULT_SIDE = 224
WIDE_UNCERTAINTY = OperatingPoints(normal_below=0.2, abnormal_from=0.8)
NAMES_LIMIT = 10_000
UNKNOWN_LICENCE = "Unknown: a model file has the licence of whoever trained it."
UNKNOWN_USE = (
    "Nothing is known of this model's accuracy, of the films it was trained on or of the patients "
    "it is fit for. Test it on your own films before relying on it."
)


def bare_manifest(stem: str, model_bytes: bytes) -> Manifest:
    """Make a manifest for a bare export called `stem`. Raises `ModelUnavailable`."""
    model = parse_model(model_bytes)
    if any(tensor.external_data for tensor in model.graph.initializer):
        raise ModelUnavailable(
            "The model keeps its weights in a second file.",
            hint="Export it again as one file.",
        )
    names = class_names(model)
    sha256 = hashlib.sha256(model_bytes).hexdigest()
    height, width = _sides(model)
    slug = re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-")[:40] or "model"
    return Manifest(
        id=f"{slug}-{sha256[:8]}",
        version=sha256[:8],
        title=stem[:80],
        sha256=sha256,
        labels=tuple(names[index] for index in range(len(names))),
        abnormal_labels=abnormal_labels(names),
        points=WIDE_UNCERTAINTY,
        input=InputSpec(
            width=width,
            height=height,
            fit="centre_crop",
            intensity="as_read",
            mean=IMAGENET_MEAN,
            std=IMAGENET_STD,
        ),
        intended_use=UNKNOWN_USE,
        licence=UNKNOWN_LICENCE,
        trained_on="Unknown.",
        limits=(
            "Imported without a manifest: the operating points are guesses, set wide apart.",
            "The model sees the central square of the film, not the ends of its longer side.",
        ),
    )


def class_names(model: ModelProto) -> dict[int, str]:
    """Read `names` from the metadata: {0: 'normal', 1: 'pathology'}. Raises `ModelUnavailable`.

    The order is that of the trainer's folder names, so it is read and never assumed.
    """
    text = next((p.value for p in model.metadata_props if p.key == "names"), "")
    try:
        names = ast.literal_eval(text) if len(text) <= NAMES_LIMIT else None
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError) as error:
        raise _nameless() from error
    if isinstance(names, list | tuple):
        names = dict(enumerate(names))
    if not isinstance(names, dict) or sorted(names, key=str) != sorted(range(len(names)), key=str):
        raise _nameless()
    if len(names) < 2 or not all(isinstance(n, str) and n.strip() for n in names.values()):
        raise _nameless()
    if len(set(names.values())) != len(names):
        raise _nameless()
    return names


def _sides(model: ModelProto) -> tuple[int, int]:
    """Return (height, width); 224, the classifier's default, where the file leaves them open."""
    shape = model.graph.input[0].type.tensor_type.shape.dim if model.graph.input else ()
    sides = [d.dim_value or DEFAULT_SIDE for d in list(shape)[2:]]
    if len(sides) != 2 or not all(8 <= side <= 4096 for side in sides):
        raise ModelUnavailable(
            "The model does not read pictures.",
            hint="Import a classifier exported by YOLOv5's export.py.",
        )
    return sides[0], sides[1]


def _nameless() -> ModelUnavailable:
    return ModelUnavailable(
        "The model does not say what its labels are called.",
        hint="Export it with YOLOv5's export.py, or put a manifest.toml beside it.",
    )
