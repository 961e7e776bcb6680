import math
from datetime import date, timedelta

import numpy as np
import pytest
from scipy.stats import chi2

from cxr_desktop.domain.drift import (
    BINS,
    CHI_SQUARE_99,
    Alarm,
    Drift,
    DriftTally,
    Mix,
    by_chance,
    chi_square_99,
    psi,
)
from cxr_desktop.reporting.drift_plot import drift_svg

LAST = date(2026, 3, 5)  # a Thursday
MONDAY = date(2026, 3, 2)


def weeks(
    before: float, now: float, *, films: int = 60, refused: tuple[int, int] = (3, 3)
) -> Drift:
    """Scores around `before`, and in the last four weeks around `now`."""
    rng = np.random.default_rng(1)
    tally = DriftTally(LAST, 12)
    for back in reversed(range(12)):
        day = LAST - timedelta(weeks=back)
        recent = back < 4
        middle = now if recent else before
        for score in np.clip(rng.normal(middle, 0.15, films), 0, 1):
            tally.add("model 1.0", day, float(score))
        tally.add_refused(day, refused[recent])
    return tally.drift()


def test_the_index_is_that_of_its_definition() -> None:
    before, now = [10.0, 20, 30], [30, 20, 10]
    p = (np.array(before) + 0.5) / 61.5
    q = (np.array(now) + 0.5) / 61.5
    assert psi([10, 20, 30], [30, 20, 10]) == pytest.approx(float(((q - p) * np.log(q / p)).sum()))
    assert psi([5, 5], [50, 50]) == pytest.approx(0)


def test_chance_alone_stays_below_its_bound_in_99_of_100_comparisons() -> None:
    assert pytest.approx(chi2.ppf(0.99, BINS - 1), abs=1e-3) == CHI_SQUARE_99
    rng = np.random.default_rng(2)
    shares = np.full(BINS, 1 / BINS)
    above = 0
    for _ in range(2000):
        before, now = rng.multinomial(2000, shares), rng.multinomial(500, shares)
        above += psi(before.tolist(), now.tolist()) > by_chance(2000, 500)
    assert above / 2000 < 0.02


def test_what_stays_as_it_was_is_steady_and_what_moves_raises_the_alarm() -> None:
    assert weeks(0.3, 0.3).scores is Alarm.STEADY
    moved = weeks(0.3, 0.6)
    assert moved.scores is Alarm.ALARM
    assert moved.psi > moved.by_chance
    assert weeks(0.3, 0.3, films=5).scores is Alarm.TOO_FEW


def test_more_refusals_than_before_raise_the_alarm() -> None:
    assert weeks(0.3, 0.3).refusals is Alarm.STEADY
    assert weeks(0.3, 0.3, refused=(3, 40)).refusals is Alarm.ALARM


def test_only_the_model_that_answered_last_counts() -> None:
    tally = DriftTally(LAST, 12)
    tally.add("old 1.0", LAST - timedelta(weeks=8), 0.5)
    tally.add("new 1.0", LAST, 0.25)
    found = tally.drift()
    assert found.model == "new 1.0"
    assert sum(week.films for week in found.weeks) == 1
    assert found.weeks[-1].scores[2] == 1
    assert found.weeks[-1].monday == MONDAY


def test_films_of_another_model_are_no_refusals() -> None:
    tally = DriftTally(LAST, 12)
    for back in range(12):
        model = "new 1.0" if back < 2 else "old 1.0"
        tally.add(model, LAST - timedelta(weeks=11 - back), 0.5, films=97)
        tally.add_refused(LAST - timedelta(weeks=11 - back), 3)
    found = tally.drift()
    assert [week.refusal_rate.value for week in found.weeks] == pytest.approx([0.03] * 12)
    assert found.refusals is Alarm.STEADY


def test_a_film_of_another_time_does_not_count() -> None:
    tally = DriftTally(LAST, 12)
    tally.add("model 1.0", MONDAY - timedelta(weeks=12), 0.5)
    tally.add("model 1.0", MONDAY + timedelta(weeks=1), 0.5)
    assert sum(week.films for week in tally.drift().weeks) == 0


