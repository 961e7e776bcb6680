"""What a model reads, and where on the film it came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Fit = Literal["stretch", "centre_crop"]
Intensity = Literal["as_read", "percentile"]

IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)


@dataclass(frozen=True, slots=True)
class InputSpec:
    """How a film is prepared for one model; part of the model's manifest.

    `fit` is how the film becomes the model's rectangle: ``stretch`` resizes the whole film (both
    axes on their own, nothing is lost), ``centre_crop`` keeps the central square of the shorter
    side (what `export.py` of YOLOv5 assumes; the ends of the longer side are not seen).
    `intensity` is the grey scale: ``as_read`` keeps 0..1, ``percentile`` maps the 0.5th and 99.5th
    percentile of the resized film to 0 and 1. `mean` and `std` are per channel, on that 0..1 scale.
    """

    width: int = 224
    height: int = 224
    fit: Fit = "stretch"
    intensity: Intensity = "percentile"
    mean: tuple[float, float, float] = (0.5, 0.5, 0.5)
    std: tuple[float, float, float] = (0.25, 0.25, 0.25)

    def __post_init__(self) -> None:
        """Raise ValueError for a size or a deviation that no model can have."""
        if not (8 <= self.width <= 4096 and 8 <= self.height <= 4096):
            raise ValueError(f"model input size {self.width}x{self.height} is out of range")
        if any(deviation <= 0 for deviation in self.std):
            raise ValueError("std must be above 0")


@dataclass(frozen=True, slots=True)
class FilmRegion:
    """The part of the film that a model saw, in film pixels: left, top, width, height."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class ModelInput:
    """One film, ready for the network.

    `tensor` is float32, shape (1, 3, height, width); `region` says which part of the film it
    covers, so that a map of the same rectangle can be laid back over the film.
    """

    tensor: NDArray[np.float32]
    region: FilmRegion

    def __post_init__(self) -> None:
        """Raise ValueError unless the tensor is 1x3xHxW float32 and finite."""
        if self.tensor.ndim != 4 or self.tensor.shape[:2] != (1, 3):
            raise ValueError(f"model input has shape {self.tensor.shape}, not (1, 3, H, W)")
        if self.tensor.dtype != np.float32 or not np.isfinite(self.tensor).all():
            raise ValueError("model input must be finite float32")
