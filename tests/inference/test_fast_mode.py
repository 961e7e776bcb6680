"""The fast mode: chosen by a test, exact where it matters, silent, and absent with a sentence."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cxr_desktop.domain.assessment import ModelRef, OperatingPoints
from cxr_desktop.domain.errors import FilmRefused, ModelUnavailable
from cxr_desktop.domain.model_input import FilmRegion, ModelInput
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.imaging.preprocess import prepare
from cxr_desktop.inference import fast_network
from cxr_desktop.inference.catalog import ModelCatalog
from cxr_desktop.inference.fast_mode import FastClassifier, FastMode, Proof, tried
from cxr_desktop.inference.fast_network import NoFastMode
from cxr_desktop.inference.network import NetworkAnswer
from cxr_desktop.inference.onnx_classifier import OnnxClassifier
from cxr_desktop.inference.pack import open_pack
from cxr_desktop.inference.source import ActiveClassifier, load_classifier
from cxr_desktop.wiring.fast_mode import drawn_films
from tests.support.packs import SIDE, make_pack, tiny_gate

ROOT = Path(__file__).resolve().parents[2]
PROOF = Proof(2.0, 0.001, 7)
Shift = Callable[[NetworkAnswer], NetworkAnswer]


def film(grey: float) -> ModelInput:
    """Give a film of one grey, as the model reads it."""
    return ModelInput(np.full((1, 3, SIDE, SIDE), grey, np.float32), FilmRegion(0, 0, SIDE, SIDE))


def shifted(by: float) -> Shift:
    """Give what moves the log-odds of abnormal."""
    return lambda answer: replace(answer, logits=answer.logits + np.array([0.0, by]))


class ShiftedNetwork:
    """Stands for bfloat16: the exact network, whose answer is then moved."""

    arithmetic = "bfloat16"

    def __init__(self, exact: OnnxClassifier, shift: Shift) -> None:
        self._exact = exact
        self._shift = shift

    def run(self, tensor: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> NetworkAnswer:
        """Run and move."""
        return self._shift(self._exact.run(tensor))


@pytest.fixture
def exact(tmp_path: Path) -> OnnxClassifier:
    return load_classifier(open_pack(make_pack(tmp_path / "packs")), prepare, "cpu")


def none_of_its_own(_model: ModelRef) -> OperatingPoints | None:
    return None


def moved(
    exact: OnnxClassifier,
    shift: Shift,
    own: Callable[[ModelRef], OperatingPoints | None] = none_of_its_own,
) -> FastClassifier:
    return FastClassifier(exact, ShiftedNetwork(exact, shift), PROOF, own)


def grey_for(exact: OnnxClassifier, probability: float) -> float:
    """Find the grey that the tiny network gives that probability."""
    low, high = -2.0, 2.0
    for _ in range(60):
        middle = (low + high) / 2
        answer = exact.run(film(middle).tensor)
        low, high = (
            (middle, high) if exact.probability(answer.logits) < probability else (low, middle)
        )
    return low


def test_far_from_a_cut_the_fast_answer_is_told_and_says_so(exact: OnnxClassifier) -> None:
    sure = film(grey_for(exact, 0.5))
    told = moved(exact, shifted(0.01)).assess(sure)
    assert told.device == "CPU, bfloat16"
    assert told.probability != exact.assess(sure).probability
    assert told.probability == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize("cut", [0.3, 0.7])
@pytest.mark.parametrize("by", [-0.02, 0.02])
def test_at_a_cut_the_exact_answer_is_told_and_says_so(
    exact: OnnxClassifier, cut: float, by: float
) -> None:
    for beside in (-0.004, -0.001, 0.001, 0.004):
        close = film(grey_for(exact, cut + beside))
        told, wanted = moved(exact, shifted(by)).assess(close), exact.assess(close)
        assert told.device == "CPU"
        assert told.probability == wanted.probability
        assert told.verdict == wanted.verdict


def test_the_hospitals_own_cuts_are_looked_at_twice_too(exact: OnnxClassifier) -> None:
    close = film(grey_for(exact, 0.5))
    own = OperatingPoints(0.2, 0.505)
    assert moved(exact, shifted(0.01), lambda _: own).assess(close).device == "CPU"


def test_what_the_fast_answers_gate_refuses_is_looked_at_twice(tmp_path: Path) -> None:
    pack = open_pack(make_pack(tmp_path, features=True, gate=tiny_gate("other")))
    exact = load_classifier(pack, prepare, "cpu")
    good, bad = film(0.3), film(-1.5)
    if exact.gate_margin(good, exact.run(good.tensor)) < 0:
        good, bad = bad, good
    of_the_bad = exact.run(bad.tensor).features
    assert exact.gate_margin(bad, exact.run(bad.tensor)) < 0
    told = moved(exact, lambda answer: replace(answer, features=of_the_bad)).assess(good)
    assert (told.device, told.probability) == ("CPU", exact.assess(good).probability)
    with pytest.raises(FilmRefused):
        moved(exact, lambda answer: answer).assess(bad)


def test_an_answer_that_is_no_number_is_given_in_fp32(exact: OnnxClassifier) -> None:
    def none(_answer: NetworkAnswer) -> NetworkAnswer:
        raise ModelUnavailable("The model gave no usable number for this film.")

    sure = film(grey_for(exact, 0.5))
    told = moved(exact, none).assess(sure)
    assert (told.device, told.probability) == ("CPU", exact.assess(sure).probability)


def test_answers_that_differ_too_much_are_not_used(exact: OnnxClassifier) -> None:
    network = ShiftedNetwork(exact, shifted(0.1))
    with pytest.raises(NoFastMode, match="differ too much"):
        tried(exact, network, [film(grey_for(exact, 0.5))], none_of_its_own)


def test_what_is_hardly_quicker_is_not_used(exact: OnnxClassifier) -> None:
    network = ShiftedNetwork(exact, shifted(0.0))
    with pytest.raises(NoFastMode, match="hardly quicker"):
        tried(exact, network, [film(0.0)], none_of_its_own)


def source(folder: Path, *, wanted: bool) -> ActiveClassifier:
    make_pack(folder / "models", "tiny")
    catalog = ModelCatalog(folder / "models", folder / "own")
    mode = FastMode(lambda: wanted, drawn_films, none_of_its_own)
    return ActiveClassifier(catalog, prepare, lambda: "cpu", fast=mode)


def test_without_openvino_the_model_runs_as_ever_and_a_sentence_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "openvino", None)
    classifier = source(tmp_path, wanted=True).get()
    assert classifier.device == "CPU"
    assert classifier.notice == "The fast mode is not used: OpenVINO is not installed."


def test_on_a_processor_without_bfloat16_a_sentence_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class OldProcessor:
        class Core:
            def get_property(self, _device: str, _name: str) -> list[str]:
                return ["FP32", "INT8"]

    monkeypatch.setattr(fast_network, "_openvino", lambda: OldProcessor)
    classifier = source(tmp_path, wanted=True).get()
    assert classifier.device == "CPU"
    assert "no bfloat16" in classifier.notice


def test_it_is_not_even_loaded_unless_it_is_wanted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fast_network, "_openvino", lambda: pytest.fail("it was loaded"))
    classifier = source(tmp_path, wanted=False).get()
    assert (classifier.device, classifier.notice) == ("CPU", "")


def test_the_drawn_films_are_what_they_are_every_time() -> None:
    first, again = drawn_films(), drawn_films()
    assert len(first) == 6
    assert all(isinstance(one, Radiograph) for one in first)
    for one, other in zip(first, again, strict=True):
        assert np.array_equal(one.pixels, other.pixels)


# With the package itself, where it is installed and the processor has bfloat16.

REAL = """
import sys

