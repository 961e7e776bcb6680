"""Figures that a hospital asks for on its own films, each with its 95 % interval."""

from __future__ import annotations

import math
from dataclasses import dataclass

from cxr_desktop.domain.performance import NOT_MEASURED, Z_95, Estimate, predictive_values

ENOUGH = 1e-12


@dataclass(frozen=True, slots=True)
class TwoByTwo:
    """Films by truth and answer; an answer counts as abnormal from one of the two cuts on."""

    true_abnormal: int
    missed: int
    overcalled: int
    true_normal: int

    @property
    def total(self) -> int:
        """All films."""
        return self.true_abnormal + self.missed + self.overcalled + self.true_normal


def kappa(table: TwoByTwo) -> Estimate:
    """Cohen's kappa with the large-sample interval of Fleiss, Cohen and Everitt (1969).

    0 is what chance gives, 1 perfect. Not measured without films, or where truth and answer are all
    of one kind.
    """
    n = table.total
    if n == 0:
        return NOT_MEASURED
    p11, p10 = table.true_abnormal / n, table.missed / n
    p01, p00 = table.overcalled / n, table.true_normal / n
    rows, columns = (p11 + p10, p01 + p00), (p11 + p01, p10 + p00)
    observed = p11 + p00
    expected = rows[0] * columns[0] + rows[1] * columns[1]
    if expected > 1 - ENOUGH:
        return NOT_MEASURED
    value = (observed - expected) / (1 - expected)
    same = sum(
        share * (1 - (rows[i] + columns[i]) * (1 - value)) ** 2 for i, share in ((0, p11), (1, p00))
    )
    other = (1 - value) ** 2 * (
        p10 * (columns[0] + rows[1]) ** 2 + p01 * (columns[1] + rows[0]) ** 2
    )
    rest = (value - expected * (1 - value)) ** 2
    spread = math.sqrt(max(0.0, same + other - rest) / n) / (1 - expected)
    return Estimate(value, max(-1.0, value - Z_95 * spread), min(1.0, value + Z_95 * spread))


def predictive(table: TwoByTwo, prevalence: float) -> tuple[Estimate, Estimate]:
    """Return PPV and NPV at a prevalence between 0 and 1, with the logit intervals of Mercaldo,
    Lau and Zhou (Statistics in Medicine 2007).

    With a zero in the table half a film is added to each of its cells for the interval, as they do.
    Not measured without films of both kinds.
    """
    abnormal = table.true_abnormal + table.missed
    normal = table.overcalled + table.true_normal
    if not abnormal or not normal or not 0 < prevalence < 1:
        return NOT_MEASURED, NOT_MEASURED
    plain = predictive_values(
        table.true_abnormal / abnormal, table.true_normal / normal, prevalence
    )
    add = 0.5 if 0 in (
        table.true_abnormal, table.missed, table.overcalled, table.true_normal
    ) else 0.0  # fmt: skip
    sensitivity = (table.true_abnormal + add) / (abnormal + 2 * add)
    specificity = (table.true_normal + add) / (normal + 2 * add)
    abnormal_films, normal_films = abnormal + 2 * add, normal + 2 * add
    odds = prevalence / (1 - prevalence)
    positive = math.log(odds * sensitivity / (1 - specificity))
    negative = math.log(specificity / ((1 - sensitivity) * odds))
    of_positive = math.sqrt(
        (1 - sensitivity) / (sensitivity * abnormal_films)
        + specificity / ((1 - specificity) * normal_films)
    )
    of_negative = math.sqrt(
        sensitivity / ((1 - sensitivity) * abnormal_films)
        + (1 - specificity) / (specificity * normal_films)
    )
    return (
        _interval(plain[0], positive, of_positive),
        _interval(plain[1], negative, of_negative),
    )


def _interval(value: float, middle: float, spread: float) -> Estimate:
    low, high = (_logistic(middle + way * Z_95 * spread) for way in (-1, 1))
    return Estimate(value, min(low, value), max(high, value))


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-value))
