"""The pack that ships keeps its contract; skipped where the checkout has none."""

from pathlib import Path

import numpy as np
import pytest

from cxr_desktop.imaging.phantom import draw_chest
from cxr_desktop.imaging.preprocess import prepare
from cxr_desktop.inference.catalog import ModelCatalog
from cxr_desktop.inference.golden import check_golden
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
    assert check_golden(pack.manifest.golden, pack.folder, classifier, prepare) <= 1e-4


def test_the_golden_film_is_drawn_and_nobodys(catalog: ModelCatalog) -> None:
    pack = catalog.active_pack()
    assert pack.manifest.golden is not None
    stored = np.load(pack.folder / pack.manifest.golden.film)
    drawn = draw_chest(*stored.shape, seed=7)
    assert np.abs(stored / 65535 - drawn).max() < 1e-3
