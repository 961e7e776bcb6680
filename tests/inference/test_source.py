import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from cxr_desktop.domain import ports
from cxr_desktop.domain.errors import ModelUnavailable
from cxr_desktop.domain.model_input import InputSpec, ModelInput
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.imaging.preprocess import prepare
from cxr_desktop.inference.catalog import ModelCatalog
from cxr_desktop.inference.golden import read_golden_film
from cxr_desktop.inference.network import NetworkAnswer
from cxr_desktop.inference.onnx_classifier import OnnxClassifier
from cxr_desktop.inference.source import ActiveClassifier, TogetherSource
from cxr_desktop.inference.together import Together
from tests.support.packs import make_pack


class CountingPreparer:
    """Prepares like the program, and counts: one golden case per load."""

    def __init__(self) -> None:
        self.calls = 0
        self._lock = threading.Lock()

    def __call__(self, radiograph: Radiograph, spec: InputSpec) -> ModelInput:
        with self._lock:
            self.calls += 1
        return prepare(radiograph, spec)


def _catalog(folder: Path) -> ModelCatalog:
    make_pack(folder / "models", "a-first")
    make_pack(folder / "models", "b-second", scale=2.0)
    return ModelCatalog(folder / "models", folder / "own")


def test_the_model_is_loaded_once(tmp_path: Path) -> None:
    counting = CountingPreparer()
    source: ports.ClassifierSource = ActiveClassifier(_catalog(tmp_path), counting, lambda: "cpu")
    assert source.get() is source.get()
    assert counting.calls == 1


def test_many_threads_get_one_model(tmp_path: Path) -> None:
    counting = CountingPreparer()
    source = ActiveClassifier(_catalog(tmp_path), counting, lambda: "cpu")
    with ThreadPoolExecutor(4) as pool:
        models = list(pool.map(lambda _: source.get(), range(8)))
    assert len({id(model) for model in models}) == 1
    assert counting.calls == 1


def test_activating_another_pack_reloads(tmp_path: Path) -> None:
    catalog = _catalog(tmp_path)
    source = ActiveClassifier(catalog, prepare, lambda: "cpu")
    assert source.get().model.id == "a-first"
    catalog.activate("b-second")
    assert source.get().model.id == "b-second"
    catalog.roll_back()
    assert source.get().model.id == "a-first"


def test_another_device_reloads(tmp_path: Path) -> None:
    wishes = ["cpu"]
    source = ActiveClassifier(_catalog(tmp_path), prepare, lambda: wishes[-1])
    first = source.get()
    wishes.append("auto")
    assert source.get() is not first
    assert source.get() is source.get()


def test_another_number_of_threads_reloads_and_is_what_the_session_got(tmp_path: Path) -> None:
    wishes = [1]
    source = ActiveClassifier(
        _catalog(tmp_path), prepare, lambda: "cpu", threads=lambda: wishes[-1]
    )

    def options() -> Any:
        classifier = source.get()
        assert isinstance(classifier, OnnxClassifier)
        return classifier._opened.session.get_session_options()

    assert options().intra_op_num_threads == 1
    assert options().get_session_config_entry("session.intra_op.allow_spinning") == "0"
    wishes.append(2)
    assert options().intra_op_num_threads == 2


def _threads(classifier: ports.Classifier) -> int:
    one = classifier.one if isinstance(classifier, Together) else classifier
    assert isinstance(one, OnnxClassifier)
    return int(one._opened.session.get_session_options().intra_op_num_threads)


def test_a_long_run_gets_a_thread_for_each_of_its_callers(tmp_path: Path) -> None:
    counting = CountingPreparer()
    source = ActiveClassifier(_catalog(tmp_path), counting, lambda: "cpu", threads=lambda: 3)
    short = TogetherSource(source).get()
    assert isinstance(short, Together)
    assert (_threads(short), short.at_once) == (3, 1)
    with source.long_run(), source.long_run():
        shared = TogetherSource(source).get()
        assert isinstance(shared, Together)
        assert (_threads(shared), shared.at_once) == (1, 3)
        assert source.get() is shared.one  # one session at a time
        assert TogetherSource(source).get() is shared
    assert _threads(source.get()) == 3
    assert counting.calls == 3


