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


def test_a_share_of_the_start_is_kept_in_the_final_weights(
    films: list[Film], recipe: Recipe, tmp_path: Path
) -> None:
    train(films, recipe, tmp_path / "start", resume=False)
    start = tmp_path / "start" / "final.pt"
    for name, kept in (("none", 0.0), ("part", 0.25)):
        train(
            films,
            replace(recipe, seed=7, kept_from_start=kept),
            tmp_path / name,
            resume=False,
            seedlings=[start],
        )
    first, none, part = (
        load_weights(one).state_dict()
        for one in (start, tmp_path / "none" / "final.pt", tmp_path / "part" / "final.pt")
    )
    for name in ("head.linear.weight", "stages.0.conv.weight", "stages.0.bn.running_mean"):
        assert not torch.equal(none[name], first[name])
        torch.testing.assert_close(part[name], none[name] + 0.25 * (first[name] - none[name]))


def test_nothing_is_trained_when_no_share_of_the_start_could_be_kept(
    films: list[Film], recipe: Recipe, tmp_path: Path
) -> None:
    train(films, recipe, tmp_path / "start", resume=False)
    start, kept = tmp_path / "start" / "final.pt", replace(recipe, kept_from_start=0.5)
    for one, starts, words in (
        (kept, [], "exactly one"),
        (kept, [start, start], "exactly one"),
        (replace(kept, scale="s"), [start], "same scale"),
        (replace(kept, kept_from_start=1.5), [start], "between 0 and 1"),
    ):
        with pytest.raises(ValueError, match=words):
            train(films, one, tmp_path / "out", resume=False, seedlings=starts)
    assert not (tmp_path / "out").exists()


def test_members_that_are_only_put_together_keep_their_statistics(
    films: list[Film], recipe: Recipe, tmp_path: Path
) -> None:
    finals = []
    for seed in (1, 2):
        train(
            films,
            replace(recipe, head_channels=640, seed=seed),
            tmp_path / str(seed),
            resume=False,
        )
        finals.append(tmp_path / str(seed) / "final.pt")
    together = replace(recipe, scale="s", stages=(Stage(64, 0, 4),))
    train(films, together, tmp_path / "both", resume=False, seedlings=finals)
    film = torch.randn(1, 3, 64, 64)
    mean = torch.stack([load_weights(final)(film) for final in finals]).mean(0)
    both = load_weights(tmp_path / "both" / "final.pt")(film)
    torch.testing.assert_close(both, mean, rtol=1e-4, atol=1e-4)


def test_the_learning_rate_warms_up_and_falls_to_one_per_cent() -> None:
    recipe = Recipe(stages=(Stage(32, 100, 4),), warmup_steps=10)
    rates = [learning_rate(recipe, step) for step in range(100)]
    assert max(rates) == pytest.approx(recipe.learning_rate)
    assert rates[:11] == sorted(rates[:11])
    assert learning_rate(recipe, 100) == pytest.approx(recipe.learning_rate * 0.01)
