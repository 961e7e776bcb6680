"""Tiny model packs, made on the fly: the program's tests run in milliseconds without the real one.

The network is Conv -> GlobalAveragePool -> Flatten -> Gemm, the tail of a YOLOv5 classifier. Its
answer is known: one channel is the mean grey of the film, so brighter films are "more abnormal".
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from cxr_desktop.domain.assessment import OperatingPoints
from cxr_desktop.domain.model_input import InputSpec
from cxr_desktop.imaging.preprocess import prepare
from cxr_desktop.inference.class_activation import with_class_activation
from cxr_desktop.inference.contract import FEATURES_OUTPUT
from cxr_desktop.inference.film_gate import CLASSES, FilmSpace, GateNumbers
from cxr_desktop.inference.gate_file import gate_bytes
from cxr_desktop.inference.golden import read_golden_film
from cxr_desktop.inference.manifest import GateFile, GoldenCase, Manifest, MeaningRow
from cxr_desktop.inference.manifest_file import write_manifest
from cxr_desktop.inference.onnx_classifier import OnnxClassifier

SIDE = 32
SPEC = InputSpec(width=SIDE, height=SIDE, fit="stretch", intensity="as_read")
POINTS = OperatingPoints(normal_below=0.3, abnormal_from=0.7)
BIAS = 0.25
Constants = dict[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Tail:
    """How the end of the tiny network is written; exporters differ."""

    pool: str = "GlobalAveragePool"
    flatten: str = "Flatten"
    linear: str = "Gemm"


def tiny_network(
    labels: int = 2,
    *,
    side: int | str = SIDE,
    batch: int | str = 1,
    names: str = "{0: 'normal', 1: 'abnormal'}",
    tail: Tail | None = None,
    scale: float = 4.0,
) -> bytes:
    """Return a genuine-looking export without `cam`: input `images`, output `output0`, logits."""
    tail = tail or Tail()
    rng = np.random.default_rng(3)
    kernel = rng.normal(0, 0.3, (5, 3, 3, 3)).astype(np.float32)
    kernel[0] = 0.0
    kernel[0, :, 1, 1] = 1 / 3  # the mean grey
    weights = rng.normal(0, 0.05, (labels, 5)).astype(np.float32)
    weights[:, 0] = np.linspace(-scale, scale, labels)
    constants: Constants = {
        "kernel": kernel,
        "bias": np.linspace(-BIAS, BIAS, labels, dtype=np.float32),
    }
    nodes = [
        helper.make_node("Conv", ["images", "kernel"], ["stem"], pads=[1, 1, 1, 1], strides=[4, 4]),
        *_pool(tail),
        *_flatten(tail, constants),
        *_linear(tail, weights, constants),
    ]
    image = helper.make_tensor_value_info("images", TensorProto.FLOAT, [batch, 3, side, side])
    answer = helper.make_tensor_value_info("output0", TensorProto.FLOAT, [batch, labels])
    initialisers = [numpy_helper.from_array(value, name) for name, value in constants.items()]
    graph = helper.make_graph(nodes, "tiny", [image], [answer], initialisers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    helper.set_model_props(model, {"stride": "32", "names": names})
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


def _pool(tail: Tail) -> list[onnx.NodeProto]:
    if tail.pool == "ReduceMean":
        return [helper.make_node("ReduceMean", ["stem"], ["pooled"], axes=[-1, -2], keepdims=1)]
    if tail.pool == "GlobalMaxPool":
        return [helper.make_node("GlobalMaxPool", ["stem"], ["pooled"])]
    return [helper.make_node("GlobalAveragePool", ["stem"], ["pooled"])]


def _flatten(tail: Tail, constants: Constants) -> list[onnx.NodeProto]:
    if tail.flatten == "Reshape":
        constants["flat_shape"] = np.array([-1, 5], dtype=np.int64)
        return [helper.make_node("Reshape", ["pooled", "flat_shape"], ["flat"])]
    return [
        helper.make_node("Flatten", ["pooled"], ["flattened"]),
        helper.make_node("Identity", ["flattened"], ["flat"]),
    ]


def _linear(tail: Tail, weights: NDArray[np.float32], constants: Constants) -> list[onnx.NodeProto]:
    if tail.linear == "MatMul":
        constants["weights"] = np.ascontiguousarray(weights.T)
        return [
            helper.make_node("MatMul", ["flat", "weights"], ["product"]),
            helper.make_node("Add", ["product", "bias"], ["output0"]),
        ]
    constants["weights"] = weights
    return [helper.make_node("Gemm", ["flat", "weights", "bias"], ["output0"], transB=1)]


def make_pack(
    folder: Path,
    model_id: str = "tiny",
    *,
    version: str = "1.0",
    labels: Sequence[str] = ("normal", "abnormal"),
    abnormal_labels: Sequence[str] = ("abnormal",),
    points: OperatingPoints = POINTS,
    cam: bool = True,
    golden: bool = True,
    scale: float = 4.0,
    features: bool = False,
    gate: GateNumbers | None = None,
) -> Path:
    """Write a sound pack into `folder / model_id` and return that path.

    With the defaults a film that is bright in the mean is abnormal (P near 1), a dark one normal.
    """
    pack = folder / model_id
    (pack / "golden").mkdir(parents=True)
    content = tiny_network(len(labels), scale=scale)
    if cam:
        edited = with_class_activation(content)
        assert edited is not None
        content = edited
    if features:
        content = with_features(content)
    (pack / "model.onnx").write_bytes(content)
    manifest = Manifest(
        id=model_id,
        version=version,
        title=f"Tiny test model {model_id}",
        sha256=hashlib.sha256(content).hexdigest(),
        labels=tuple(labels),
        abnormal_labels=tuple(abnormal_labels),
        points=points,
        input=SPEC,
        intended_use="Tests.",
        licence="Apache-2.0",
        trained_on="Nothing.",
        limits=("It measures brightness.",),
        figures={"AUC, drawn films": "0.50"},
        meaning=(MeaningRow(0.0, 0.5, 10), MeaningRow(0.5, 1.0, 90)),
        meaning_base="drawn films",
    )
    if gate is not None:
        numbers = gate_bytes(gate)
        (pack / "gate.npz").write_bytes(numbers)
        stated = GateFile("gate.npz", hashlib.sha256(numbers).hexdigest())
        manifest = replace(manifest, gate=stated)
    if golden:
        manifest = _with_golden(pack, manifest, content)
    write_manifest(manifest, pack / "manifest.toml")
    return pack


def _with_golden(pack: Path, manifest: Manifest, content: bytes) -> Manifest:
    film = pack / "golden" / "film.npy"
    rows, columns = np.mgrid[0:48, 0:40]
    np.save(film, ((rows * 900 + columns * 500) % 65536).astype(np.uint16))
    classifier = OnnxClassifier(manifest, content, "cpu")
    logits = classifier.logits(prepare(read_golden_film(film), SPEC).tensor)
    return replace(manifest, golden=GoldenCase("golden/film.npy", tuple(logits.tolist())))


CHANNELS = 5


def with_features(content: bytes) -> bytes:
    """Return the tiny network with what its linear layer reads as the output `features`."""
    model = onnx.load_model_from_string(content)
    shape = [None, CHANNELS]
    model.graph.node.append(helper.make_node("Identity", ["flat"], [FEATURES_OUTPUT]))
    model.graph.output.append(
        helper.make_tensor_value_info(FEATURES_OUTPUT, TensorProto.FLOAT, shape)
    )
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


def tiny_gate(against: str = "other", *, darkest: float = -0.5) -> GateNumbers:
    """Return a gate that takes films whose first feature, their mean grey, is above `darkest`.

    In the tiny model's units: 0 is middle grey. Whatever is darker is said to be `against`.
    """
    rng = np.random.default_rng(0)
    axes = np.eye(CHANNELS, 2)
    bank = np.eye(2).repeat(3, 0)
    network = FilmSpace(np.zeros(CHANNELS), axes, np.ones(2), np.zeros((1, 2)), bank)
    values = 16 * 16 + 9
    picture = FilmSpace(
        np.zeros(values), np.eye(values, 3), np.ones(3), np.zeros((1, 3)), rng.normal(0, 1, (8, 3))
    )
    read = 3 + 2 + 3 + values
    weights = np.zeros((len(CLASSES), read))
    weights[0, 3] = 20.0  # the first coordinate, after three distances
    bias = np.full(len(CLASSES), -50.0)
    bias[0] = -20.0 * darkest
    bias[CLASSES.index(against)] = 0.0
    return GateNumbers(network, picture, np.zeros(read), np.ones(read), weights, bias, 0.0)
