import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta
from sklearn.metrics import cohen_kappa_score

from cxr_desktop.domain.assessment import OperatingPoints
from cxr_desktop.domain.evaluation import ScoredFilm
from cxr_desktop.domain.performance import at_most
from cxr_desktop.domain.site_figures import TwoByTwo, kappa, predictive
from cxr_desktop.domain.threshold_wizard import (
    Proposal,
    TooFew,
    ladder,
    least_films,
    most_allowed,
    propose,
)

counts = st.integers(0, 60)


@settings(deadline=None)  # a busy computer
@given(counts, counts, counts, counts)
def test_kappa_is_scikit_learns(a: int, b: int, c: int, d: int) -> None:
    table = TwoByTwo(a, b, c, d)
    truth = [1] * (a + b) + [0] * (c + d)
    said = [1] * a + [0] * b + [1] * c + [0] * d
    found = kappa(table)
    if math.isnan(found.value):
        assert table.total == 0 or len(set(truth) | set(said)) == 1
    else:
        assert found.value == pytest.approx(cohen_kappa_score(truth, said), abs=1e-9)
        assert -1 <= found.low <= found.value <= found.high <= 1


def test_the_interval_of_kappa_is_that_of_the_paper() -> None:
    # Fleiss, Levin and Paik, Statistical Methods for Rates and Proportions, gives the formula;
    # this is its value by the delta method, computed independently by simulation below.
    table = TwoByTwo(40, 9, 6, 45)
    found = kappa(table)
    rng = np.random.default_rng(1)
    shares = np.array([40, 9, 6, 45]) / 100
    drawn = rng.multinomial(100, shares, size=20_000)
    values = [kappa(TwoByTwo(*map(int, row))).value for row in drawn]
    assert (found.high - found.low) / 2 / 1.96 == pytest.approx(float(np.std(values)), rel=0.03)


def test_predictive_values_follow_bayes_and_their_intervals_cover() -> None:
    table = TwoByTwo(90, 10, 40, 160)
    ppv, npv = predictive(table, 0.1)
    assert ppv.value == pytest.approx(0.9 * 0.1 / (0.9 * 0.1 + 0.2 * 0.9))
    assert npv.value == pytest.approx(0.8 * 0.9 / (0.8 * 0.9 + 0.1 * 0.1))
    rng = np.random.default_rng(2)
    inside = 0
    for _ in range(2000):
        hits, right = int(rng.binomial(100, 0.9)), int(rng.binomial(200, 0.8))
        drawn, _ = predictive(TwoByTwo(hits, 100 - hits, 200 - right, right), 0.1)
        inside += drawn.low <= ppv.value <= drawn.high
    assert 0.93 <= inside / 2000 <= 0.97


@settings(deadline=None)  # a busy computer
@given(counts, counts, counts, counts, st.floats(0.001, 0.999))
def test_an_interval_always_holds_its_value(
    a: int, b: int, c: int, d: int, prevalence: float
) -> None:
    for found in predictive(TwoByTwo(a, b, c, d), prevalence):
        if not math.isnan(found.value):
            assert 0 <= found.low <= found.value <= found.high <= 1


@settings(deadline=None)  # a busy computer
@given(st.integers(0, 300), st.integers(1, 300))
def test_the_bound_is_clopper_and_pearsons(hits: int, total: int) -> None:
    hits = min(hits, total)
    exact = 1.0 if hits == total else float(beta.ppf(0.95, hits + 1, total - hits))
    assert at_most(hits, total) == pytest.approx(exact, abs=1e-9)


@settings(deadline=None)  # a busy computer
@given(st.integers(1, 400), st.sampled_from([2, 5, 10, 20, 50]))
def test_as_many_misses_are_allowed_as_the_bound_lets(total: int, one_in: int) -> None:
    allowed = most_allowed(total, 1 / one_in)
    if allowed is None:
        assert total < least_films(one_in)
    else:
        assert at_most(allowed, total) <= 1 / one_in < at_most(allowed + 1, total)


def films(normal: list[float], abnormal: list[float]) -> list[ScoredFilm]:
    return [
        *(ScoredFilm("n", "site", abnormal=False, probability=p) for p in normal),
        *(ScoredFilm("a", "site", abnormal=True, probability=p) for p in abnormal),
    ]


def test_the_wizard_clears_as_much_as_the_promise_allows() -> None:
    rng = np.random.default_rng(3)
    normal, abnormal = rng.beta(2, 6, 400).tolist(), rng.beta(6, 2, 300).tolist()
    found = propose(films(normal, abnormal), miss_one_in=20, alarm_one_in=10)
    assert isinstance(found, Proposal)
    assert found.most_missed <= 1 / 20
    assert at_most(found.missed + 1, 300) > 1 / 20
    assert found.most_overcalled <= 1 / 10
    assert found.missed == sum(p < found.points.normal_below for p in abnormal)
    assert found.cleared.value == sum(p < found.points.normal_below for p in normal) / 400
    stricter = propose(films(normal, abnormal), miss_one_in=100, alarm_one_in=10)
    assert isinstance(stricter, Proposal)
    assert stricter.points.normal_below < found.points.normal_below
    assert stricter.cleared.value < found.cleared.value


def test_the_ladder_says_what_every_usual_promise_costs() -> None:
    rng = np.random.default_rng(5)
    drawn = films(rng.beta(2, 6, 400).tolist(), rng.beta(6, 2, 300).tolist())
    steps = dict(ladder(drawn, 10))
    assert list(steps) == [10, 20, 50, 100, 200]
    assert steps[20] == propose(drawn, miss_one_in=20, alarm_one_in=10)
    assert isinstance(steps[200], TooFew)
    kept = [step for step in steps.values() if isinstance(step, Proposal)]
    cleared = [step.cleared.value for step in kept]
    assert cleared == sorted(cleared, reverse=True)


def test_the_promise_holds_for_films_to_come() -> None:
    rng = np.random.default_rng(4)
    kept = 0
    for _ in range(400):
        drawn = films(rng.random(60).tolist(), rng.beta(3, 1, 100).tolist())
        found = propose(drawn, miss_one_in=10, alarm_one_in=2)
        assert isinstance(found, Proposal)
        kept += found.points.normal_below**3 <= 0.1  # the share of Beta(3, 1) below the cut
    assert kept / 400 >= 0.93


def test_too_few_films_are_told_with_how_many_it_takes() -> None:
    found = propose(films([0.1] * 100, [0.9] * 58), miss_one_in=20, alarm_one_in=10)
    assert found == TooFew(59, 29, 58, 100)
    assert isinstance(
        propose(films([0.1] * 100, [0.9] * 59), miss_one_in=20, alarm_one_in=10), Proposal
    )
    assert isinstance(propose([], miss_one_in=20, alarm_one_in=10), TooFew)


def test_equal_scores_never_break_the_promise_or_the_order_of_the_points() -> None:
    found = propose(films([0.5] * 100, [0.5] * 100), miss_one_in=10, alarm_one_in=10)
    assert isinstance(found, Proposal)
    assert found.missed == 0
    assert found.overcalled == 0
    assert found.points.normal_below <= found.points.abnormal_from
    assert found.points != OperatingPoints(0.5, 0.5)
    with pytest.raises(ValueError, match="at least"):
        propose([], miss_one_in=1, alarm_one_in=10)
