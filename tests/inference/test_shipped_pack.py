"""The pack that ships keeps its contract; skipped where the checkout has none."""

from pathlib import Path

import numpy as np
import pytest

from cxr_desktop.domain.errors import FilmRefused
from cxr_desktop.imaging.phantom import draw_chest
from cxr_desktop.imaging.preprocess import prepare, prepare_pixels
from cxr_desktop.inference.catalog import ModelCatalog
from cxr_desktop.inference.golden import check_golden
from cxr_desktop.inference.onnx_classifier import OnnxClassifier
from cxr_desktop.inference.source import ActiveClassifier

MODELS = Path(__file__).resolve().parents[2] / "models"


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> ModelCatalog:
    if not list(MODELS.glob("*/manifest.toml")):
        pytest.skip("models/ has no pack: none was trained and exported yet")
    return ModelCatalog(MODELS, tmp_path_factory.mktemp("data"))


def test_the_shipped_pack_is_sound_and_says_what_it_is(catalog: ModelCatalog) -> None:
    pack = catalog.active_pack()
    manifest = pack.manifest
    assert [info.problem for info in catalog.packs()] == [""] * len(catalog.packs())
    assert set(manifest.labels) == {"normal", "abnormal"}
    assert 0 < manifest.points.normal_below < manifest.points.abnormal_from <= 1
    assert manifest.input.fit == "stretch"
    assert manifest.meaning
    assert manifest.figures
    assert manifest.licence
    assert manifest.limits
    assert pack.model_file.stat().st_size < 95 << 20
    card = (pack.folder / "README.md").read_text(encoding="utf-8")
    assert manifest.version in card


def test_the_shipped_pack_passes_its_golden_case(catalog: ModelCatalog) -> None:
    pack = catalog.active_pack()
    assert pack.manifest.golden is not None
    classifier = ActiveClassifier(catalog, prepare, lambda: "cpu").get()
    assert isinstance(classifier, OnnxClassifier)
    assert check_golden(pack.manifest.golden, pack.folder, classifier, prepare) <= 1e-4


def test_the_golden_film_is_drawn_and_nobodys(catalog: ModelCatalog) -> None:
    pack = catalog.active_pack()
    assert pack.manifest.golden is not None
    stored = np.load(pack.folder / pack.manifest.golden.film)
    drawn = draw_chest(*stored.shape, seed=7)
    assert np.abs(stored / 65535 - drawn).max() < 1e-3


def test_drawn_films_pass_the_shipped_gate_and_turned_ones_do_not(catalog: ModelCatalog) -> None:
    pack = catalog.active_pack()
    if pack.manifest.gate is None:
        pytest.skip("the pack in models/ was exported before there were gates")
    classifier = ActiveClassifier(catalog, prepare, lambda: "cpu").get()
    for seed in range(1, 7):
        film = draw_chest(720, 640, seed=seed, opacity=seed % 2 == 0)
        assert 0 <= classifier.assess(prepare_pixels(film, pack.manifest.input)).probability <= 1
    noise = np.random.default_rng(0).random((300, 300)).astype(np.float32)
    film = draw_chest(720, 640, seed=1)
    for other in (noise, film[::-1, ::-1], 1.0 - film):
        with pytest.raises(FilmRefused):
            classifier.assess(prepare_pixels(np.ascontiguousarray(other), pack.manifest.input))
