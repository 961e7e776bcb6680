"""How sure a measured figure is: 95 % intervals of shares and of areas under the ROC curve."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Z = 1.959964


def wilson(count: int, total: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson, JASA 1927); (0, 1) when nothing was counted."""
    if total == 0:
        return 0.0, 1.0
    share = count / total
    scale = 1 + Z * Z / total
    centre = (share + Z * Z / (2 * total)) / scale
    half = Z / scale * math.sqrt(share * (1 - share) / total + Z * Z / (4 * total * total))
    return max(0.0, centre - half), min(1.0, centre + half)


def delong(scores: NDArray[np.float64], abnormal: NDArray[np.bool_]) -> tuple[float, float, float]:
    """AUC and its 95 % interval (DeLong et al., Biometrics 1988), on the logit scale.

    Raises ValueError unless there are two films of each label. Where the films are parted without
    an error DeLong's variance is 0; the interval is then Wilson's for the rarer label.
    """
    positives, negatives = scores[abnormal], scores[~abnormal]
    if min(len(positives), len(negatives)) < 2:
        raise ValueError("an interval needs two films of each label")
    wins = (np.sign(positives[:, None] - negatives[None, :]) + 1) / 2
    area = float(wins.mean())
    variance = wins.mean(1).var(ddof=1) / len(positives) + wins.mean(0).var(ddof=1) / len(negatives)
    if variance <= 0 or area in {0.0, 1.0}:
        number = min(len(positives), len(negatives))
        return (area, *wilson(round(area * number), number))
    middle = math.log(area / (1 - area))
    half = Z * math.sqrt(variance) / (area * (1 - area))
    return area, _logistic(middle - half), _logistic(middle + half)


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-value))
