"""`manifest.toml`: what a model pack says of itself, as one checked value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from cxr_desktop.domain.assessment import ABNORMAL, ModelRef, OperatingPoints
from cxr_desktop.domain.model_input import InputSpec

MANIFEST_NAME = "manifest.toml"
MODEL_NAME = "model.onnx"
ID_PATTERN = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
SHA256_PATTERN = re.compile(r"[0-9a-f]{64}")
UNMEASURED = (
    "Nothing is known of how often this model is right: the number is its own, "
    "and no films were used to check what it means."
)
TOO_FEW = "Too few validation films had a score like this to say how often they were abnormal."


@dataclass(frozen=True, slots=True)
class MeaningRow:
    """Of 100 films scored from `low` up to `high`, about `abnormal_of_100` were abnormal.

    `films` were counted; 0 where the pack does not say how many.
    """

    low: float
    high: float
    abnormal_of_100: int
    films: int = 0

    def __post_init__(self) -> None:
        """Raise ValueError for a row that cannot be."""
        if not (0.0 <= self.low < self.high <= 1.0 and 0 <= self.abnormal_of_100 <= 100):
            raise ValueError("a row of meaning needs 0 <= from < to <= 1 and 0 to 100 films")
        if self.films < 0:
            raise ValueError("a row of meaning cannot count fewer than 0 films")

    def holds(self, probability: float) -> bool:
        """Whether a probability falls into the row; the last one holds its upper end too."""
        return self.low <= probability < self.high or probability == self.high == 1.0


@dataclass(frozen=True, slots=True)
class GoldenCase:
    """A drawn film of the pack and the logits it must give, to prove that this machine computes
    right. `film` is a path inside the pack: a .npy file, uint8 or uint16, (rows, columns).
    """

    film: str
    logits: tuple[float, ...]

    def __post_init__(self) -> None:
        """Raise ValueError for a film that lies outside the pack."""
        if _leaves_the_pack(self.film):
            raise ValueError("the golden film must lie inside the pack")


@dataclass(frozen=True, slots=True)
class GateFile:
    """The numbers by which the pack refuses films: a path inside the pack, and its SHA-256."""

    file: str
    sha256: str

    def __post_init__(self) -> None:
        """Raise ValueError for a file outside the pack, or for no hash."""
        if _leaves_the_pack(self.file):
            raise ValueError("the gate must lie inside the pack")
        if not SHA256_PATTERN.fullmatch(self.sha256):
            raise ValueError("“gate.sha256” must be 64 hexadecimal digits")


def _leaves_the_pack(name: str) -> bool:
    path = PurePosixPath(name)
    return path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name


@dataclass(frozen=True, slots=True)
class Manifest:
    """One model pack. `labels` are in the order of the network's outputs.

    P(abnormal) is the sum over `abnormal_labels`, which must be some, but not all, of `labels`.
    `meaning_base` says which films the `meaning` table was counted on. `films` counts the films it
    was trained on by "source, label, split", `training` says how (recipe, seed, hardware), both in
    words for the model card.
    """

    id: str
    version: str
    title: str
    sha256: str
    labels: tuple[str, ...]
    points: OperatingPoints
    input: InputSpec = field(default_factory=InputSpec)
    abnormal_labels: tuple[str, ...] = (ABNORMAL,)
    intended_use: str = ""
    licence: str = ""
    trained_on: str = ""
    limits: tuple[str, ...] = ()
    figures: Mapping[str, str] = field(default_factory=dict)
    films: Mapping[str, str] = field(default_factory=dict)
    training: Mapping[str, str] = field(default_factory=dict)
    meaning: tuple[MeaningRow, ...] = ()
    meaning_base: str = ""
    golden: GoldenCase | None = None
    gate: GateFile | None = None

    def __post_init__(self) -> None:
        """Raise ValueError, in words for a person, for a pack that contradicts itself."""
        if not ID_PATTERN.fullmatch(self.id):
            raise ValueError("“id” must be 1 to 64 small letters, digits, dots, dashes")
        if not SHA256_PATTERN.fullmatch(self.sha256):
            raise ValueError("“sha256” must be 64 hexadecimal digits")
        if len(self.labels) < 2 or len(set(self.labels)) != len(self.labels):
            raise ValueError("“labels” must name two or more different labels")
        abnormal = set(self.abnormal_labels)
        if not abnormal or not abnormal < set(self.labels):
            raise ValueError("“abnormal_labels” must name some, but not all, of “labels”")
        if self.golden is not None and len(self.golden.logits) != len(self.labels):
            raise ValueError("the golden case must have one logit for each label")

    @property
    def ref(self) -> ModelRef:
        """Which model this is, exactly."""
        return ModelRef(self.id, self.version, self.sha256)

    @property
    def abnormal_indices(self) -> tuple[int, ...]:
        """The outputs that count as abnormal."""
        return tuple(i for i, label in enumerate(self.labels) if label in self.abnormal_labels)

    def sentence(self, probability: float) -> str:
        """Say what a probability means for this model, from its validation; never a promise."""
        if not self.meaning:
            return UNMEASURED
        row = next((row for row in self.meaning if row.holds(probability)), None)
        if row is None:
            return TOO_FEW
        base = self.meaning_base or "validation films"
        number, counted = row.abnormal_of_100, f" (counted on {row.films})" if row.films else ""
        return (
            f"Of 100 {base} scored like this, about {number} "
            f"{'was' if number == 1 else 'were'} abnormal{counted}; where fewer patients are ill, "
            "fewer are."
        )
