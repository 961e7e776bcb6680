"""A network's graph without what is multiplied by zero: the same answer from fewer sums.

Small networks side by side in a large one (`training/assemble.py`) are blocks on the diagonal of
its weights, and a residual that they lack adds nothing. A runtime multiplies all those zeros. Here
they are left out, where they are exactly zero: a convolution of blocks becomes one of groups, and a
branch that gives nothing is not computed. A network without such zeros stays as it is.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.errors import ModelUnavailable
from cxr_desktop.inference.class_activation import parse_model

if TYPE_CHECKING:
    from onnx import GraphProto, NodeProto

LEAST_WIDTH = 8
"""Channels of a group, at least: the numbers that a processor with AVX multiplies in one go."""
Weights = NDArray[Any]


def without_zeros(model_bytes: bytes) -> bytes:
    """Return the model with fewer multiplications; the same bytes where none can be spared.

    Inputs and outputs, their names and their values stay, but for the order of adding (1e-6).
    What is no ONNX model comes back as it is: the session says what is wrong with it.
    """
    try:
        model = parse_model(model_bytes)
    except ModelUnavailable:
        return model_bytes
    if not _Rewriting(model.graph).done():
        return model_bytes
    del model.graph.value_info[:]  # of tensors that may be gone
    return bytes(model.SerializeToString())


class _Rewriting:
    """One graph, rewritten in place, layer by layer in the order of computing."""

    def __init__(self, graph: GraphProto) -> None:
        self._graph = graph
        self._stored = {tensor.name: tensor for tensor in graph.initializer}
        self._makers = {name: node for node in graph.node for name in node.output}
        self._zero: set[str] = set()  # tensors that are zero for every film
        self._same: dict[str, str] = {}  # tensors that are another one
        self._new: dict[str, Weights] = {}

    def done(self) -> bool:
        """Rewrite; return whether anything was spared. A graph with others inside stays."""
        settings = [one for node in self._graph.node for one in node.attribute]
        if any(one.HasField("g") or one.graphs for one in settings):
            return False
        nodes = [one for node in self._graph.node for one in self._rewritten(node)]
        if not self._same and not self._new:
            return False
        self._keep_what_is_used(nodes)
        return True

    def _rewritten(self, node: NodeProto) -> Iterator[NodeProto]:
        """Yield what computes the layer's output; nothing where another tensor is that."""
        node.input[:] = [self._same.get(name, name) for name in node.input]
        if node.op_type == "Conv":
            yield from self._convolution(node)
            return
        if node.op_type == "Mul" and not self._zero.isdisjoint(node.input):
            self._zero.add(node.output[0])
        if node.op_type == "Add" and (other := self._only_summand(node)):
            self._same[node.output[0]] = other
            if node.output[0] not in {output.name for output in self._graph.output}:
                return
        yield node

    def _only_summand(self, node: NodeProto) -> str:
        """Return the input of a sum to which a branch of it adds nothing; else ""."""
        for branch, other in _both_ways(node):
            if branch in self._zero and self._has_the_shape_of(branch, other):
                return other
        return ""

    def _has_the_shape_of(self, branch: str, other: str) -> bool:
        """Whether the sum of both is as large as `other`, from which convolutions lead to it.

        They may make rows and columns fewer: what can then be added at all is one value for all.
        """
        name, widths = branch, list[int]()
        while name != other:
            name = self._before_activation(name)
            node = self._makers.get(name)
            weights = self._weights_of(node)
            if node is None or weights is None or _grows(node, weights):
                return False
            widths += weights.shape[:2]
            name = node.input[0]
        return bool(widths) and widths[0] == widths[-1]

    def _before_activation(self, name: str) -> str:
        """Return what SiLU, a tensor times its own sigmoid, was taken of; else the same name."""
        node = self._makers.get(name)
        if node is not None and node.op_type == "Mul":
            for plain, gate in _both_ways(node):
                maker = self._makers.get(gate)
                if maker is not None and maker.op_type == "Sigmoid" and maker.input[0] == plain:
                    return plain
        return name

    def _weights_of(self, node: NodeProto | None) -> Weights | None:
        return None if node is None or node.op_type != "Conv" else self._constant(node.input[1])

    def _convolution(self, node: NodeProto) -> Iterator[NodeProto]:
        """Yield it in as many groups as its zeros allow, or one of them for each half of a join."""
        from onnx import helper  # noqa: PLC0415 - as `parse_model`

        weights = self._constant(node.input[1])
        settings = {one.name: helper.get_attribute_value(one) for one in node.attribute}
        if weights is None or weights.ndim != 4 or settings.pop("group", 1) != 1:
            yield node
            return
        filled: Weights = np.asarray(weights.any(axis=(2, 3)))
        if not filled.any():
            if all(self._is_zero(name) for name in node.input[2:]):
                self._zero.add(node.output[0])  # left out with its branch, if nothing else needs it
            yield node
            return
        parts = self._parts(node, filled)
        if not parts:
            yield node
            return
        out, sums = node.output[0], []
        for number, (source, columns, groups) in enumerate(parts):
            name = f"{out}.weights{number}"
            self._new[name] = _blocks(weights[:, columns], groups)
            bias = node.input[2:] if number == 0 else ()
            sums.append(out if len(parts) == 1 else f"{out}.part{number}")
            inputs = [source, name, *bias]
            yield helper.make_node("Conv", inputs, [sums[-1]], group=groups, **settings)
        if len(parts) > 1:
            yield helper.make_node("Add", sums, [out])

    def _parts(self, node: NodeProto, filled: Weights) -> list[tuple[str, slice, int]]:
        """Return (input, its columns of the weights, groups) of what the sum is made of; or none.

        What reads two branches of all blocks, one after the other, is two convolutions of blocks.
        """
        whole = slice(0, filled.shape[1])
        if (groups := _groups(filled)) > 1:
            return [(node.input[0], whole, groups)]
        join = self._makers.get(node.input[0])
        if join is None or join.op_type != "Concat" or len(join.input) != 2:
            return []
        middle = filled.shape[1] // 2
        if {self._width(name) for name in join.input} != {middle}:
            return []
        halves = [slice(0, middle), slice(middle, filled.shape[1])]
        groups = math.gcd(*(_groups(filled[:, half]) for half in halves))
        if groups == 1:
            return []
        return [(name, half, groups) for name, half in zip(join.input, halves, strict=True)]

    def _width(self, name: str) -> int:
        """Return how many channels a tensor has; 0 where that is not plain to see."""
        node = self._makers.get(self._before_activation(name))
        if node is not None and node.op_type == "Add":
            widths = {self._width(summand) for summand in node.input}
            return widths.pop() if len(widths) == 1 else 0
        weights = self._weights_of(node)
        return 0 if weights is None else len(weights)

    def _is_zero(self, name: str) -> bool:
        values = self._constant(name)
        return values is not None and not values.any()

    def _constant(self, name: str) -> Weights | None:
        """Return a constant as it is stored, in 16 or 32 bits; None for what is computed."""
        from onnx import numpy_helper  # noqa: PLC0415 - as `parse_model`

        if name in self._stored:
            if self._stored[name].external_data:
                return None  # it lies in another file
            return np.asarray(numpy_helper.to_array(self._stored[name]))
        node = self._makers.get(name)
        if node is None or node.op_type not in {"Cast", "Identity"}:
            return None
        return self._constant(node.input[0])

    def _keep_what_is_used(self, nodes: list[NodeProto]) -> None:
        from onnx import numpy_helper  # noqa: PLC0415 - as `parse_model`

        used = {output.name for output in self._graph.output}
        kept = []
        for node in reversed(nodes):
            if not used.isdisjoint(node.output):
                kept.append(node)
                used.update(node.input)
        stored = [tensor for name, tensor in self._stored.items() if name in used]
        stored += [
            numpy_helper.from_array(self._new[name], name) for name in self._new.keys() & used
        ]
        inputs = [one for one in self._graph.input if one.name not in self._stored]
        del self._graph.node[:], self._graph.initializer[:], self._graph.input[:]
        self._graph.input.extend(inputs)  # old files name their weights there, too
        self._graph.node.extend(reversed(kept))
        self._graph.initializer.extend(stored)


