"""A network's graph in 16-bit floating point (IEEE binary16), for graphics cards.

Input and outputs stay 32 bits, so whoever runs it needs not know. Only graphs of layers of which
each takes and gives one number format are rewritten; of others nothing is guessed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from cxr_desktop.inference.class_activation import parse_model

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto, TensorProto

# fmt: off
LAYERS = frozenset({
    "Add", "AveragePool", "Cast", "Clip", "Concat", "Constant", "Conv", "Dropout", "Flatten",
    "Gemm", "GlobalAveragePool", "HardSigmoid", "HardSwish", "Identity", "LeakyRelu", "MatMul",
    "MaxPool", "Mul", "ReduceMean", "Relu", "Reshape", "Sigmoid", "Squeeze", "Sub", "Tanh",
    "Unsqueeze",
})
# fmt: on
"""Layers whose floating-point inputs and outputs all have the same format (ONNX operators)."""
LARGEST = float(np.finfo(np.float16).max)


class NotHalved(Exception):
    """Why a graph has no such twin, to stand behind a colon."""


def halved(model_bytes: bytes) -> bytes:
    """Return the model with everything between input and outputs in float16.

    Raises `NotHalved` for layers that are not known, inner graphs, weights that float16 cannot
    hold, and a model that has no floating-point input; `ModelUnavailable` for no ONNX model.
    """
    from onnx import TensorProto, helper  # noqa: PLC0415 - a fifth of a second, as `parse_model`

    model = parse_model(model_bytes)
    graph = model.graph
    strange = {node.op_type for node in graph.node} - LAYERS
    names = ", ".join(sorted(strange)) or "of another domain"
    if strange or any(node.domain for node in graph.node):
        raise NotHalved(f"the model has layers that were not tried in 16 bits ({names})")
    for tensor in _constants(model):
        _halve(tensor)
    for node in graph.node:
        _cast_to_half(node)
    first, last = [], []
    for value in graph.input:
        if value.type.tensor_type.elem_type == TensorProto.FLOAT:
            inner = f"{value.name}.half"
            _rename(model, value.name, inner, outputs=False)
            first.append(helper.make_node("Cast", [value.name], [inner], to=TensorProto.FLOAT16))
    for value in graph.output:
        inner = f"{value.name}.half"
        _rename(model, value.name, inner, outputs=True)
        last.append(helper.make_node("Cast", [inner], [value.name], to=TensorProto.FLOAT))
    nodes = [*first, *graph.node, *last]
    del graph.node[:]
    graph.node.extend(nodes)
    del graph.value_info[:]  # they tell the old format
    return bytes(model.SerializeToString())


def _constants(model: ModelProto) -> list[TensorProto]:
    inside = [
        attribute.t
        for node in model.graph.node
        if node.op_type == "Constant"
        for attribute in node.attribute
        if attribute.name == "value"
    ]
    return [*model.graph.initializer, *inside]


def _halve(tensor: TensorProto) -> None:
    from onnx import numpy_helper  # noqa: PLC0415 - see `halved`

    values: Any = numpy_helper.to_array(tensor)
    if values.dtype != np.float32:
        return
    if values.size and float(np.abs(values).max()) > LARGEST:
        raise NotHalved("the model has weights that are too large for 16 bits")
    tensor.CopyFrom(numpy_helper.from_array(values.astype(np.float16), tensor.name))


def _cast_to_half(node: NodeProto) -> None:
    """Let a cast to 32 bits be one to 16: the runtime takes away what changes nothing."""
    from onnx import TensorProto  # noqa: PLC0415 - see `halved`

    for attribute in node.attribute:
        if node.op_type == "Cast" and attribute.i == TensorProto.FLOAT:
            attribute.i = TensorProto.FLOAT16


def _rename(model: ModelProto, name: str, other: str, *, outputs: bool) -> None:
    """Let nodes read a tensor, and with `outputs` make it, under another name."""
    for node in model.graph.node:
        node.input[:] = [other if one == name else one for one in node.input]
        if outputs:
            node.output[:] = [other if one == name else one for one in node.output]