def no_network(event, _arguments):
    if event.startswith("socket."):
        raise AssertionError(event)

sys.addaudithook(no_network)
from pathlib import Path
from cxr_desktop import locations
from cxr_desktop.imaging.preprocess import prepare
from cxr_desktop.inference import fast_mode
from cxr_desktop.inference.catalog import ModelCatalog
from cxr_desktop.inference.fast_mode import FastClassifier, FastMode
from cxr_desktop.inference.source import ActiveClassifier
from cxr_desktop.wiring.fast_mode import drawn_films

fast_mode.LEAST_GAIN = 0.0  # a busy machine says nothing of speed
catalog = ModelCatalog(locations.models_folder(), Path("none"))
mode = FastMode(lambda: True, drawn_films, lambda _: None)
classifier = ActiveClassifier(catalog, prepare, lambda: "cpu", fast=mode).get()
assert isinstance(classifier, FastClassifier), classifier.notice
assert not [name for name, module in sys.modules.items()
            if name.startswith("openvino_telemetry") and module is not None]
for film in drawn_films():
    told = classifier.assess(prepare(film, classifier.input_spec))
    wanted = classifier.exact.assess(prepare(film, classifier.input_spec))
    assert abs(told.probability - wanted.probability) <= 0.01, (told, wanted)
    assert told.verdict == wanted.verdict
    assert abs(told.heat_map.values - wanted.heat_map.values).max() < 0.5
print(classifier.device, classifier.proof.sentence)
"""


def has_bfloat16() -> bool:
    try:
        return fast_network.CAPABILITY in fast_network._openvino().Core().get_property(
            "CPU", "OPTIMIZATION_CAPABILITIES"
        )
    except NoFastMode:
        return False


@pytest.mark.slow
def test_the_real_one_answers_as_fp32_does_and_opens_no_socket() -> None:
    if not has_bfloat16():
        pytest.skip("OpenVINO is not installed, or the processor has no bfloat16")
    ended = subprocess.run(
        [sys.executable, "-c", REAL], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.startswith("CPU, bfloat16 Fast mode: ")
