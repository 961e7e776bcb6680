"""Put several small trained networks side by side into one large one: their average, exactly.

A YOLOv5x is as wide as five YOLOv5n together (80 = 5 x 16 channels, and so on to the last stage),
so it can hold five of them as blocks on the diagonal of its weights; heads of 256 channels make up
its 1280. Its last layer then gives the mean of their logits. What crosses from one member to
another starts at zero and is learnt in the training that follows. Residuals that a member lacks
start as the identity (the gamma of their last BatchNorm is 0). To start a large network as what
small ones compute is the idea of Net2Net (Chen, Goodfellow and Shlens, ICLR 2016); the average is
an ensemble.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from cxr_desktop.training.network import ConvBnSilu, CrossStage, Residual, YoloV5Classifier


@torch.no_grad()
def assemble(members: Sequence[YoloV5Classifier], large: YoloV5Classifier) -> None:
    """Fill `large` so that its logits are the mean of the members'.

    Raises ValueError when the members' widths do not add up to those of `large`.
    """
    _place_stem([_as_conv(m.stages[0]) for m in members], _as_conv(large.stages[0]))
    for index, stage in enumerate(large.stages):
        parts = [member.stages[index] for member in members]
        if isinstance(stage, CrossStage):
            _place_cross_stage([_as_cross_stage(part) for part in parts], stage)
        elif index > 0:
            _place_conv([_as_conv(part) for part in parts], _as_conv(stage))
    _place_conv([m.head.conv for m in members], large.head.conv)
    linears = [m.head.linear for m in members]
    large.head.linear.weight.copy_(torch.cat([one.weight for one in linears], 1) / len(members))
    large.head.linear.bias.copy_(torch.stack([one.bias for one in linears]).mean(0))


def _place_stem(smalls: Sequence[ConvBnSilu], big: ConvBnSilu) -> None:
    """All members read the same three channels."""
    weight = torch.cat([one.conv.weight for one in smalls])
    _check(weight.shape == big.conv.weight.shape, big)
    big.conv.weight.copy_(weight)
    _place_norms(smalls, big)


def _place_conv(smalls: Sequence[ConvBnSilu], big: ConvBnSilu) -> None:
    """Each member reads its own channels, in order."""
    channels = torch.arange(big.conv.in_channels)
    _place(smalls, big, _split(channels, [one.conv.in_channels for one in smalls], big))


def _place_cross_stage(smalls: Sequence[CrossStage], big: CrossStage) -> None:
    _place_conv([one.cv1 for one in smalls], big.cv1)
    _place_conv([one.cv2 for one in smalls], big.cv2)
    for index, residual in enumerate(big.residuals):
        own = [_residual(one, index) for one in smalls]
        _place_conv([one.cv1 for one in own], residual.cv1)
        _place_conv([one.cv2 for one in own], residual.cv2)
    # The last convolution reads the bottleneck branch of all members, then all plain branches.
    half = big.cv1.conv.out_channels
    branches = _split(torch.arange(half), [one.cv1.conv.out_channels for one in smalls], big.cv3)
    _place([one.cv3 for one in smalls], big.cv3, [torch.cat([b, b + half]) for b in branches])


def _place(smalls: Sequence[ConvBnSilu], big: ConvBnSilu, inputs: Sequence[Tensor]) -> None:
    """Put each member's weights where its outputs meet its `inputs`; the rest is zero."""
    widths = [one.conv.out_channels for one in smalls]
    outputs = _split(torch.arange(big.conv.out_channels), widths, big)
    big.conv.weight.zero_()
    for small, rows, columns in zip(smalls, outputs, inputs, strict=True):
        big.conv.weight[rows[:, None], columns[None, :]] = small.conv.weight
    _place_norms(smalls, big)


def _split(channels: Tensor, widths: list[int], big: ConvBnSilu) -> Sequence[Tensor]:
    _check(sum(widths) == len(channels), big)
    return torch.split(channels, widths)


def _residual(block: CrossStage, index: int) -> Residual:
    """Return a member's residual, or one that is the identity where the member is shallower."""
    if index < len(block.residuals):
        return block.residuals[index]
    identity = Residual(block.cv1.conv.out_channels)
    nn.init.zeros_(identity.cv2.bn.weight)
    return identity


def _place_norms(smalls: Sequence[ConvBnSilu], big: ConvBnSilu) -> None:
    for name in ("weight", "bias", "running_mean", "running_var"):
        getattr(big.bn, name).copy_(torch.cat([getattr(one.bn, name) for one in smalls]))


def _check(fits: bool, big: ConvBnSilu) -> None:  # noqa: FBT001 - the one thing it is about
    if not fits:
        raise ValueError(f"the members together are not as wide as {big.conv}")


def _as_conv(module: nn.Module) -> ConvBnSilu:
    if not isinstance(module, ConvBnSilu):
        raise TypeError(f"{type(module).__name__} is no convolution")
    return module


def _as_cross_stage(module: nn.Module) -> CrossStage:
    if not isinstance(module, CrossStage):
        raise TypeError(f"{type(module).__name__} is no cross-stage block")
    return module