def test_a_network_that_mixes_films_up_gets_one_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def first_for_all(
        self: OnnxClassifier, tensors: Sequence[NDArray[np.float32]]
    ) -> list[NetworkAnswer]:
        return [self.run(tensors[0])] * len(tensors)

    monkeypatch.setattr(OnnxClassifier, "run_all", first_for_all)
    source = ActiveClassifier(_catalog(tmp_path), prepare, lambda: "cpu")
    assert TogetherSource(source).get() is source.get()


def test_a_pinned_model_ignores_the_active_one(tmp_path: Path) -> None:
    source = ActiveClassifier(_catalog(tmp_path), prepare, lambda: "cpu", "b-second")
    assert source.get().model.id == "b-second"


def test_a_wrong_golden_answer_makes_the_model_unavailable(tmp_path: Path) -> None:
    catalog = _catalog(tmp_path)
    manifest = tmp_path / "models" / "a-first" / "manifest.toml"
    text = manifest.read_text(encoding="utf-8")
    start = text.index("logits = [") + len("logits = [")
    end = text.index("]", start)
    logits = [float(part) for part in text[start:end].replace("\n", "").split(",") if part.strip()]
    wrong = ", ".join(str(value + 2e-4) for value in logits)
    manifest.write_text(text[:start] + wrong + text[end:], encoding="utf-8")
    with pytest.raises(ModelUnavailable, match="known answer"):
        ActiveClassifier(catalog, prepare, lambda: "cpu").get()


def test_a_damaged_model_is_tried_again_after_it_was_repaired(tmp_path: Path) -> None:
    catalog = _catalog(tmp_path)
    model = tmp_path / "models" / "a-first" / "model.onnx"
    sound = model.read_bytes()
    model.write_bytes(sound[:-1])
    source = ActiveClassifier(catalog, prepare, lambda: "cpu")
    with pytest.raises(ModelUnavailable, match="damaged or was replaced"):
        source.get()
    model.write_bytes(sound)
    assert source.get().model.id == "a-first"


def test_no_pack_is_one_sentence(tmp_path: Path) -> None:
    source = ActiveClassifier(ModelCatalog(tmp_path / "a", tmp_path / "b"), prepare, lambda: "cpu")
    with pytest.raises(ModelUnavailable, match="No model"):
        source.get()


def test_the_golden_film_keeps_its_depth(tmp_path: Path) -> None:
    np.save(tmp_path / "film.npy", np.array([[0, 65535], [32768, 1]], dtype=np.uint16))
    film = read_golden_film(tmp_path / "film.npy")
    assert film.bits == 16
    assert film.pixels[1, 0] == pytest.approx(32768 / 65535)


@pytest.mark.parametrize(
    "array",
    [
        np.zeros((2, 2, 3), np.uint8),
        np.zeros((2, 2), np.float32),
        np.zeros((0, 4), np.uint8),
        np.zeros((1, 5000), np.uint8),
    ],
)
def test_a_golden_film_of_another_kind_is_refused(tmp_path: Path, array: np.ndarray) -> None:
    np.save(tmp_path / "film.npy", array)
    with pytest.raises(ModelUnavailable, match="test film"):
        read_golden_film(tmp_path / "film.npy")


def test_a_golden_file_that_is_cut_or_a_pickle_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "film.npy"
    np.save(path, np.zeros((20, 20), np.uint8))
    path.write_bytes(path.read_bytes()[:-50])
    with pytest.raises(ModelUnavailable, match="test film"):
        read_golden_film(path)
    np.save(path, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    with pytest.raises(ModelUnavailable, match="test film"):
        read_golden_film(path)
    with pytest.raises(ModelUnavailable, match="test film"):
        read_golden_film(tmp_path / "missing.npy")
