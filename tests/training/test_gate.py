"""The gate's pictures, its fit on made-up features, and its way into a pack."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

torch = pytest.importorskip("torch", reason="the extra `train` is not installed")

from cxr_desktop.imaging.phantom import draw_chest  # noqa: E402 - only where torch is
from cxr_desktop.inference.film_gate import CLASSES  # noqa: E402 - the same
from cxr_desktop.inference.gate_file import gate_bytes, read_gate  # noqa: E402 - the same
from cxr_desktop.training import export, gate_data, pack_gate  # noqa: E402 - the same
from cxr_desktop.training.films import Film  # noqa: E402 - the same
from cxr_desktop.training.gate_data import (  # noqa: E402 - the same
    Seen,
    half_of,
    picture_group,
    split_others,
)
from cxr_desktop.training.gate_figures import gate_figures, refusals  # noqa: E402 - the same
from cxr_desktop.training.gate_fit import class_of, fit_gate, fit_layer, lay_out  # noqa: E402 - same
from cxr_desktop.training.gate_pictures import DRAWN, FROM_FILMS, montage  # noqa: E402 - the same
from cxr_desktop.training.network import YoloV5Classifier  # noqa: E402 - the same
from cxr_desktop.training.recipe import Recipe  # noqa: E402 - the same

SPEC = Recipe().input_spec(224)
CHEST = draw_chest(120, 100, seed=2)


def _seen(kinds: list[str], features: NDArray[np.float64], source: str = "kermany") -> Seen:
    rng = np.random.default_rng(len(kinds))
    number = len(kinds)
    return Seen(
        np.array(kinds),
        np.array([source if kind == "film" else "" for kind in kinds]),
        np.array([f"patient {index}" for index in range(number)]),
        features,
        rng.normal(0.5, 0.1, (number, 265)),
        np.zeros(number),
    )


def _made_up(films: int, others: int, kind: str, seed: int) -> Seen:
    """Films lie around 0, the others around 9 along the first of eight features."""
    rng = np.random.default_rng(seed)
    features = rng.normal(0, 1, (films + others, 8))
    features[films:, 0] += 9.0
    return _seen(["film"] * films + [kind] * others, features)


@pytest.mark.parametrize("kind", [*FROM_FILMS, *DRAWN, "montage"])
def test_every_maker_draws_a_sound_picture_and_the_same_for_a_seed(kind: str) -> None:
    def make() -> NDArray[np.float32]:
        rng = np.random.default_rng(5)
        if kind == "montage":
            return montage((CHEST, CHEST, CHEST, CHEST), rng)
        return FROM_FILMS[kind](CHEST, rng) if kind in FROM_FILMS else DRAWN[kind](rng)

    picture = make()
    assert picture.dtype == np.float32
    assert min(picture.shape) >= 16
    assert np.isfinite(picture).all()
    assert picture.min() >= 0
    assert picture.max() <= 1
    assert np.array_equal(picture, make())
    assert picture.shape != CHEST.shape or not np.array_equal(picture, CHEST)
    assert class_of(kind) in CLASSES[1:]


def test_others_are_refused_and_few_films() -> None:
    gate = fit_gate(_made_up(200, 120, "knee", 0))
    fresh = _made_up(300, 100, "knee", 1)
    refused = refusals(gate, fresh)
    assert refused[300:].mean() > 0.95
    assert refused[:300].mean() < 0.04


def test_the_fit_is_the_same_twice() -> None:
    seen = _made_up(60, 40, "turned", 3)
    assert gate_bytes(fit_gate(seen)) == gate_bytes(fit_gate(seen))


def test_a_layer_is_fitted_without_the_kinds_left_out() -> None:
    seen = _made_up(60, 40, "knee", 0).and_(_made_up(0, 40, "ct", 2))
    place = lay_out(seen)
    both, one = fit_layer(seen, place), fit_layer(seen, place, seen.kinds != "ct")
    assert not np.allclose(both.weights, one.weights)
    assert one.spread.shape == both.spread.shape


def test_the_figures_count_every_source_and_kind() -> None:
    fitted = _made_up(120, 60, "ood_knee", 0)
    validation, made = _made_up(50, 0, "", 4), _made_up(0, 20, "turned", 5)
    lines = gate_figures(fit_gate(fitted), fitted, validation, made, _made_up(0, 30, "ood_knee", 6))
    assert " of 50 " in lines["Gate: films refused, kermany validation"]
    assert " of 30 " in lines["Gate: knee films refused, others of the kind fitted to"]
    assert " of 90 " in lines["Gate: knee films refused, the kind unknown to the gate"]
    assert any("turned" in name and " of 20 " in value for name, value in lines.items())


def test_slices_and_knees_of_one_patient_stay_on_one_side(tmp_path: Path) -> None:
    names = ["003479_02_2_81.jpg", "003479_05_1_7.jpg", "9930342R.jpg", "9930342L.jpg", "a1.jpg"]
    films = [
        Film(tmp_path / name, "ood_x", "ood", name, "", "", "ood_train", "open", name)
        for name in names
    ]
    groups = [picture_group(film) for film in films]
    assert groups[0] == groups[1]
    assert groups[2] == groups[3]
    assert len(set(groups)) == 3
    seen = _seen(["ood_x"] * 40, np.zeros((40, 8)))
    one, other = split_others(seen)
    assert len(one.kinds) + len(other.kinds) == 40
    assert min(len(one.kinds), len(other.kinds)) > 5
    assert {half_of(str(group)) for group in one.groups} == {0}


@pytest.fixture
def collected(tmp_path: Path) -> list[Film]:
    """Drawn chests to train and validate on, and noise that is no film."""
    rng = np.random.default_rng(0)
    chests = [draw_chest(64, 64, seed=seed) for seed in range(2)]
    films = []
    for number in range(36):
        split = "train" if number < 24 else "val" if number < 28 else "ood_train"
        other = split == "ood_train"
        drawn = rng.random((64, 64))
        if not other:
            drawn = 0.9 * chests[number % 2] + 0.1 * drawn
        path = tmp_path / f"film-{chr(97 + number % 26)}{number}x{chr(97 + number // 3)}.png"
        path.write_bytes(cv2.imencode(".png", (drawn * 255).astype(np.uint8))[1].tobytes())
        label = "ood" if other else "abnormal" if number % 2 else "normal"
        source = "ood_noise" if other else "kermany"
        films.append(
            Film(path, source, label, f"p{number}", "AP", "high", split, "open", str(number))
        )
    return films


def test_a_gate_made_from_films_is_one_that_a_pack_can_hold(
    collected: list[Film], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, number in (("MADE_PER_KIND", 2), ("DRAWN_PER_KIND", 2), ("TESTED_PER_KIND", 2)):
        monkeypatch.setattr(gate_data, name, number)
    monkeypatch.setattr(pack_gate, "DRAWN_FILMS", 1)
    torch.manual_seed(1)
    classifier = export.plain_classifier(YoloV5Classifier("n").eval(), SPEC)
    trained = [film for film in collected if film.split == "train"]
    validation = [film for film in collected if film.split == "val"]
    seen = gate_data.look(classifier, SPEC, gate_data.film_samples(validation))
    gate = pack_gate.make_gate(classifier, SPEC, collected, trained, seen)
    assert read_gate(gate.content, SPEC).channels == 1280
    assert len(gate.content) < pack_gate.GATE_LIMIT
    assert any("kermany validation" in name for name in gate.figures)
    assert " of 1 " in gate.figures["Gate: drawn chest films refused"]
    assert " of 2 " in gate.figures["Gate: “montage” refused, other pictures so made fitted to"]
    assert "Gate: drawn side view refused, the kind unknown to the gate" in gate.figures
    without = pack_gate.make_gate(classifier, SPEC, trained, trained, seen)
    assert without.content == b""
