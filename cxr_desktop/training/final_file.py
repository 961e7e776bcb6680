"""What a training run leaves behind: `final.pt`, read once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import torch

from cxr_desktop.training.network import YoloV5Classifier
from cxr_desktop.training.recipe import Recipe, Stage


@dataclass(frozen=True, slots=True, eq=False)
class FinalRun:
    """The network, on the CPU and ready to score; its recipe, and that recipe as it was stored.

    `stored` may also tell of the smaller network it was grown from.
    """

    network: YoloV5Classifier
    recipe: Recipe
    stored: Mapping[str, Any]


def read_final(path: Path) -> FinalRun:
    """Read a run's `final.pt`."""
    state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    recipe = recipe_of(state["recipe"])
    network = new_network(recipe)
    network.load_state_dict(state["weights"])
    return FinalRun(network.eval(), recipe, state["recipe"])


def new_network(recipe: Recipe) -> YoloV5Classifier:
    """Return the recipe's network, untrained."""
    return YoloV5Classifier(
        recipe.scale, dropout=recipe.dropout, head_channels=recipe.head_channels
    )


def recipe_of(stored: Mapping[str, Any]) -> Recipe:
    """Return the recipe that `Recipe.as_dict` wrote; what it does not know is left out."""
    known = {field.name for field in fields(Recipe)}
    values = {name: value for name, value in stored.items() if name in known}
    values["stages"] = tuple(Stage(**stage) for stage in stored["stages"])
    return Recipe(**values)
