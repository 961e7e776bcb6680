"""YOLOv5 classification networks (n, s, m, l, x), written from the published architecture.

Blocks: `ConvBnSilu`, `Residual` (the sum comes after the second activation) and `CrossStage`
(cross-stage partial: bottleneck branch and plain branch concatenated, in this order). The detection
backbone's stages 0-8 are followed by a classification head; total stride 32. Widths and depths
scale by two factors. Initialised for training from scratch: Kaiming fan-out, and the last BatchNorm
of each residual branch starts at zero, so that every block starts as the identity.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from cxr_desktop.training.recipe import HEAD_CHANNELS


@dataclass(frozen=True, slots=True)
class Scale:
    """Depth and width multiple of one member of the family."""

    depth: float
    width: float

    def channels(self, base: int) -> int:
        """Return base x width, rounded up to a multiple of 8."""
        return math.ceil(base * self.width / 8) * 8

    def repeats(self, base: int) -> int:
        """Return base x depth, at least 1."""
        return max(round(base * self.depth), 1)


SCALES = {
    "n": Scale(0.33, 0.25),
    "s": Scale(0.33, 0.50),
    "m": Scale(0.67, 0.75),
    "l": Scale(1.0, 1.0),
    "x": Scale(1.33, 1.25),
}


class ConvBnSilu(nn.Module):
    """Convolution without bias, BatchNorm, SiLU."""

    def __init__(
        self,
        inputs: int,
        outputs: int,
        kernel: int = 1,
        stride: int = 1,
        padding: int | None = None,
        *,
        eps: float = 1e-3,
    ) -> None:
        super().__init__()
        pad = kernel // 2 if padding is None else padding
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, pad, bias=False)
        self.bn = nn.BatchNorm2d(outputs, eps=eps, momentum=0.1)
        self.act = nn.SiLU(inplace=True)

    def forward(self, x: Tensor) -> Tensor:
        """Map (N, inputs, H, W) to (N, outputs, H / stride, W / stride)."""
        out: Tensor = self.act(self.bn(self.conv(x)))
        return out


class Residual(nn.Module):
    """x + conv3(conv1(x)); no activation after the sum."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.cv1 = ConvBnSilu(channels, channels, 1)
        self.cv2 = ConvBnSilu(channels, channels, 3)

    def forward(self, x: Tensor) -> Tensor:
        """Keep the shape."""
        out: Tensor = x + self.cv2(self.cv1(x))
        return out


class CrossStage(nn.Module):
    """Cross-stage partial block of `repeats` residuals at half the channels."""

    def __init__(self, channels: int, repeats: int) -> None:
        super().__init__()
        half = channels // 2
        self.cv1 = ConvBnSilu(channels, half)
        self.cv2 = ConvBnSilu(channels, half)
        self.cv3 = ConvBnSilu(2 * half, channels)
        self.m = nn.Sequential(*(Residual(half) for _ in range(repeats)))

    @property
    def residuals(self) -> list[Residual]:
        """The bottlenecks, in order."""
        return [module for module in self.m if isinstance(module, Residual)]

    def forward(self, x: Tensor) -> Tensor:
        """Keep the shape."""
        out: Tensor = self.cv3(torch.cat((self.m(self.cv1(x)), self.cv2(x)), dim=1))
        return out


class Head(nn.Module):
    """1x1 convolution to 1280 channels, global average pool, dropout, linear."""

    def __init__(
        self, inputs: int, classes: int, dropout: float, channels: int = HEAD_CHANNELS
    ) -> None:
        super().__init__()
        self.conv = ConvBnSilu(inputs, channels, eps=1e-5)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.drop = nn.Dropout(dropout)
        self.linear = nn.Linear(channels, classes)

    def forward(self, x: Tensor) -> Tensor:
        """Map (N, inputs, h, w) to logits (N, classes)."""
        out: Tensor = self.linear(self.drop(self.pool(self.conv(x)).flatten(1)))
        return out


class YoloV5Classifier(nn.Module):
    """A YOLOv5 classifier: (N, 3, H, W) float to logits (N, classes).

    `mix` is called on the features after stages 2 and 4 while training (domain mixing); it is not
    part of the exported graph. `head_channels` below the family's 1280 make a member for
    `cxr_desktop.training.assemble`.
    """

    MIXED_STAGES = (2, 4)

    def __init__(
        self,
        scale: str = "x",
        classes: int = 2,
        dropout: float = 0.0,
        head_channels: int = HEAD_CHANNELS,
    ) -> None:
        super().__init__()
        s = SCALES[scale]
        c = [s.channels(base) for base in (64, 128, 256, 512, 1024)]
        r = [s.repeats(base) for base in (3, 6, 9, 3)]
        self.stages = nn.ModuleList(
            [
                ConvBnSilu(3, c[0], 6, 2, 2),
                ConvBnSilu(c[0], c[1], 3, 2),
                CrossStage(c[1], r[0]),
                ConvBnSilu(c[1], c[2], 3, 2),
                CrossStage(c[2], r[1]),
                ConvBnSilu(c[2], c[3], 3, 2),
                CrossStage(c[3], r[2]),
                ConvBnSilu(c[3], c[4], 3, 2),
                CrossStage(c[4], r[3]),
            ]
        )
        self.head = Head(c[4], classes, dropout, head_channels)
        self.mix: Callable[[Tensor], Tensor] | None = None
        self._initialise()

    def _initialise(self) -> None:
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
            elif isinstance(module, Residual):
                nn.init.zeros_(module.cv2.bn.weight)
        nn.init.normal_(self.head.linear.weight, std=0.01)
        nn.init.zeros_(self.head.linear.bias)

    def forward(self, x: Tensor) -> Tensor:
        """Return logits, not probabilities."""
        for index, stage in enumerate(self.stages):
            x = stage(x)
            if self.training and self.mix is not None and index in self.MIXED_STAGES:
                x = self.mix(x)
        out: Tensor = self.head(x)
        return out
