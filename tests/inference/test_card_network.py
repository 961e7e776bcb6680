"""The fast mode of a graphics card, on the processor: no card was at hand.

The graph in 16 bits and the bound input and outputs are the real ones; only where they lie differs.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from cxr_desktop import locations
from cxr_desktop.domain.errors import ModelUnavailable
from cxr_desktop.imaging.preprocess import prepare
from cxr_desktop.inference import fast_mode
from cxr_desktop.inference.card_network import CardNetwork
from cxr_desktop.inference.fast_mode import FastClassifier, FastMode
from cxr_desktop.inference.fast_network import NoFastMode
from cxr_desktop.inference.half_graph import LARGEST, NotHalved, halved
from cxr_desktop.inference.network import NetworkAnswer
from cxr_desktop.inference.onnx_classifier import OnnxClassifier
from cxr_desktop.inference.pack import Pack, open_pack
from cxr_desktop.inference.session import OpenSession
from cxr_desktop.inference.source import load_classifier
from cxr_desktop.wiring.fast_mode import drawn_films
from tests.support.packs import SIDE, Tail, make_pack, tiny_network

SHAPE = (1, 3, SIDE, SIDE)
TAILS = [
    Tail(),
    Tail(pool="ReduceMean"),
    Tail(flatten="Reshape", linear="MatMul"),
]


def pack_at(folder: Path) -> Pack:
    return open_pack(make_pack(folder, features=True))


def card_of(pack: Pack, exact: OnnxClassifier) -> CardNetwork:
    return CardNetwork(pack.model_bytes(), exact.ports, 2, SHAPE, device="CPU")


def films(count: int) -> list[NDArray[np.float32]]:
    rng = np.random.default_rng(5)
    return [rng.normal(0, 1, SHAPE).astype(np.float32) for _ in range(count)]


def formats(content: bytes) -> set[int]:
    """Return the number formats of all weights."""
    return {tensor.data_type for tensor in onnx.load_model_from_string(content).graph.initializer}


@pytest.mark.parametrize("tail", TAILS)
def test_inside_all_is_16_bits_and_outside_32(tail: Tail) -> None:
    content = halved(tiny_network(tail=tail))
    model = onnx.load_model_from_string(content)
    onnx.checker.check_model(model, full_check=True)  # formats of all layers fit each other
    assert TensorProto.FLOAT not in formats(content)
    for value in (*model.graph.input, *model.graph.output):
        assert value.type.tensor_type.elem_type == TensorProto.FLOAT


def test_weights_that_the_file_keeps_in_16_bits_are_not_made_32(tmp_path: Path) -> None:
    model = onnx.load_model_from_string(tiny_network())
    kernel = next(one for one in model.graph.initializer if one.name == "kernel")
    values = numpy_helper.to_array(kernel).astype(np.float16)
    kernel.CopyFrom(numpy_helper.from_array(values, "kernel.half"))
    cast = helper.make_node("Cast", ["kernel.half"], ["kernel"], to=TensorProto.FLOAT)
    model.graph.node.insert(0, cast)
    half = onnx.load_model_from_string(halved(model.SerializeToString()))
    onnx.checker.check_model(half, full_check=True)
    casts = {
        node.output[0]: node.attribute[0].i for node in half.graph.node if node.op_type == "Cast"
    }
    assert casts["kernel"] == TensorProto.FLOAT16
    assert [name for name, kind in casts.items() if kind == TensorProto.FLOAT] == ["output0"]


def test_an_unknown_layer_is_named_and_nothing_is_guessed() -> None:
    with pytest.raises(NotHalved, match="GlobalMaxPool"):
        halved(tiny_network(tail=Tail(pool="GlobalMaxPool")))


def test_a_weight_that_16_bits_cannot_hold_is_said() -> None:
    assert halved(tiny_network(scale=LARGEST * 0.9))
    with pytest.raises(NotHalved, match="too large"):
        halved(tiny_network(scale=LARGEST * 1.1))


def test_each_film_gets_its_own_answer_close_to_that_of_32_bits(tmp_path: Path) -> None:
    pack = pack_at(tmp_path)
    exact = load_classifier(pack, prepare, "cpu")
    card, different = card_of(pack, exact), films(4)
    told = [card.run(film) for film in different]  # the first ones are looked at after the last
    for film, answer in zip(different, told, strict=True):
        wanted = exact.run(film)
        assert answer.logits == pytest.approx(wanted.logits, abs=5e-3)
        assert answer.cam == pytest.approx(wanted.cam, abs=2e-2)
        assert answer.features == pytest.approx(wanted.features, abs=2e-3)
        assert not np.array_equal(answer.logits, wanted.logits)  # it was not the same arithmetic
    assert len({answer.logits[1] for answer in told}) == len(told)


def test_a_third_party_file_gets_its_map_there_too(tmp_path: Path) -> None:
    content = tiny_network()
    pack = pack_at(tmp_path)
    exact = load_classifier(pack, prepare, "cpu")
    ports = OnnxClassifier(pack.manifest, content, "cpu").ports
    film = films(1)[0]
    answer = CardNetwork(content, ports, 2, SHAPE, device="CPU").run(film)
    assert answer.cam == pytest.approx(exact.run(film).cam, abs=2e-2)


def test_a_card_that_cannot_load_it_is_said(tmp_path: Path) -> None:
    pack = pack_at(tmp_path)
    exact = load_classifier(pack, prepare, "cpu")
    with pytest.raises(NoFastMode, match="the graphics card cannot load it"):
        CardNetwork(pack.model_bytes(), exact.ports, 2, SHAPE, device="CUDA")


def on_a_card(exact: OnnxClassifier) -> OnnxClassifier:
    exact._opened = OpenSession(exact._opened.session, "CUDA")
    return exact


MODE = FastMode(lambda: True, drawn_films, lambda _: None)


def test_on_a_card_the_fast_mode_is_float16_and_the_exam_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = pack_at(tmp_path)
    exact = on_a_card(load_classifier(pack, prepare, "cpu"))
    monkeypatch.setattr(fast_mode, "LEAST_GAIN", 0.0)  # the processor is slower in 16 bits
    monkeypatch.setattr(
        fast_mode,
        "CardNetwork",
        lambda content, ports, labels, shape, _device: CardNetwork(
            content, ports, labels, shape, "CPU"
        ),
    )
    classifier = MODE.of(exact, pack, prepare, 0)
    assert isinstance(classifier, FastClassifier)
    assert classifier.device == "CUDA, float16"
    assert classifier.proof.change <= fast_mode.MOST_CHANGE
    assert classifier.proof.films == len(drawn_films()) + (pack.manifest.golden is not None)


def test_what_fails_on_a_test_film_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Failing:
        def __init__(self, *_words: object) -> None:
            pass

        def run(self, _film: NDArray[np.float32]) -> NetworkAnswer:
            raise ModelUnavailable("The model failed on this film.")

    pack = pack_at(tmp_path)
    exact = on_a_card(load_classifier(pack, prepare, "cpu"))
    monkeypatch.setattr(fast_mode, "CardNetwork", Failing)
    with pytest.raises(NoFastMode, match="failed on a test film"):
        MODE.of(exact, pack, prepare, 0)


@pytest.mark.slow
def test_the_shipped_model_in_16_bits_answers_as_in_32() -> None:
    pack = open_pack(locations.models_folder() / "chest-yolov5x")
    exact = load_classifier(pack, prepare, "cpu")
    spec = exact.input_spec
    card = CardNetwork(pack.model_bytes(), exact.ports, 2, (1, 3, spec.height, spec.width), "CPU")
    for film in drawn_films():
        tensor = prepare(film, spec).tensor
        quick, wanted = card.run(tensor), exact.run(tensor)
        change = abs(exact.probability(quick.logits) - exact.probability(wanted.logits))
        assert change < 1e-3
        assert quick.cam == pytest.approx(wanted.cam, abs=1e-2)
