"""Trained network to ONNX: BatchNorm folded, weights kept as float16, outputs `cam`, `features`."""

from __future__ import annotations

import copy
import io
import warnings
from dataclasses import dataclass

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from cxr_desktop.training.network import ConvBnSilu, YoloV5Classifier

OPSET = 17
STRIDE = 32
OUTPUTS = ("output0", "cam", "features")
HALF_LIMIT = 65504.0
LEAST_HALVED = 4096  # values; biases and the linear layer are small and stay exact


@dataclass(frozen=True, slots=True, eq=False)
class OwnShift:
    """The shift of films that look like one source's: how that is told, and what it takes away.

    ``logistic(features @ weights + bias)`` times `shift` (labels,) comes off the logits; `weights`
    are (channels,).
    """

    weights: Tensor
    bias: float
    shift: Tensor


class ExportedNetwork(nn.Module):
    """A folded copy of a classifier: logits (N, K), cam (N, K, h, w), features (N, channels).

    ``logit_k = mean(cam_k) + bias_k``, and `features` is what the linear layer reads. Logits become
    ``(logit_k - shift_k - likeness * own.shift_k) / temperature``, folded into the graph, so that
    the softmax outside is calibrated. `shift` has one value per label. What `own` takes away is
    taken evenly from every cell of the map.
    """

    own_shift: Tensor  # (1, labels), after the temperature; where `likeness` is a layer

    def __init__(
        self,
        network: YoloV5Classifier,
        temperature: float = 1.0,
        shift: Tensor | None = None,
        own: OwnShift | None = None,
    ) -> None:
        super().__init__()
        folded = fold_batch_norm(network)
        self.stages = folded.stages
        self.conv = folded.head.conv
        self.pool = folded.head.pool
        self.linear = folded.head.linear
        with torch.no_grad():
            if shift is not None:
                self.linear.bias.sub_(shift)
            self.linear.weight.div_(temperature)
            self.linear.bias.div_(temperature)
        kernel = self.linear.weight.detach().clone()[:, :, None, None]
        self.cam = nn.Conv2d(kernel.shape[1], kernel.shape[0], 1, bias=False)
        self.cam.weight = nn.Parameter(kernel)
        self.likeness: nn.Linear | None = None
        if own is not None:
            self.likeness = nn.Linear(kernel.shape[1], 1)
            with torch.no_grad():
                self.likeness.weight.copy_(own.weights[None])
                self.likeness.bias.fill_(own.bias)
            self.register_buffer("own_shift", own.shift[None] / temperature)
        self.eval()

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Map (N, 3, H, W) to logits, class activation maps and pooled features."""
        for stage in self.stages:
            x = stage(x)
        grid = self.conv(x)
        features = self.pool(grid).flatten(1)
        logits, cam = self.linear(features), self.cam(grid)
        if self.likeness is not None:
            less = torch.sigmoid(self.likeness(features)) * self.own_shift
            logits, cam = logits - less, cam - less[:, :, None, None]
        return logits, cam, features


def fold_batch_norm(network: YoloV5Classifier) -> YoloV5Classifier:
    """Return a copy in evaluation mode whose BatchNorms are part of their convolutions."""
    folded = copy.deepcopy(network).float().cpu().eval()
    for module in folded.modules():
        if isinstance(module, ConvBnSilu):
            module.conv = fuse_conv_bn_eval(module.conv, module.bn)
            module.bn = nn.Identity()  # type: ignore[assignment] # folded: nothing is left to do
    return folded


def export_bytes(network: ExportedNetwork, labels: tuple[str, ...], side: int = 224) -> bytes:
    """Return the ONNX file: input `images` [batch, 3, side, side].

    Outputs `output0`, `cam` and `features`, in this order. Metadata `stride` and `names` are
    written as YOLOv5's exporter does.
    """
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        # The legacy exporter is deprecated; it writes the plain graph that other tools know.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network,
            (torch.zeros(1, 3, side, side),),
            buffer,  # type: ignore[arg-type] # the legacy exporter writes to files in memory too
            dynamo=False,
            opset_version=OPSET,
            input_names=["images"],
            output_names=list(OUTPUTS),
            dynamic_axes={name: {0: "batch"} for name in ("images", *OUTPUTS)},
        )
    model = onnx.load_model_from_string(buffer.getvalue())
    for node in model.graph.node:
        node.doc_string = ""  # may hold paths of the exporting machine
    halve_weights(model)
    helper.set_model_props(model, {"stride": str(STRIDE), "names": repr(dict(enumerate(labels)))})
    onnx.checker.check_model(model, full_check=True)
    return bytes(model.SerializeToString())


def halve_weights(model: onnx.ModelProto) -> None:
    """Keep large weights as float16, cast to float32 where they are used.

    The runtime folds the casts when it loads the file, so only the file gets smaller. The linear
    layer and the map's kernel stay float32. Raises ValueError for a weight float16 cannot hold.
    """
    casts = []
    for tensor in model.graph.initializer:
        values = numpy_helper.to_array(tensor)
        if values.dtype != np.float32 or values.size < LEAST_HALVED or _is_linear(values):
            continue
        if np.abs(values).max() > HALF_LIMIT:
            raise ValueError(f"{tensor.name} is too large for float16")
        name = tensor.name
        tensor.CopyFrom(numpy_helper.from_array(values.astype(np.float16), f"{name}.half"))
        casts.append(helper.make_node("Cast", [f"{name}.half"], [name], to=TensorProto.FLOAT))
    nodes = [*casts, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)


def _is_linear(values: np.ndarray) -> bool:
    """Tell the last layer, and its twin that makes the map, by having one row per label."""
    return len(values) < 8
