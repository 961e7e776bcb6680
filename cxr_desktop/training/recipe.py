"""Everything that decides a training run, in one value that is stored with every checkpoint."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from cxr_desktop.domain.model_input import InputSpec

HEAD_CHANNELS = 1280  # of every member of the family


@dataclass(frozen=True, slots=True)
class Stage:
    """`steps` optimiser steps of `batch` films at `size` x `size` pixels."""

    size: int
    steps: int
    batch: int


@dataclass(frozen=True, slots=True)
class Recipe:
    """Progressive size, balanced sources, domain mixing, averaged weights."""

    scale: str = "x"
    head_channels: int = HEAD_CHANNELS
    stages: tuple[Stage, ...] = (Stage(128, 1700, 32), Stage(160, 900, 32), Stage(224, 600, 24))
    learning_rate: float = 4e-4
    weight_decay: float = 0.02
    warmup_steps: int = 120
    label_smoothing: float = 0.05
    gradient_clip: float = 5.0
    dropout: float = 0.2
    averaging: float = 0.998
    mix_probability: float = 0.5
    seed: int = 20261122
    hospital_shares: dict[str, float] = field(
        default_factory=lambda: {"kermany": 0.10, "shenzhen": 0.25, "nih": 0.65}
    )
    use_non_commercial: bool = True
    hold_out: str = ""
    kept_from_start: float = 0.0  # share of the network it started from in the final weights

    @property
    def total_steps(self) -> int:
        """Steps of all stages together."""
        return sum(stage.steps for stage in self.stages)

    def stage_at(self, step: int) -> Stage:
        """Return the stage that step (from 0) belongs to; the last one past the end."""
        for stage in self.stages:
            if step < stage.steps:
                return stage
            step -= stage.steps
        return self.stages[-1]

    def input_spec(self, size: int) -> InputSpec:
        """How films are prepared at that size: the same as in the shipped manifest."""
        return InputSpec(width=size, height=size, fit="stretch", intensity="percentile")

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for checkpoints and the model card."""
        return asdict(self)


def smaller_before(stored: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the stored recipes of the networks that this one was grown from, none or several."""
    before = stored.get("grown_from") or []
    return [before] if isinstance(before, Mapping) else list(before)
