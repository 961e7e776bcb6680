"""Plots are well-formed SVG and say what was measured."""

from xml.etree import ElementTree as ET

import cv2
import numpy as np
import pytest

from cxr_desktop.domain.assessment import OperatingPoints
from cxr_desktop.domain.evaluation import ScoredFilm
from cxr_desktop.domain.performance import auc, wilson
from cxr_desktop.reporting.chart import SIDE, WIDTH, colour_of, height_of
from cxr_desktop.reporting.chart_svg import chart_svg
from cxr_desktop.reporting.plots import draw_plots, reliability_chart, roc_chart, roc_points

FILMS = [
    ScoredFilm(f"{number}.png", "a & <b>", number % 3 == 0, (number * 37 % 100) / 100)
    for number in range(60)
]


def test_roc_points_enclose_the_area_that_is_reported() -> None:
    rng = np.random.default_rng(2)
    abnormal = rng.random(200) < 0.4
    scores = np.round(rng.random(200) + 0.4 * abnormal, 1) / 2
    points = np.array(roc_points(scores, abnormal))
    area = np.trapezoid(points[:, 1], points[:, 0])
    assert area == pytest.approx(auc(scores, abnormal).value)


def test_a_roc_plot_has_a_curve_and_a_legend_per_source() -> None:
    text = chart_svg(roc_chart(FILMS))
    root = ET.fromstring(text)  # noqa: S314 - our own text
    assert "AUC 0." in text
    assert "a &amp; &lt;b&gt;" in text
    lines = root.findall("{http://www.w3.org/2000/svg}polyline")
    assert len(lines) == 3  # the diagonal, the curve, and its dash in the legend


def test_a_source_with_one_label_has_no_roc_curve() -> None:
    assert roc_chart([ScoredFilm("a", "b", abnormal=True, probability=0.4)]).curves == ()


def test_both_cuts_are_marked_on_the_roc_curve_and_named_below_it() -> None:
    points = OperatingPoints(0.25, 0.7)
    chart = roc_chart(FILMS, points)
    missed = sum(film.abnormal and film.probability < 0.25 for film in FILMS)
    low, high = chart.marks
    assert low.points[0][1] == pytest.approx(1 - missed / 20)
    assert low.points[0][0] > high.points[0][0]
    assert low.corners != high.corners  # told apart without a colour
    text = chart_svg(chart)
    assert "normal below 0.25" in text
    assert f'viewBox="0 0 {WIDTH} {height_of(chart)}"' in text
    assert height_of(chart) > height_of(roc_chart(FILMS))


def test_a_curve_of_many_films_is_drawn_in_few_points_that_enclose_the_same_area() -> None:
    rng = np.random.default_rng(3)
    many = [
        ScoredFilm("f", "site", bool(n % 2), float(score))
        for n, score in enumerate(rng.beta(2, 2, 60_000) * np.tile([0.7, 1.0], 30_000))
    ]
    (curve,) = roc_chart(many).curves
    assert len(curve.points) < 2500
    drawn = np.array(curve.points)
    assert (curve.points[0], curve.points[-1]) == ((0.0, 0.0), (1.0, 1.0))
    scores, abnormal = (
        np.array([getattr(f, n) for f in many]) for n in ("probability", "abnormal")
    )
    assert np.trapezoid(drawn[:, 1], drawn[:, 0]) == pytest.approx(
        auc(scores, abnormal).value, abs=1e-3
    )


def test_the_bars_of_the_reliability_plot_are_wilsons() -> None:
    (curve,) = reliability_chart([f for f in FILMS if f.probability < 0.1]).curves
    inside = [f for f in FILMS if f.probability < 0.1]
    wanted = wilson(sum(f.abnormal for f in inside), len(inside))
    assert curve.bars == ((wanted.low, wanted.high),)
    assert curve.points[0][1] == wanted.value


def test_a_reliability_plot_marks_every_bin_with_films() -> None:
    root = ET.fromstring(chart_svg(reliability_chart(FILMS)))  # noqa: S314 - our own text
    assert len(root.findall("{http://www.w3.org/2000/svg}circle")) == 10


def test_a_roc_curve_agrees_with_scikit_learn() -> None:
    metrics = pytest.importorskip("sklearn.metrics", reason="scikit-learn is not installed")
    rng = np.random.default_rng(7)
    abnormal = rng.random(80) < 0.5
    scores = np.round(rng.random(80), 1)
    alarms, hits, _ = metrics.roc_curve(abnormal, scores, drop_intermediate=False)
    assert np.array(roc_points(scores, abnormal)) == pytest.approx(np.stack([alarms, hits], 1))


def test_both_plots_are_written_as_svg_and_as_png_of_the_same_page() -> None:
    files = draw_plots(FILMS)
    assert sorted(files) == ["reliability.png", "reliability.svg", "roc.png", "roc.svg"]
    page = cv2.imdecode(np.frombuffer(files["roc.png"], np.uint8), cv2.IMREAD_COLOR)
    assert page is not None
    assert page.shape[1] == 2 * WIDTH
    blue, green, red = (int(colour_of(0)[at : at + 2], 16) for at in (5, 3, 1))
    assert (page == (blue, green, red)).all(2).sum() > SIDE  # the curve is there, in its colour
    assert (page == 0).all(2).any()  # and so are words


def test_a_name_that_the_plain_font_lacks_is_still_drawn() -> None:
    files = draw_plots([ScoredFilm("a", "Zürich", abnormal=True, probability=0.4)])
    assert files["reliability.png"].startswith(b"\x89PNG")
    assert "Zürich" in files["reliability.svg"].decode()
