"""What the model says of one film."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.model_input import FilmRegion

ABNORMAL = "abnormal"
NORMAL = "normal"
DISCLAIMER = "Decision support; a qualified reader decides."


class Verdict(StrEnum):
    """The three zones, and the answer that is none. Stored: never change a value."""

    NORMAL = "normal"
    UNCERTAIN = "uncertain"
    ABNORMAL = "abnormal"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class ModelRef:
    """Which model, exactly: `sha256` is of the ONNX file's bytes."""

    id: str
    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class OperatingPoints:
    """Two cuts on P(abnormal): below `normal_below` normal, from `abnormal_from` abnormal."""

    normal_below: float
    abnormal_from: float

    def __post_init__(self) -> None:
        """Raise ValueError unless 0 <= normal_below <= abnormal_from <= 1."""
        if not 0.0 <= self.normal_below <= self.abnormal_from <= 1.0:
            raise ValueError("operating points must be 0 <= normal_below <= abnormal_from <= 1")

    def verdict(self, probability: float) -> Verdict:
        """Put a probability into its zone. Raises ValueError for one outside 0..1."""
        if not 0.0 <= probability <= 1.0:
            raise ValueError(f"probability {probability} is outside 0..1")
        if probability < self.normal_below:
            return Verdict.NORMAL
        if probability >= self.abnormal_from:
            return Verdict.ABNORMAL
        return Verdict.UNCERTAIN


@dataclass(frozen=True, slots=True)
class LabelScore:
    """Probability of one label, 0..1 (softmax over the model's labels)."""

    label: str
    probability: float

    def __post_init__(self) -> None:
        """Raise ValueError for a probability outside 0..1."""
        if not 0.0 <= self.probability <= 1.0:
            raise ValueError(f"probability {self.probability} is outside 0..1")


@dataclass(frozen=True, slots=True, eq=False)
class HeatMap:
    """What moved the score towards abnormal; not the outline of a lesion.

    `values` is float32, (rows, columns), in logits: positive raised the score, negative lowered it
    (class activation map, Zhou et al., CVPR 2016). It covers `region` of the film.
    """

    values: NDArray[np.float32]
    region: FilmRegion

    def __post_init__(self) -> None:
        """Raise ValueError for anything but a finite float32 matrix; makes it read-only."""
        if self.values.ndim != 2 or self.values.dtype != np.float32:
            raise ValueError(f"heat map is {self.values.dtype} {self.values.shape}")
        if not np.isfinite(self.values).all():
            raise ValueError("heat map is not finite")
        self.values.flags.writeable = False


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds spent on one film."""

    read: float = 0.0
    prepare: float = 0.0
    infer: float = 0.0

    @property
    def total(self) -> float:
        """Sum of the parts."""
        return self.read + self.prepare + self.infer


@dataclass(frozen=True, slots=True)
class Assessment:
    """One answer of one model: never changed once it is made.

    `heat_map` is None when the model cannot give one. `meaning` is the sentence that says what the
    probability means for this model. `device` is what the session really ran on ("CPU", "CUDA").
    """

    model: ModelRef
    scores: tuple[LabelScore, ...]
    verdict: Verdict
    points: OperatingPoints
    device: str
    heat_map: HeatMap | None = None
    meaning: str = ""
    timings: Timings = Timings()

    def __post_init__(self) -> None:
        """Raise ValueError unless there is exactly one `abnormal` score."""
        if sum(score.label == ABNORMAL for score in self.scores) != 1:
            raise ValueError("an assessment needs exactly one score for the label 'abnormal'")

    @property
    def probability(self) -> float:
        """P(abnormal), 0..1."""
        return next(s.probability for s in self.scores if s.label == ABNORMAL)
