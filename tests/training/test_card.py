"""The card tells where a network came from."""

import pytest

pytest.importorskip("torch", reason="the extra `train` is not installed")

from cxr_desktop.training.card import _stages
from cxr_desktop.training.recipe import Recipe, Stage


def test_a_run_tells_its_stages() -> None:
    recipe = Recipe(stages=(Stage(128, 10, 32), Stage(224, 5, 16))).as_dict()
    assert _stages(recipe) == "10 steps of 32 films at 128 px, 5 steps of 16 films at 224 px"


def test_a_grown_network_tells_what_it_grew_from() -> None:
    small = Recipe(scale="s", stages=(Stage(128, 10, 32),)).as_dict()
    large = Recipe(stages=(Stage(224, 5, 16),)).as_dict() | {"grown_from": small}
    text = _stages(large)
    assert text.startswith("A YOLOv5s was trained from random weights (10 steps of 32 films at 128")
    assert text.endswith("then trained for 5 steps of 16 films at 224 px")