def test_the_picture_has_a_field_for_every_tenth_of_every_week() -> None:
    svg = drift_svg(weeks(0.3, 0.6))
    scores, ground_and_frame, device_and_model, legend = 12 * BINS, 2, 12 * 2, 2
    assert svg.count("<rect") == scores + ground_and_frame + device_and_model + legend
    assert "03-02" in svg


def mixed(before: dict[str, int], now: dict[str, int]) -> Mix:
    tally = DriftTally(LAST, 12)
    for makers, weeks_ago in ((before, 8), (now, 0)):
        for maker, films in makers.items():
            for _ in range(films):
                tally.add("model 1.0", LAST - timedelta(weeks=weeks_ago), 0.5, maker)
    return tally.drift().devices


@pytest.mark.parametrize(
    ("before", "now", "alarm"),
    [
        ({"Agfa": 300, "Fuji": 300}, {"agfa ": 150, "FUJI": 150}, Alarm.STEADY),
        ({"Agfa": 300, "Fuji": 300}, {"Agfa": 105, "Fuji": 195}, Alarm.STEADY),
        ({"Agfa": 3000, "Fuji": 3000}, {"Agfa": 2020, "Fuji": 980}, Alarm.WATCH),
        ({"Agfa": 300, "Fuji": 300}, {"Agfa": 100, "Carestream": 200}, Alarm.ALARM),
        ({"Agfa": 99}, {"Fuji": 200}, Alarm.TOO_FEW),
        ({}, {}, Alarm.TOO_FEW),
    ],
)
def test_another_mix_of_devices_raises_the_alarm(
    before: dict[str, int], now: dict[str, int], alarm: Alarm
) -> None:
    assert mixed(before, now).alarm is alarm


def test_the_mix_of_every_week_stands_in_the_order_of_the_names() -> None:
    mix = mixed({"Agfa": 300, "Fuji": 200}, {"Fuji": 150})
    assert [row[0] for row in mix.shares] == ["fuji", "agfa"]
    assert mix.weeks[3] == (200, 300)
    assert mix.weeks[-1] == (150, 0)
    assert sum(map(sum, mix.weeks)) == 650


def test_another_model_raises_the_alarm_of_the_models() -> None:
    tally = DriftTally(LAST, 12)
    tally.add("old 1.0", LAST - timedelta(weeks=8), 0.5, films=300)
    tally.add("new 1.0", LAST, 0.5, films=300)
    found = tally.drift()
    assert found.models.alarm is Alarm.ALARM
    assert found.devices.alarm is Alarm.STEADY
    svg = drift_svg(found)
    assert "old 1.0: 0 films in the last four weeks, 300 before" in svg


def test_one_film_of_a_model_is_not_told_as_several() -> None:
    tally = DriftTally(LAST, 12)
    tally.add("new 1.0", LAST, 0.5, films=1)
    assert "new 1.0: 1 film in the last four weeks, 0 before" in drift_svg(tally.drift())


def test_a_name_in_a_file_is_no_markup_in_the_picture() -> None:
    tally = DriftTally(LAST, 12)
    tally.add("model 1.0", LAST, 0.5, "<script>&")
    assert "<script>" not in drift_svg(tally.drift())
    assert "&lt;script&gt;&amp;" in drift_svg(tally.drift())


def test_a_weeks_index_is_told_from_100_films_on() -> None:
    found = weeks(0.3, 0.6, films=120)
    assert found.week_index(found.weeks[-1]) > 1
    assert found.week_index(found.weeks[0]) < 0.3
    few = weeks(0.3, 0.6, films=60)
    assert math.isnan(few.week_index(few.weeks[-1]))


def test_seldom_makers_are_counted_together_and_no_maker_by_its_own() -> None:
    makers = {f"maker {letter}": 100 for letter in "abcd"} | {"": 50, "seldom": 3, "rare": 2}
    mix = mixed(makers, makers)
    assert [row[0] for row in mix.shares][-2:] == ["not stated", "others"]
    assert mix.shares[-1] == ("others", 5, 5)
    assert mix.psi == pytest.approx(0.0)


@pytest.mark.parametrize(("freedom", "value"), [(1, 6.635), (4, 13.277), (9, 21.666)])
def test_the_bound_of_chance_is_that_of_the_tables(freedom: int, value: float) -> None:
    assert chi_square_99(freedom) == pytest.approx(value, rel=0.01)
