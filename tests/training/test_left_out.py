"""What may be said of left-out hospitals depends on what was measured, and on nothing else."""

from pathlib import Path

import pytest

from cxr_desktop.domain.performance import Estimate
from cxr_desktop.training.left_out import (
    NOT_MEASURED,
    beside_chance,
    left_out_figures,
    left_out_sentence,
    mean_of_runs,
    read_left_out,
)


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0.55, 0.70, "better than chance"),
        (0.38, 0.47, "worse than chance"),
        (0.45, 0.60, "not to be told from chance"),
        (0.50, 0.60, "not to be told from chance"),
    ],
)
def test_the_interval_decides_what_is_said_beside_chance(
    low: float, high: float, words: str
) -> None:
    assert beside_chance(Estimate((low + high) / 2, low, high)) == words


def test_the_sentence_names_every_hospital_with_its_interval() -> None:
    found = {
        "shenzhen": Estimate(0.42, 0.38, 0.47),
        "nih_boxed": Estimate(0.76, 0.74, 0.78),
        "nih_boxed, blurred": Estimate(0.75, 0.73, 0.78),
        "nih_boxed: nodule": Estimate(0.49, 0.35, 0.62),
    }
    sentence = left_out_sentence(found)
    assert "Shenzhen 0.42 (0.38 to 0.47, worse than chance)" in sentence
    assert "0.76 (0.74 to 0.78, better than chance)" in sentence
    assert "nodule" not in sentence
    assert "networks trained the same way was:" in sentence
    assert "trained without it (YOLOv5s) was:" in left_out_sentence(found, "YOLOv5s")
    figures = left_out_figures(found, "YOLOv5s")
    assert len(figures) == 4
    assert figures["AUC, nih_boxed: nodule left out of training"].endswith(
        "not to be told from chance (YOLOv5s)"
    )


def test_without_a_measurement_the_sentence_says_so() -> None:
    assert left_out_sentence({}) == NOT_MEASURED


def test_a_file_of_the_training_is_read(tmp_path: Path) -> None:
    path = tmp_path / "loso.json"
    path.write_text('{"kermany": [0.9, 0.85, 0.94]}', encoding="utf-8")
    assert read_left_out(path) == {"kermany": Estimate(0.9, 0.85, 0.94)}


def test_several_runs_become_their_mean_with_an_interval_that_spans_theirs() -> None:
    runs = [
        {"shenzhen": Estimate(0.6, 0.55, 0.65)},
        {"shenzhen": Estimate(0.7, 0.66, 0.74), "kermany": Estimate(0.9, 0.8, 0.95)},
    ]
    mean = mean_of_runs(runs)
    assert mean["kermany"] == Estimate(0.9, 0.8, 0.95)
    assert mean["shenzhen"].value == pytest.approx(0.65)
    assert (mean["shenzhen"].low, mean["shenzhen"].high) == (0.55, 0.74)
    assert mean_of_runs([]) == {}


@pytest.mark.parametrize(
    "content", ["[]", "{", '{"a": 1}', '{"a": [1, 2]}', '{"a": [0.9, 0.95, 0.97]}', '{"a": ["x"]}']
)
def test_another_file_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "loso.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=r"loso\.json"):
        read_left_out(path)
