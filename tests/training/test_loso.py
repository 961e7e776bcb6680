"""A held-out hospital is nowhere in training, and all of it is in the test."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

pytest.importorskip("torch", reason="the extra `train` is not installed")

from cxr_desktop.imaging.phantom import draw_chest
from cxr_desktop.training import train as training
from cxr_desktop.training.films import Film
from cxr_desktop.training.final_file import read_final
from cxr_desktop.training.loso import (
    BlurredStore,
    groups_to_test,
    held_out_films,
    hospitals_seen,
    leave_one_out,
)
from cxr_desktop.training.recipe import Recipe, Stage


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> list[Film]:
    """Two hospitals, both labels, both splits."""
    folder = tmp_path_factory.mktemp("films")
    made = []
    for number in range(16):
        abnormal, source = number % 2 == 1, ("kermany", "shenzhen")[number // 2 % 2]
        path = folder / f"{number}.png"
        pixels = draw_chest(64, 64, seed=number, opacity=abnormal)
        path.write_bytes(cv2.imencode(".png", (pixels * 255).astype(np.uint8))[1].tobytes())
        label, split = "abnormal" if abnormal else "normal", "val" if number >= 8 else "train"
        made.append(
            Film(path, source, label, f"p{number}", "AP", "high", split, "open", str(number))
        )
    return made


def test_all_films_of_the_hospital_are_tested(films: list[Film]) -> None:
    held = held_out_films(films, "shenzhen")
    assert len(held) == 8
    assert {film.split for film in held} == {"train", "val"}


def test_each_hospital_is_left_out_once(
    films: list[Film], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "REFRESH_BATCHES", 1)
    recipe = Recipe(
        scale="n",
        stages=(Stage(32, 1, 4),),
        warmup_steps=1,
        hospital_shares={"kermany": 0.5, "shenzhen": 0.5},
    )
    trained: list[set[str]] = []
    original = training.training_films

    def watched(all_films: list[Film], one: Recipe) -> list[Film]:
        chosen = original(all_films, one)
        trained.append({film.hospital for film in chosen})
        return chosen

    monkeypatch.setattr(training, "training_films", watched)
    figures = leave_one_out(films, recipe, tmp_path, ["shenzhen", "kermany"])
    assert trained == [{"kermany"}, {"shenzhen"}]
    assert set(figures) == {"shenzhen", "shenzhen, blurred", "kermany", "kermany, blurred"}
    assert (tmp_path / "loso.json").exists()


def test_a_start_that_saw_the_hospital_is_no_start(
    films: list[Film], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = Recipe(
        scale="n", stages=(Stage(32, 1, 4),), warmup_steps=1, hospital_shares={"kermany": 1.0}
    )
    training.train(films, recipe, tmp_path / "before", resume=False)
    start = [tmp_path / "before" / "final.pt"]
    both = replace(recipe, hospital_shares={"kermany": 0.5, "shenzhen": 0.5})
    with pytest.raises(ValueError, match="was trained on: kermany"):
        leave_one_out(films, both, tmp_path / "wrong", ["shenzhen", "kermany"], start)
    leave_one_out(films, both, tmp_path / "right", ["shenzhen"], start)
    grown = read_final(tmp_path / "right" / "shenzhen" / "final.pt").stored
    assert hospitals_seen(grown) == {"kermany"}
    assert [one["scale"] for one in grown["grown_from"]] == ["n"]


def test_blurred_films_are_softer(films: list[Film]) -> None:
    sharp, soft = BlurredStore(films, 0.01).pixels(0), BlurredStore(films, 2.0).pixels(0)
    assert np.abs(np.diff(soft)).mean() < np.abs(np.diff(sharp)).mean()


def test_each_boxed_finding_meets_the_radiologists_normals() -> None:
    def film(number: int, source: str, label: str, finding: str) -> Film:
        return Film(
            Path(str(number)), source, label, str(number), "PA", "high", "val", "open",
            str(number), finding,
        )  # fmt: skip

    films = [
        film(0, "nih_normal_rsna", "normal", "normal"),
        film(1, "nih_bbox", "abnormal", "mass"),
        film(2, "nih_bbox", "abnormal", "effusion|mass"),
    ]
    groups = groups_to_test(films)
    assert groups["nih_boxed: mass"].tolist() == [0, 1, 2]
    assert groups["nih_boxed: effusion"].tolist() == [0, 2]
