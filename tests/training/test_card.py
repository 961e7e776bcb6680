"""Card and README come from the manifest alone and hold all of it; so do the checkout's."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from cxr_desktop.inference.manifest import Manifest, MeaningRow
from cxr_desktop.inference.manifest_file import read_manifest
from cxr_desktop.training.card import card_text, main, readme_text
from cxr_desktop.training.card_facts import film_counts, stages_text, training_facts
from cxr_desktop.training.drawn_failures import EXAMPLES, example_figures, example_file
from cxr_desktop.training.films import Film
from cxr_desktop.training.recipe import Recipe, Stage
from tests.support.packs import make_pack, tiny_gate

ROOT = Path(__file__).resolve().parents[2]
CARD = ROOT / "docs" / "model-card.md"


@pytest.fixture
def manifest(tmp_path: Path) -> Manifest:
    plain = read_manifest(make_pack(tmp_path) / "manifest.toml")
    return replace(
        plain,
        figures={
            "AUC, kermany validation": "0.97",
            "AUC, shenzhen validation": "0.74",
            "Films left uncertain, shenzhen validation": "49 of 59",
            "Calibration error, kermany halves not fitted to": "0.01",
            "AUC, shenzhen left out of training": "0.42, worse than chance",
            "Gate: knee films refused": "29 of 30",
            "File: largest difference": "0.0001",
            "Drawn example, small nodule": "P(abnormal) 0.31, normal",
            "Calibration": "Platt scaling",
        },
        films={"kermany, normal, train": "30", "shenzhen, abnormal, train_nc": "10"},
        training={"Seed": "7", "Hardware": "two cores"},
        meaning=(MeaningRow(0.0, 0.5, 10, 143),),
    )


def test_every_figure_and_fact_of_the_manifest_is_in_the_card_once(manifest: Manifest) -> None:
    card = card_text(manifest, "model-card")
    for value in manifest.figures.values():
        assert card.count(f"| {value} |") == 1
    assert "| AUC | 0.97 | 0.74 |" in card
    assert "| Films left uncertain | – | 49 of 59 |" in card
    assert "| Hardware | two cores |" in card
    assert "| 0.0 to 0.5 | 10 | 143 |" in card
    assert "(75 % of the training films)" in card
    assert "**Non-commercial part:** 10 of" in card
    assert "$" not in card
    for limit in manifest.limits:
        assert f"- {limit}" in card


def test_terms_and_attributions_are_in_the_card_and_in_the_packs_readme(
    manifest: Manifest,
) -> None:
    for text in (card_text(manifest, "model-card"), readme_text(manifest)):
        for needed in ("CC BY 4.0", "National Library of Medicine", manifest.licence):
            assert needed in text
    assert "could not be opened" in card_text(manifest, "model-card")


def test_a_pack_that_tells_little_gets_a_card_that_says_so(manifest: Manifest) -> None:
    bare = replace(manifest, figures={}, films={}, training={}, meaning=())
    card = card_text(bare, "model-card")
    assert "not recorded in this version's manifest" in card
    assert "OPEN_TERMS" not in card
    assert "No film was picked by annotations with non-commercial terms." in card


def test_one_command_writes_card_pictures_and_readme(tmp_path: Path) -> None:
    pack = make_pack(tmp_path)
    card = tmp_path / "docs" / "card.md"
    assert main([str(pack), str(card)]) == 0
    manifest = read_manifest(pack / "manifest.toml")
    assert card.read_text(encoding="utf-8") == card_text(manifest, "card")
    assert (pack / "README.md").read_text(encoding="utf-8") == readme_text(manifest)
    pictures = sorted(path.name for path in (tmp_path / "docs" / "card").iterdir())
    assert pictures == sorted(map(example_file, EXAMPLES))
    for name in pictures:
        assert f"(card/{name})" in card.read_text(encoding="utf-8")


def test_the_checkouts_card_and_readme_agree_with_the_packs_manifest() -> None:
    packs = sorted((ROOT / "models").glob("*/manifest.toml"))
    if not packs:
        pytest.skip("models/ has no pack")
    (path,) = packs
    manifest = read_manifest(path)
    again = f"python -m cxr_desktop.training.card models/{manifest.id} docs/model-card.md"
    written = CARD.read_text(encoding="utf-8")
    assert written == card_text(manifest, "model-card"), f"run: {again}"
    readme = (path.parent / "README.md").read_text(encoding="utf-8")
    assert readme == readme_text(manifest), f"run: {again}"
    for name in EXAMPLES:
        assert (CARD.with_suffix("") / example_file(name)).is_file()


def test_drawn_examples_differ_from_the_chest_without_a_finding() -> None:
    plain = EXAMPLES["no finding"]()
    for name, draw in EXAMPLES.items():
        film = draw()
        assert film.dtype == np.float32
        assert (film.min() >= 0, film.max() <= 1) == (True, True)
        changed = float((np.abs(film - plain) > 0.02).mean())
        assert changed == 0 if name == "no finding" else 0.0001 < changed < 0.2


def test_a_pack_is_asked_about_every_drawing_and_a_refusal_is_told(tmp_path: Path) -> None:
    from cxr_desktop.inference.pack import open_pack

    pack = open_pack(make_pack(tmp_path, features=True, gate=tiny_gate(darkest=9.0)))
    from cxr_desktop.inference.onnx_classifier import OnnxClassifier

    content = pack.model_bytes()
    told = example_figures(OnnxClassifier(pack.manifest, content, "cpu"))
    assert sorted(told) == sorted(f"Drawn example, {name}" for name in EXAMPLES)
    assert all(value.startswith("P(abnormal) ") for value in told.values())
    shut = OnnxClassifier(pack.manifest, content, "cpu", gate=pack.film_gate())
    assert all(value.startswith("refused: ") for value in example_figures(shut).values())


def test_a_run_tells_its_stages() -> None:
    recipe = Recipe(stages=(Stage(128, 10, 32), Stage(224, 5, 16))).as_dict()
    assert stages_text(recipe) == "10 steps of 32 films at 128 px, 5 steps of 16 films at 224 px"
    facts = training_facts(recipe, {"Hardware": "two cores"})
    assert facts["Network"] == "YOLOv5x-cls"
    assert facts["Seed"] == "20261122"
    assert facts["Hardware"] == "two cores"


def test_a_grown_network_tells_what_it_grew_from() -> None:
    small = Recipe(scale="s", stages=(Stage(128, 10, 32),)).as_dict()
    large = Recipe(stages=(Stage(224, 5, 16),)).as_dict() | {"grown_from": small}
    text = stages_text(large)
    assert text.startswith("A YOLOv5s was trained from random weights (10 steps of 32 films at 128")
    assert text.endswith("then trained for 5 steps of 16 films at 224 px")


def test_a_network_of_several_members_tells_their_recipes_once_and_all_their_seeds() -> None:
    member = Recipe(scale="n", stages=(Stage(128, 10, 32),)).as_dict()
    members = [member | {"seed": seed} for seed in (1, 2, 3)]
    large = Recipe(stages=(Stage(224, 5, 16),)).as_dict() | {"grown_from": members}
    text = stages_text(large)
    assert text.startswith("3 networks YOLOv5n were trained from random weights (10 steps of 32")
    assert "seeds 1, 2, 3" in text
    assert text.count("10 steps") == 1
    assert text.endswith("then trained for 5 steps of 16 films at 224 px")


def test_members_with_a_first_stage_of_their_own_tell_it_and_whose_films_they_saw() -> None:
    first = Recipe(scale="n", stages=(Stage(128, 10, 32),), hospital_shares={"nih": 0.65}).as_dict()
    member = Recipe(scale="n", stages=(Stage(160, 5, 32),)).as_dict() | {"grown_from": [first]}
    members = [member | {"seed": seed} for seed in (1, 2)]
    text = stages_text(Recipe(stages=(Stage(160, 0, 32),)).as_dict() | {"grown_from": members})
    assert "10 steps of 32 films at 128 px; learning rate 0.0004, on nih 100 %; then 5" in text
    assert "on kermany 10 %, shenzhen 25 %, nih 65 %" in text
    assert text.endswith("as their average and nothing was trained after that")
    kept = [member | {"kept_from_start": 0.5} for member in members]
    text = stages_text(Recipe(stages=(Stage(160, 0, 32),)).as_dict() | {"grown_from": kept})
    assert "nih 65 %; of each weight 50 % is of before that; learning rate 0.0004" in text


def test_films_are_counted_by_source_label_and_split(tmp_path: Path) -> None:
    films = [
        Film(tmp_path, "kermany", "normal", f"p{number}", "AP", "high", "train", "open", "")
        for number in range(3)
    ]
    assert film_counts(films) == {"kermany, normal, train": "3"}


def test_example_pictures_are_small_and_grey() -> None:
    from cxr_desktop.training.drawn_failures import example_png

    content = example_png("small nodule")
    picture = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_UNCHANGED)
    assert picture is not None
    assert picture.shape == (256, 256)
    assert len(content) < 100_000
