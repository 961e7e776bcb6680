"""Give a third-party export the second output `cam`, exactly, by editing its graph.

A network that ends in global average pooling and one linear layer has
``logit_k = mean over cells of CAM_k + b_k`` with ``CAM_k = sum over c of W[k, c] * feature[c]``
(Zhou et al., CVPR 2016): a 1x1 convolution with the linear layer's weights on the tensor that
feeds the pool. The tail is found by walking back from the output:
``Gemm <- Flatten | Reshape | Squeeze <- GlobalAveragePool | ReduceMean`` (Identity and
Dropout are stepped over).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.errors import ModelUnavailable

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto

CAM_OUTPUT = "cam"
_PASSED = frozenset({"Identity", "Dropout"})
_FLATTENERS = frozenset({"Flatten", "Reshape", "Squeeze"})
_POOLS = frozenset({"GlobalAveragePool", "ReduceMean"})


def with_class_activation(model_bytes: bytes) -> bytes | None:
    """Return the model with an output `cam` (N, labels, h, w) and a free batch size.

    Returns None when the network does not end in a pool and a linear layer, for which there is no
    exact map. Raises `ModelUnavailable` for bytes that are no ONNX model.
    """
    model = parse_model(model_bytes)
    tail = _find_tail(model)
    if tail is None or any(CAM_OUTPUT in node.output for node in model.graph.node):
        return None
    feature, weights = tail
    _add_output(model, feature, weights)
    _free_batch(model)
    edited: bytes = model.SerializeToString()
    return edited


def parse_model(model_bytes: bytes) -> ModelProto:
    """Parse an ONNX file. Raises `ModelUnavailable`."""
    # onnx takes a fifth of a second to import, and only third-party files need it.
    from google.protobuf.message import (  # type: ignore[import-untyped] # noqa: PLC0415 - with onnx
        DecodeError,
    )
    from onnx import load_model_from_string  # noqa: PLC0415 - see above

    try:
        model: ModelProto = load_model_from_string(model_bytes)
    except DecodeError as error:
        raise ModelUnavailable(
            "The file is not an ONNX model.", hint="Choose a file that ends in .onnx."
        ) from error
    if not model.graph.node or not model.graph.output:
        raise ModelUnavailable("The file holds no network.", hint="Export the model to ONNX again.")
    return model


def _find_tail(model: ModelProto) -> tuple[str, NDArray[np.float32]] | None:
    """Return (name of the tensor that feeds the pool, weights (labels, channels))."""
    makers = {name: node for node in model.graph.node for name in node.output}
    gemm = _maker(model.graph.output[0].name, makers)
    if gemm is None or gemm.op_type not in {"Gemm", "MatMul"}:
        gemm = _linear_under_bias(gemm, makers)
    if gemm is None:
        return None
    weights = _linear_weights(model, gemm)
    flat = _maker(gemm.input[0], makers)
    if flat is not None and flat.op_type in _FLATTENERS:
        flat = _maker(flat.input[0], makers)
    if weights is None or flat is None or not _is_global_mean(model, flat):
        return None
    return flat.input[0], weights


def _maker(name: str, makers: dict[str, NodeProto]) -> NodeProto | None:
    """Return the node that computes a tensor, stepping over nodes that change nothing."""
    node = makers.get(name)
    while node is not None and node.op_type in _PASSED:
        node = makers.get(node.input[0])
    return node


def _linear_under_bias(node: NodeProto | None, makers: dict[str, NodeProto]) -> NodeProto | None:
    """Find the linear layer that is written as MatMul, then Add of the bias."""
    if node is None or node.op_type != "Add":
        return None
    made = [_maker(name, makers) for name in node.input]
    linear = [m for m in made if m is not None and m.op_type == "MatMul"]
    return linear[0] if len(linear) == 1 else None


def _constant(model: ModelProto, name: str) -> NDArray[Any] | None:
    from onnx import numpy_helper  # noqa: PLC0415 - see parse_model

    for tensor in model.graph.initializer:
        if tensor.name == name:
            return np.asarray(numpy_helper.to_array(tensor))
    for node in model.graph.node:
        if node.op_type == "Constant" and name in node.output:
            for attribute in node.attribute:
                if attribute.name == "value":
                    return np.asarray(numpy_helper.to_array(attribute.t))
    return None


def _linear_weights(model: ModelProto, linear: NodeProto) -> NDArray[np.float32] | None:
    """Return W as (labels, channels) float32; None when it is no plain constant float matrix."""
    matrix = _constant(model, linear.input[1])
    if matrix is None or matrix.ndim != 2 or matrix.dtype != np.float32:
        return None
    settings = {a.name: (a.i, a.f) for a in linear.attribute}
    if settings.get("transA", (0, 0.0))[0]:
        return None
    if not settings.get("transB", (0, 0.0))[0]:
        matrix = matrix.T
    alpha = settings["alpha"][1] if "alpha" in settings else 1.0
    return np.ascontiguousarray(matrix * np.float32(alpha), dtype=np.float32)


def _is_global_mean(model: ModelProto, node: NodeProto) -> bool:
    """Whether the node averages over height and width of (N, C, h, w), and nothing else."""
    if node.op_type == "GlobalAveragePool":
        return True
    if node.op_type not in _POOLS:
        return False
    axes = next((list(a.ints) for a in node.attribute if a.name == "axes"), None)
    if axes is None and len(node.input) > 1:
        constant = _constant(model, node.input[1])
        axes = None if constant is None else [int(axis) for axis in constant.ravel()]
    return axes is not None and sorted(axis % 4 for axis in axes) == [2, 3]


def _add_output(model: ModelProto, feature: str, weights: NDArray[np.float32]) -> None:
    from onnx import TensorProto, helper, numpy_helper  # noqa: PLC0415 - see parse_model

    kernel = numpy_helper.from_array(weights[:, :, None, None], "cam_weights")
    model.graph.initializer.append(kernel)
    model.graph.node.append(helper.make_node("Conv", [feature, "cam_weights"], [CAM_OUTPUT]))
    shape = ["batch", weights.shape[0], "cam_rows", "cam_columns"]
    model.graph.output.append(helper.make_tensor_value_info(CAM_OUTPUT, TensorProto.FLOAT, shape))


def _free_batch(model: ModelProto) -> None:
    """Let the batch be of any size; stale shapes inside would contradict it."""
    del model.graph.value_info[:]
    for value in (model.graph.input[0], *model.graph.output):
        dimensions = value.type.tensor_type.shape.dim
        if dimensions:
            dimensions[0].dim_param = "batch"
