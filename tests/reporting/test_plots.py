"""Plots are well-formed SVG and say what was measured."""

from xml.etree import ElementTree as ET

import cv2
import numpy as np
import pytest

from cxr_desktop.domain.evaluation import ScoredFilm
from cxr_desktop.domain.performance import auc
from cxr_desktop.reporting.chart import SIDE, WIDTH, colour_of
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
    assert len(root.findall("{http://www.w3.org/2000/svg}polyline")) == 2


def test_a_source_with_one_label_has_no_roc_curve() -> None:
    assert roc_chart([ScoredFilm("a", "b", abnormal=True, probability=0.4)]).curves == ()


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
