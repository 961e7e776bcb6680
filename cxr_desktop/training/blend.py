"""Between the network that a training started from and the one that it made.

WiSE-FT (Wortsman and others, CVPR 2022): weights on the straight line between the two keep more of
what the first knew about films of other hospitals than the second does (docs/model.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import nn


def only_start(starts: Sequence[Path]) -> Path:
    """Return the one network that was started from. Raises ValueError when it is not one."""
    if len(starts) != 1:
        raise ValueError("to keep weights of the start, start from exactly one network")
    return starts[0]


def check_blend(made: nn.Module, start: nn.Module, share: float) -> None:
    """Raise ValueError for a share outside 0 to 1, and for networks of different shapes."""
    if not 0 <= share <= 1:
        raise ValueError(f"a share is between 0 and 1, not {share}")
    own, other = made.state_dict(), start.state_dict()
    if {n: v.shape for n, v in own.items()} != {n: v.shape for n, v in other.items()}:
        raise ValueError("to keep weights of the start, both networks must be of the same scale")


@torch.no_grad()
def blend(made: nn.Module, start: nn.Module, share: float) -> None:
    """Move every weight and BatchNorm statistic of `made` by `share` (0..1) towards `start`.

    Raises ValueError as `check_blend` does.
    """
    check_blend(made, start, share)
    other = start.state_dict()
    for name, value in made.state_dict().items():
        if value.dtype.is_floating_point:
            value.lerp_(other[name].to(value.device), share)