def _both_ways(node: NodeProto) -> tuple[tuple[str, str], tuple[str, str]]:
    """Return the two inputs of a sum or product, and the same the other way round."""
    first, second = (str(name) for name in node.input)
    return (first, second), (second, first)


def _groups(filled: Weights) -> int:
    """Return into how many equal blocks on the diagonal (outputs, inputs) falls; 1 for none."""
    outputs, inputs = filled.shape
    for groups in range(min(outputs, inputs) // LEAST_WIDTH, 1, -1):
        if outputs % groups or inputs % groups:
            continue
        high, wide = outputs // groups, inputs // groups
        if filled[:high, wide:].any():
            continue  # a network without zeros is seen at once
        blocks = np.asarray(filled.reshape(groups, high, groups, wide).any(axis=(1, 3)))
        if not blocks[~np.eye(groups, dtype=bool)].any():
            return groups
    return 1


def _blocks(weights: Weights, groups: int) -> NDArray[np.float32]:
    """Return the blocks on the diagonal, one below the other: the weights of a grouped Conv."""
    rows = np.split(weights, groups)
    wide = weights.shape[1] // groups
    blocks = [part[:, number * wide : (number + 1) * wide] for number, part in enumerate(rows)]
    return np.ascontiguousarray(np.concatenate(blocks), dtype=np.float32)


def _grows(node: NodeProto, weights: Weights) -> bool:
    """Whether a convolution may give more rows or columns than it reads, by its margins."""
    margins = next((list(one.ints) for one in node.attribute if one.name == "pads"), [0] * 4)
    before, after = margins[:2], margins[2:]
    return any(
        first + last >= side
        for first, last, side in zip(before, after, weights.shape[2:], strict=True)
    )
