"""Grow a trained small network into a larger member of the family that computes the same.

Net2Net (Chen, Goodfellow and Shlens, ICLR 2016). Wider: every new channel repeats an old one, and
the weights that read it are divided by the number of its copies. Deeper: every new residual starts
as the identity (the gamma of its last BatchNorm is 0). A little noise on the weights lets copies
part ways in the training that follows; without it they would stay equal for ever.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from cxr_desktop.training.network import ConvBnSilu, CrossStage, YoloV5Classifier

NOISE = 0.02


def copies(old: int, new: int) -> Tensor:
    """Return, for each of `new` channels, the old channel that it repeats, (new,)."""
    return torch.arange(new) % old


@torch.no_grad()
def grow(small: YoloV5Classifier, large: YoloV5Classifier, noise: float = NOISE) -> None:
    """Fill `large` so that it computes what `small` does, up to `noise` (relative, per weight).

    Raises ValueError when `large` is narrower or shallower somewhere.
    """
    seen = torch.arange(3)
    for little, big in zip(small.stages, large.stages, strict=True):
        if isinstance(big, CrossStage) and isinstance(little, CrossStage):
            seen = _grow_cross_stage(little, big, seen, noise)
        elif isinstance(big, ConvBnSilu) and isinstance(little, ConvBnSilu):
            seen = _grow_conv(little, big, seen, noise)
    seen = _grow_conv(small.head.conv, large.head.conv, seen, noise)
    large.head.linear.load_state_dict(small.head.linear.state_dict())


def _grow_conv(little: ConvBnSilu, big: ConvBnSilu, seen: Tensor, noise: float) -> Tensor:
    """Widen one convolution and return which old channel each of its outputs repeats.

    `seen` says the same of its inputs.
    """
    old, new = little.conv.out_channels, big.conv.out_channels
    if new < old or len(seen) != big.conv.in_channels:
        raise ValueError(f"{big.conv} cannot hold {little.conv}")
    made = copies(old, new)
    times = torch.bincount(seen, minlength=little.conv.in_channels)[seen]
    weight = little.conv.weight[made][:, seen] / times[None, :, None, None]
    weight *= 1 + noise * torch.randn_like(weight)
    big.conv.weight.copy_(weight)
    for name in ("weight", "bias", "running_mean", "running_var"):
        getattr(big.bn, name).copy_(getattr(little.bn, name)[made])
    return made


def _grow_cross_stage(little: CrossStage, big: CrossStage, seen: Tensor, noise: float) -> Tensor:
    old, new = little.residuals, big.residuals
    if len(new) < len(old):
        raise ValueError(f"{len(new)} residuals cannot hold {len(old)}")
    inner = _grow_conv(little.cv1, big.cv1, seen, noise)
    plain = _grow_conv(little.cv2, big.cv2, seen, noise)
    for index, residual in enumerate(new):
        if index < len(old):
            middle = _grow_conv(old[index].cv1, residual.cv1, inner, noise)
            _grow_conv(old[index].cv2, residual.cv2, middle, noise)
        else:
            nn.init.zeros_(residual.cv2.bn.weight)
            nn.init.zeros_(residual.cv2.bn.bias)
    both = torch.cat([inner, plain + little.cv1.conv.out_channels])
    return _grow_conv(little.cv3, big.cv3, both, noise)
