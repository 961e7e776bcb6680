import numpy as np
import onnxruntime
import pytest
from numpy.typing import NDArray

from cxr_desktop.domain.errors import ModelUnavailable
from cxr_desktop.inference.class_activation import with_class_activation
from tests.support.packs import BIAS, SIDE, Tail, tiny_network


def _run(content: bytes, films: NDArray[np.float32]) -> list[NDArray[np.float32]]:
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    return [np.asarray(output) for output in session.run(None, {"images": films})]


def _films(number: int) -> NDArray[np.float32]:
    return np.random.default_rng(1).normal(0, 1, (number, 3, SIDE, SIDE)).astype(np.float32)


@pytest.mark.parametrize(
    "tail",
    [
        Tail(),
        Tail(flatten="Reshape"),
        Tail(pool="ReduceMean"),
        Tail(linear="MatMul"),
        Tail("ReduceMean", "Reshape", "MatMul"),
    ],
)
@pytest.mark.parametrize("labels", [2, 3])
def test_the_map_averages_to_the_logit_exactly(tail: Tail, labels: int) -> None:
    edited = with_class_activation(tiny_network(labels, tail=tail))
    assert edited is not None
    logits, cam = _run(edited, _films(1))
    bias = np.linspace(-BIAS, BIAS, labels)
    assert cam.shape == (1, labels, SIDE // 4, SIDE // 4)
    assert cam.std() > 0.01
    np.testing.assert_allclose(cam.mean(axis=(2, 3)) + bias, logits, atol=2e-6)


def test_the_edit_keeps_the_logits() -> None:
    content = tiny_network()
    edited = with_class_activation(content)
    assert edited is not None
    np.testing.assert_array_equal(_run(edited, _films(1))[0], _run(content, _films(1))[0])


def test_the_edit_frees_a_fixed_batch() -> None:
    edited = with_class_activation(tiny_network(batch=1))
    assert edited is not None
    assert _run(edited, _films(3))[0].shape == (3, 2)


def test_a_network_that_ends_otherwise_gets_no_map() -> None:
    assert with_class_activation(tiny_network(tail=Tail(pool="GlobalMaxPool"))) is None


@pytest.mark.parametrize("content", [b"", b"not an onnx file at all", b"\x08\x08"])
def test_bytes_that_are_no_model_are_refused(content: bytes) -> None:
    with pytest.raises(ModelUnavailable):
        with_class_activation(content)
