"""What the program knows of one installed model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cxr_desktop.domain.assessment import ModelRef, OperatingPoints


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """One model pack as listed for a person.

    `problem` is empty for a pack that passed its checks (hash, contract), else one sentence that
    says why it may not be used. `figures` maps a measured quantity, with its data source in the
    name ("AUC, Shenzhen validation"), to its value as text. `active` marks the pack that new films
    go to.
    """

    ref: ModelRef
    title: str
    intended_use: str
    points: OperatingPoints
    licence: str = ""
    trained_on: str = ""
    figures: Mapping[str, str] = field(default_factory=dict)
    active: bool = False
    built_in: bool = False
    problem: str = ""
