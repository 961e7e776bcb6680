"""MixStyle: mix channel statistics between films so that the hospital's "look" predicts nothing.

Zhou et al., "Domain Generalization with MixStyle", ICLR 2021: x is normalised by its own channel
mean and deviation and given a convex mix of its own and another film's.
"""

from __future__ import annotations

import torch
from torch import Tensor


class MixStyle:
    """Mix feature statistics with probability `probability`; weights from Beta(alpha, alpha)."""

    def __init__(self, probability: float = 0.5, alpha: float = 0.2) -> None:
        self._probability = probability
        self._beta = torch.distributions.Beta(alpha, alpha)

    def __call__(self, x: Tensor) -> Tensor:
        """Return features of the same shape (N, C, H, W)."""
        if torch.rand(()).item() > self._probability:
            return x
        mean = x.mean(dim=(2, 3), keepdim=True).detach()
        deviation = (x.var(dim=(2, 3), keepdim=True) + 1e-6).sqrt().detach()
        weight = self._beta.sample((x.shape[0], 1, 1, 1)).to(device=x.device, dtype=x.dtype)
        order = torch.randperm(x.shape[0], device=x.device)
        mixed_mean = weight * mean + (1 - weight) * mean[order]
        mixed_deviation = weight * deviation + (1 - weight) * deviation[order]
        return (x - mean) / deviation * mixed_deviation + mixed_mean
