"""The answer as a person sees it: a word, a shape, a colour, a number and what it means."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.assessment import DISCLAIMER, Assessment, OperatingPoints, Verdict
from cxr_desktop.ui.widgets.score_scale import cut_text, score_text
from cxr_desktop.ui.widgets.verdict_badge import VerdictBadge, look_of
from tests.support.examples import an_exam

CUTS = OperatingPoints(normal_below=0.3, abnormal_from=0.7)


@pytest.mark.parametrize(
    "probability,word", [(0.1, "Normal"), (0.5, "Uncertain"), (0.9, "Abnormal")]
)
def test_each_verdict_has_its_word(qtbot: QtBot, probability: float, word: str) -> None:
    badge = VerdictBadge()
    qtbot.addWidget(badge)
    badge.show_assessment(an_exam(probability=probability).assessment)
    assert badge.word == word
    assert badge.probability_text == f"P(abnormal) {probability:.2f}"
    assert word in badge.accessibleName()


def test_no_two_verdicts_share_word_shape_or_colour() -> None:
    looks = [look_of(verdict) for verdict in Verdict]
    for values in zip(*((look.word, look.icon, look.colour) for look in looks), strict=True):
        assert len(set(values)) == len(looks)


def test_the_meaning_and_the_disclaimer_are_always_there(qtbot: QtBot) -> None:
    badge = VerdictBadge()
    qtbot.addWidget(badge)
    badge.show_assessment(an_exam().assessment)
    texts = [label.text() for label in badge.findChildren(QLabel)]
    assert DISCLAIMER in texts
    assert "Of 10 films with this score, 9 were abnormal." in texts


def test_a_meaning_with_markup_is_shown_as_text(qtbot: QtBot) -> None:
    badge = VerdictBadge()
    qtbot.addWidget(badge)
    answer: Assessment = replace(an_exam().assessment, meaning="<h1>x</h1>")
    badge.show_assessment(answer)
    assert all(
        label.textFormat().name == "PlainText"
        for label in badge.findChildren(QLabel)
        if label.text()
    )


@given(st.floats(0, 1))
def test_a_score_is_never_rounded_into_another_zone(value: float) -> None:
    text = score_text(value, CUTS)
    if text[0] not in "<>":
        assert CUTS.verdict(float(text)) == CUTS.verdict(value)
        assert float(text) == pytest.approx(value, abs=0.00501)


def test_scores_next_to_a_cut_or_an_end_get_what_they_need() -> None:
    assert score_text(0.83, CUTS) == "0.83"
    assert score_text(0.2991, CUTS) == "0.299"
    assert score_text(0.001, CUTS) == "<0.01"
    assert score_text(0.9999, CUTS) == ">0.99"
    assert (cut_text(0.3), cut_text(0.347)) == ("0.30", "0.347")
    assert (cut_text(0.000396), cut_text(8.52e-05)) == ("0.000396", "0.0000852")


def test_the_scale_paints_any_cuts_in_any_width(qtbot: QtBot) -> None:
    badge = VerdictBadge()
    qtbot.addWidget(badge)
    answer = an_exam().assessment
    for low, high in ((0.0, 0.0), (0.5, 0.5), (0.49, 0.51), (1.0, 1.0), (0.0, 1.0)):
        badge.show_assessment(replace(answer, points=OperatingPoints(low, high)))
        for width in (180, 320):
            badge.resize(width, 220)
            badge.grab()
