"""Exact zeros are left out, the answer stays, and any other network stays as it is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from cxr_desktop import locations
from cxr_desktop.inference.lean_graph import without_zeros

ROWS = 12
Array = NDArray[Any]


@dataclass
class Network:
    """A network that is written layer by layer; `images` has `width` channels."""

    width: int = 16
    nodes: list[onnx.NodeProto] = field(default_factory=list)
    constants: dict[str, Array] = field(default_factory=dict)
    seed: int = 1

    def __post_init__(self) -> None:
        self.random = np.random.default_rng(self.seed)

    def add(self, kind: str, *inputs: str, **settings: Any) -> str:
        """Add a layer and return its output's name."""
        name = f"{kind.lower()}{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], **settings))
        return name

    def constant(self, values: Array) -> str:
        """Add a constant and return its name."""
        name = f"constant{len(self.constants)}"
        self.constants[name] = values
        return name

    def conv(self, source: str, weights: Array, bias: Array | None = None, **settings: Any) -> str:
        """Add a convolution that keeps the size unless `settings` say otherwise."""
        settings.setdefault("pads", [(side - 1) // 2 for side in weights.shape[2:]] * 2)
        names = [self.constant(weights)]
        if bias is not None:
            names.append(self.constant(bias))
        return self.add("Conv", source, *names, **settings)

    def silu(self, source: str) -> str:
        """Add x * sigmoid(x)."""
        return self.add("Mul", source, self.add("Sigmoid", source))

    def some(self, outputs: int, inputs: int, side: int = 3) -> Array:
        """Return weights without a zero."""
        return self.random.normal(0, 0.2, (outputs, inputs, side, side)).astype(np.float32)

    def blocks(self, outputs: int, inputs: int, groups: int, side: int = 3) -> Array:
        """Return weights of blocks on the diagonal; the zeros are of both signs."""
        diagonal = np.kron(np.eye(groups), np.ones((outputs // groups, inputs // groups)))
        weights = self.some(outputs, inputs, side)
        only: Array = weights * diagonal[:, :, None, None]  # -0.0 among them
        return only.astype(np.float32)

    def content(self, *outputs: str) -> bytes:
        """Return the file."""
        image = helper.make_tensor_value_info(
            "images", TensorProto.FLOAT, ["batch", self.width, ROWS, ROWS]
        )
        answers = [
            helper.make_tensor_value_info(one, TensorProto.FLOAT, [None] * 4) for one in outputs
        ]
        stored = [numpy_helper.from_array(value, name) for name, value in self.constants.items()]
        graph = helper.make_graph(self.nodes, "test", [image], answers, stored)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
        onnx.checker.check_model(model, full_check=True)
        return bytes(model.SerializeToString())


def answers(content: bytes, width: int = 16) -> list[Array]:
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    films = np.random.default_rng(2).normal(0, 1, (2, width, ROWS, ROWS)).astype(np.float32)
    return list(session.run(None, {"images": films}))


def layers(content: bytes) -> Counter[str]:
    return Counter(node.op_type for node in onnx.load_model_from_string(content).graph.node)


def groups(content: bytes) -> list[int]:
    """Return the groups of each convolution, in order."""
    nodes = onnx.load_model_from_string(content).graph.node
    told = [{one.name: one.i for one in node.attribute} for node in nodes if node.op_type == "Conv"]
    return [settings.get("group", 1) for settings in told]


def lean_of(content: bytes, width: int = 16) -> bytes:
    """Return the lean file, after looking that it answers the same."""
    lean = without_zeros(content)
    onnx.checker.check_model(onnx.load_model_from_string(lean), full_check=True)
    for told, wanted in zip(answers(lean, width), answers(content, width), strict=True):
        assert told.shape == wanted.shape
        assert np.abs(told - wanted).max() < 1e-5 * max(1.0, np.abs(wanted).max())
    return lean


def test_blocks_on_the_diagonal_become_groups() -> None:
    net = Network(width=48)
    hidden = net.silu(net.conv("images", net.blocks(24, 48, 3), net.random.random(24, np.float32)))
    content = net.content(net.conv(hidden, net.blocks(48, 24, 3, side=1)))
    lean = lean_of(content, width=48)
    assert groups(lean) == [3, 3]
    assert len(lean) < len(content)


def test_a_stride_and_a_dilation_stay() -> None:
    net = Network()
    settings: dict[str, Any] = {"strides": [2, 2], "dilations": [2, 2], "pads": [1, 2, 1, 2]}
    assert groups(lean_of(net.content(net.conv("images", net.blocks(32, 16, 2), **settings)))) == [
        2
    ]


@pytest.mark.parametrize("row, column", [(0, 15), (15, 0), (7, 8), (8, 7)])
def test_one_number_off_the_diagonal_keeps_a_convolution_whole(row: int, column: int) -> None:
    net = Network()
    weights = net.blocks(16, 16, 2)
    weights[row, column, 1, 1] = 1e-30
    content = net.content(net.conv("images", weights))
    assert without_zeros(content) == content


def test_narrow_blocks_are_not_worth_it() -> None:
    net = Network()
    content = net.content(net.conv("images", net.blocks(16, 16, 4)))
    assert groups(lean_of(content)) == [
        2
    ]  # blocks of 4 channels: two of them together are one of 8
    net = Network(width=8)
    content = net.content(net.conv("images", net.blocks(8, 8, 2)))
    assert without_zeros(content) == content


def test_what_has_groups_already_stays() -> None:
    net = Network()
    content = net.content(net.conv("images", net.some(16, 8), group=2))
    assert without_zeros(content) == content


@pytest.mark.parametrize("bias", [None, np.zeros(16, np.float32)])
def test_a_residual_that_adds_nothing_is_not_computed(bias: Array | None) -> None:
    net = Network()
    start = net.silu(net.conv("images", net.some(16, 16)))
    branch = net.silu(net.conv(start, net.some(16, 16, side=1), net.random.random(16, np.float32)))
    nothing = net.silu(net.conv(branch, np.zeros((16, 16, 3, 3), np.float32), bias))
    total = net.add("Add", start, nothing)
    lean = lean_of(net.content(net.conv(total, net.some(16, 16))))
    assert layers(lean) == {"Conv": 2, "Sigmoid": 1, "Mul": 1}


def test_a_sum_that_is_an_answer_keeps_its_name() -> None:
    net = Network()
    nothing = net.conv("images", np.zeros((16, 16, 3, 3), np.float32))
    total = net.add("Add", nothing, "images")
    lean_of(net.content(total, net.conv(total, net.some(16, 16))))


def test_a_branch_whose_bias_is_something_stays() -> None:
    net = Network()
    bias = np.zeros(16, np.float32)
    bias[3] = 0.5
    branch = net.silu(net.conv("images", np.zeros((16, 16, 3, 3), np.float32), bias))
    content = net.content(net.add("Add", "images", branch))
    assert without_zeros(content) == content


def test_nothing_that_gives_a_sum_its_shape_stays() -> None:
    net = Network()
    pooled = net.add("GlobalAveragePool", "images")
    nothing = net.conv("images", np.zeros((16, 16, 3, 3), np.float32))
    lean_of(net.content(net.add("Relu", net.add("Add", nothing, pooled))))
    net = Network()
    one = net.conv("images", net.some(1, 16))
    nothing = net.conv(one, np.zeros((16, 1, 3, 3), np.float32))
    lean_of(net.content(net.add("Relu", net.add("Add", one, nothing))))
    net = Network()
    small = net.add("GlobalAveragePool", "images")
    grown = net.conv(small, net.some(16, 16, side=1), pads=[5, 5, 6, 6])
    nothing = net.conv(grown, np.zeros((16, 16, 1, 1), np.float32))
    lean_of(net.content(net.add("Relu", net.add("Add", small, nothing))))
    net = Network()
    small = net.add("GlobalAveragePool", "images")
    product = net.add("Mul", net.conv(small, net.some(16, 16, side=1)), net.add("Relu", "images"))
    nothing = net.conv(product, np.zeros((16, 16, 3, 3), np.float32))
    lean_of(net.content(net.add("Relu", net.add("Add", small, nothing))))
    net = Network()
    row = net.conv("images", net.some(16, 16, side=1)[:, :, :1], strides=[12, 1])
    product = net.add("Mul", row, net.add("Relu", "images"))
    nothing = net.conv(product, np.zeros((16, 16, 3, 3), np.float32))
    lean_of(net.content(net.add("Relu", net.add("Add", row, nothing))))


def test_nothing_that_others_read_stays() -> None:
    net = Network()
    nothing = net.conv("images", np.zeros((16, 16, 3, 3), np.float32))
    total = net.add("Add", "images", nothing)
    both = net.add("Concat", total, nothing, axis=1)
    assert layers(lean_of(net.content(net.conv(both, net.some(16, 32))))) == {
        "Conv": 2,
        "Concat": 1,
    }


def joined(net: Network, weights: Array, axis: int = 1) -> bytes:
    first = net.silu(net.conv("images", net.some(16, 16)))
    second = net.add("Add", first, net.silu(net.conv(first, net.some(16, 16))))
    both = net.add("Concat", second, first, axis=axis)
    return net.content(net.conv(both, weights, net.random.random(len(weights), np.float32)))


def test_blocks_that_read_two_branches_are_two_convolutions() -> None:
    net = Network()
    halves = [net.blocks(32, 16, 2, side=1), net.blocks(32, 16, 2, side=1)]
    lean = lean_of(joined(net, np.concatenate(halves, axis=1)))
    assert groups(lean) == [1, 1, 2, 2]
    assert layers(lean)["Concat"] == 0


def test_of_two_branches_with_other_blocks_it_is_the_groups_that_both_have() -> None:
    net = Network()
    halves = [net.blocks(32, 16, 2, side=1), net.some(32, 16, side=1)]
    content = joined(net, np.concatenate(halves, axis=1))
    assert without_zeros(content) == content


def test_two_branches_that_do_not_meet_in_the_middle_are_left_joined() -> None:
    net = Network()
    wide, narrow = net.conv("images", net.some(24, 16)), net.conv("images", net.some(8, 16))
    halves = [net.blocks(32, 16, 2, side=1), net.blocks(32, 16, 2, side=1)]
    both = net.add("Concat", wide, narrow, axis=1)
    content = net.content(net.conv(both, np.concatenate(halves, axis=1)))
    assert without_zeros(content) == content


def test_pictures_one_above_the_other_are_no_channels() -> None:
    net = Network()
    content = joined(net, net.blocks(16, 16, 2), axis=2)
    assert groups(lean_of(content)) == [1, 1, 2]


def test_weights_in_16_bits_and_shared_ones_are_seen_through() -> None:
    net = Network()
    weights = net.constant(net.blocks(16, 16, 2).astype(np.float16))
    cast = net.add("Cast", weights, to=TensorProto.FLOAT)
    shared = net.add("Identity", net.constant(np.zeros(16, np.float32)))
    one = net.silu(net.add("Conv", "images", cast, shared, pads=[1, 1, 1, 1]))
    again = net.add("Identity", net.constant(np.zeros((16, 16, 3, 3), np.float32)))
    nothing = net.silu(net.add("Conv", one, again, shared, pads=[1, 1, 1, 1]))
    lean = lean_of(net.content(net.add("GlobalAveragePool", net.add("Add", one, nothing))))
    assert groups(lean) == [2]
    assert layers(lean)["Cast"] == 0


def test_an_old_file_that_names_its_weights_among_the_inputs_has_one_input_still() -> None:
    net = Network()
    model = onnx.load_model_from_string(net.content(net.conv("images", net.blocks(16, 16, 2))))
    weights = helper.make_tensor_value_info("constant0", TensorProto.FLOAT, [16, 16, 3, 3])
    model.graph.input.append(weights)
    lean = onnx.load_model_from_string(lean_of(model.SerializeToString()))
    assert [one.name for one in lean.graph.input] == ["images"]


def test_weights_in_another_file_are_not_looked_for() -> None:
    net = Network()
    model = onnx.load_model_from_string(net.content(net.conv("images", net.blocks(16, 16, 2))))
    weights = model.graph.initializer[0]
    weights.ClearField("raw_data")
    weights.data_location = TensorProto.EXTERNAL
    weights.external_data.add(key="location", value="elsewhere.bin")
    content = model.SerializeToString()
    assert without_zeros(content) == content


def test_graphs_inside_of_layers_are_left_alone() -> None:
    net = Network()
    inner = helper.make_graph(
        [helper.make_node("Identity", [net.conv("images", net.blocks(16, 16, 2))], ["inside"])],
        "inner",
        [],
        [helper.make_tensor_value_info("inside", TensorProto.FLOAT, [None] * 4)],
    )
    always = net.constant(np.array(True))
    content = net.content(net.add("If", always, then_branch=inner, else_branch=inner))
    assert without_zeros(content) == content


@pytest.mark.parametrize("content", [b"", b"no model"])
def test_what_is_no_model_is_left_for_the_session_to_say(content: bytes) -> None:
    assert without_zeros(content) == content


@pytest.mark.parametrize("seed", range(30))
def test_whatever_is_zero_the_answer_stays(seed: int) -> None:
    """Networks like the family's, each with zeros of its own."""
    net = Network(seed=seed)
    pick = net.random

    def weights(outputs: int, inputs: int) -> Array:
        side = int(pick.choice([1, 3]))
        kind = pick.integers(4)
        if kind == 0:
            return np.zeros((outputs, inputs, side, side), np.float32)
        if kind == 1:
            return net.some(outputs, inputs, side)
        values = net.blocks(outputs, inputs, int(pick.choice([2, 4])), side)
        if kind == 3:
            values[pick.integers(outputs), pick.integers(inputs)] = 1.0
        return values

    def layer(source: str, outputs: int, inputs: int) -> str:
        bias = pick.choice(3)
        values = [None, np.zeros(outputs, np.float32), pick.random(outputs, np.float32)][bias]
        return net.silu(net.conv(source, weights(outputs, inputs), values))

    first, second = layer("images", 32, 16), layer("images", 32, 16)
    for _ in range(3):
        first = net.add("Add", first, layer(layer(first, 32, 32), 32, 32))
    both = net.add("Concat", *pick.permutation([first, second]), axis=1)
    lean_of(net.content(layer(both, 16, 64), first))


def test_the_shipped_model_answers_the_same_from_a_seventh_of_the_products() -> None:
    content = (locations.models_folder() / "chest-yolov5x" / "model.onnx").read_bytes()
    lean = without_zeros(content)
    assert products(lean) < products(content) / 7
    films = np.random.default_rng(4).normal(0, 1, (2, 3, 160, 160)).astype(np.float32)
    told, wanted = (
        onnxruntime.InferenceSession(one, providers=["CPUExecutionProvider"]).run(
            None, {"images": films}
        )
        for one in (lean, content)
    )
    for one, other in zip(told, wanted, strict=True):
        assert np.abs(one - other).max() < 1e-5


def products(content: bytes) -> int:
    """Count the multiplications of all convolutions for one film."""
    model = onnx.shape_inference.infer_shapes(onnx.load_model_from_string(content))
    graph = model.graph
    known = {one.name: one for one in (*graph.value_info, *graph.output)}
    stored = {one.name: list(one.dims) for one in graph.initializer}
    makers = {name: node for node in graph.node for name in node.output}
    total = 0
    for node in graph.node:
        if node.op_type != "Conv":
            continue
        name = node.input[1]
        while name not in stored:
            name = makers[name].input[0]
        places = [one.dim_value for one in known[node.output[0]].type.tensor_type.shape.dim][2:]
        total += int(np.prod(stored[name])) * int(np.prod(places))
    return total
