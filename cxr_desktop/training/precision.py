"""Number format of a training run: bfloat16 where the machine computes it, else float32.

On a CPU without bfloat16 instructions autocast is emulated and 10 times slower than float32.
"""

from __future__ import annotations

from contextlib import AbstractContextManager

import torch


def has_fast_bfloat16(device: torch.device) -> bool:
    """Whether `device` multiplies bfloat16 in hardware."""
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported())
    return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())  # noqa: SLF001 - no public query


def autocast(device: torch.device) -> AbstractContextManager[None]:
    """Compute in bfloat16 inside this context when the device is fast at it."""
    return torch.autocast(device.type, torch.bfloat16, enabled=has_fast_bfloat16(device))
