"""What a score means: of 100 validation films scored like it, how many were abnormal."""

from __future__ import annotations

import numpy as np

from cxr_desktop.inference.manifest import MeaningRow
from cxr_desktop.training.logistic import Numbers
from cxr_desktop.training.scaling import Flags

LEAST_IN_ROW = 25
TENTHS = 10


def meaning_rows(
    probabilities: Numbers, abnormal: Flags, weights: Numbers
) -> tuple[MeaningRow, ...]:
    """Count, in tenths of the score, how many of 100 balanced films were abnormal.

    Tenths are joined, with all between them, where the share would fall. A tenth with fewer than 25
    films that was not joined is left out: nothing is said of such scores. Never 0 or 100: so few
    films cannot show that. Films of weight 0 are not counted.
    """
    counted = weights > 0
    tenth = np.minimum(probabilities[counted] * TENTHS, TENTHS - 1).astype(np.int64)
    heavy, ill = weights[counted], abnormal[counted]
    films = np.bincount(tenth, minlength=TENTHS)
    every = np.bincount(tenth, heavy, TENTHS)
    of_ill = np.bincount(tenth, heavy * ill, TENTHS)

    def share(first: int, last: int) -> float:
        return float(of_ill[first : last + 1].sum() / every[first : last + 1].sum())

    joined: list[tuple[int, int]] = []
    for place in np.flatnonzero(films >= LEAST_IN_ROW):
        joined.append((int(place), int(place)))
        while len(joined) > 1 and share(*joined[-2]) > share(*joined[-1]):
            _, last = joined.pop()
            joined[-1] = (joined[-1][0], last)
    return tuple(
        MeaningRow(
            first / TENTHS,
            (last + 1) / TENTHS,
            min(99, max(1, round(100 * share(first, last)))),
            int(films[first : last + 1].sum()),
        )
        for first, last in joined
    )
