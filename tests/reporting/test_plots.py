"""Plots are well-formed SVG and say what was measured."""

from xml.etree import ElementTree as ET

import numpy as np
import pytest

from cxr_desktop.domain.evaluation import ScoredFilm
from cxr_desktop.domain.performance import auc
from cxr_desktop.reporting.plots import reliability_svg, roc_points, roc_svg

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
    text = roc_svg(FILMS)
    root = ET.fromstring(text)  # noqa: S314 - our own text
    assert "AUC 0." in text
    assert "a &amp; &lt;b&gt;" in text
    assert len(root.findall("{http://www.w3.org/2000/svg}polyline")) == 2


def test_a_source_with_one_label_has_no_roc_curve() -> None:
    assert "AUC" not in roc_svg([ScoredFilm("a", "b", abnormal=True, probability=0.4)])


def test_a_reliability_plot_marks_every_bin_with_films() -> None:
    root = ET.fromstring(reliability_svg(FILMS))  # noqa: S314 - our own text
    assert len(root.findall("{http://www.w3.org/2000/svg}circle")) == 10
