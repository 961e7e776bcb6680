"""A tiny run learns, is interrupted, resumed, and ends like the uninterrupted one."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the extra `train` is not installed")

from cxr_desktop.imaging.phantom import draw_chest  # noqa: E402 - only where torch is
from cxr_desktop.training import train as training  # noqa: E402 - only where torch is
from cxr_desktop.training.films import Film  # noqa: E402 - only where torch is
from cxr_desktop.training.recipe import Recipe, Stage  # noqa: E402 - only where torch is
from cxr_desktop.training.train import learning_rate, load_weights, train  # noqa: E402 - the same


@pytest.fixture
def films(tmp_path: Path) -> list[Film]:
    """Eight drawn films, half with an opacity, half of them for validation."""
    made = []
    for number in range(8):
        abnormal, split = number % 2 == 1, "val" if number >= 4 else "train"
        pixels = draw_chest(64, 64, seed=number, opacity=abnormal)
        path = tmp_path / f"{number}.png"
        path.write_bytes(cv2.imencode(".png", (pixels * 255).astype(np.uint8))[1].tobytes())
        label = "abnormal" if abnormal else "normal"
        made.append(
            Film(path, "kermany", label, f"p{number}", "AP", "high", split, "open", str(number))
        )
    return made


@pytest.fixture
def recipe() -> Recipe:
    return Recipe(
        scale="n",
        stages=(Stage(32, 4, 4), Stage(64, 2, 4)),
        warmup_steps=2,
        hospital_shares={"kermany": 1.0},
    )


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "REFRESH_BATCHES", 2)


def test_a_run_writes_weights_that_can_be_read_again(
    films: list[Film], recipe: Recipe, tmp_path: Path
) -> None:
    areas = train(films, recipe, tmp_path / "run", resume=False)
    assert set(areas) == {"kermany"}
    network = load_weights(tmp_path / "run" / "final.pt")
    assert network(torch.zeros(1, 3, 64, 64)).shape == (1, 2)


def test_a_resumed_run_ends_like_an_uninterrupted_one(
    films: list[Film], recipe: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "CHECKPOINT_EVERY", 3)
    recipe = replace(recipe, mix_probability=0.0, dropout=0.0)
    train(films, recipe, tmp_path / "whole", resume=False)

    class PowerCut(Exception):
        pass

    def cut(run: training.Run, *_: object) -> None:
        if run.step == 4:
            raise PowerCut

    original = training.optimise

    def optimise(run: training.Run, *rest: object) -> float:
        cut(run)
        return original(run, *rest)  # type: ignore[arg-type] # passed on as they came

    monkeypatch.setattr(training, "optimise", optimise)
    with pytest.raises(PowerCut):
        train(films, recipe, tmp_path / "cut", resume=False)
    monkeypatch.setattr(training, "optimise", original)
    train(films, recipe, tmp_path / "cut", resume=True)

    whole = load_weights(tmp_path / "whole" / "final.pt").state_dict()
    resumed = load_weights(tmp_path / "cut" / "final.pt").state_dict()
    for name, value in whole.items():
        torch.testing.assert_close(resumed[name], value, rtol=1e-3, atol=1e-4, msg=name)


def test_a_larger_network_grows_from_the_weights_of_a_smaller_one(
    films: list[Film], recipe: Recipe, tmp_path: Path
) -> None:
    train(films, recipe, tmp_path / "small", resume=False)
    larger = replace(recipe, scale="s")
    run = training.Run.start(larger, torch.device("cpu"), [tmp_path / "small" / "final.pt"])
    film = torch.randn(1, 3, 64, 64)
    grown, small = run.network.eval()(film), load_weights(tmp_path / "small" / "final.pt")(film)
    torch.testing.assert_close(grown, small, rtol=0.3, atol=0.1)


def test_a_network_starts_as_the_mean_of_several_smaller_ones(
    films: list[Film], recipe: Recipe, tmp_path: Path
) -> None:
    finals = []
    for seed in (1, 2):
        member = replace(recipe, head_channels=640, seed=seed)
        train(films, member, tmp_path / str(seed), resume=False)
        finals.append(tmp_path / str(seed) / "final.pt")
    run = training.Run.start(replace(recipe, scale="s"), torch.device("cpu"), finals)
    film = torch.randn(1, 3, 64, 64)
    mean = torch.stack([load_weights(final)(film) for final in finals]).mean(0)
    torch.testing.assert_close(run.network.eval()(film), mean, rtol=1e-4, atol=1e-4)


def test_a_run_remembers_what_its_network_was_made_of(
    films: list[Film], recipe: Recipe, tmp_path: Path
) -> None:
    train(films, recipe, tmp_path / "small", resume=False)
    seedling = tmp_path / "small" / "final.pt"
    train(films, replace(recipe, scale="s"), tmp_path / "big", resume=False, seedlings=[seedling])
    state = torch.load(tmp_path / "big" / "final.pt", weights_only=True)
    assert [one["scale"] for one in state["recipe"]["grown_from"]] == ["n"]


def test_the_learning_rate_warms_up_and_falls_to_one_per_cent() -> None:
    recipe = Recipe(stages=(Stage(32, 100, 4),), warmup_steps=10)
    rates = [learning_rate(recipe, step) for step in range(100)]
    assert max(rates) == pytest.approx(recipe.learning_rate)
    assert rates[:11] == sorted(rates[:11])
    assert learning_rate(recipe, 100) == pytest.approx(recipe.learning_rate * 0.01)
