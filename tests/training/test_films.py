"""The index counts films and refuses every leak, loudly."""

import csv
from pathlib import Path

import numpy as np
import pytest

from cxr_desktop.training.films import (
    Film,
    LeakError,
    check_disjoint,
    check_held_out,
    counts,
    load_manifest,
)
from cxr_desktop.training.sampler import BalancedSampler, sampling_weights


def _film(number: int, **changes: str) -> Film:
    values = {
        "source": "kermany",
        "label": "normal",
        "patient": f"p{number}",
        "view": "AP",
        "confidence": "high",
        "split": "train",
        "terms": "open",
        "sha256": f"{number:064d}",
    } | changes
    return Film(path=Path(f"{number}.png"), **values)


def test_a_patient_in_training_and_validation_is_a_leak() -> None:
    with pytest.raises(LeakError, match="1 values of patient"):
        check_disjoint([_film(1, patient="x"), _film(2, patient="x", split="val")])


def test_a_film_in_training_and_validation_is_a_leak() -> None:
    with pytest.raises(LeakError, match="sha256"):
        check_disjoint([_film(1, sha256="a"), _film(2, sha256="a", split="val_nc")])


def test_a_patient_twice_in_training_is_no_leak() -> None:
    check_disjoint([_film(1, patient="x"), _film(2, patient="x", split="train_nc")])


def test_a_held_out_hospital_in_training_is_a_leak() -> None:
    with pytest.raises(LeakError, match="nih"):
        check_held_out([_film(1), _film(2, source="nih_bbox")], "nih")


def test_counts_are_per_split_source_and_label() -> None:
    films = [_film(1), _film(2), _film(3, label="abnormal", split="val")]
    assert counts(films) == {("train", "kermany", "normal"): 2, ("val", "kermany", "abnormal"): 1}


def test_a_manifest_is_read_and_its_paths_are_its_own_folder(tmp_path: Path) -> None:
    row = {
        "path": "pool/a.jpg",
        "source_dataset": "shenzhen",
        "label": "abnormal",
        "patient_id": "1",
        "view": "PA",
        "label_confidence": "high",
        "split": "train",
        "terms": "open",
        "sha256": "a",
    }
    manifest = tmp_path / "manifest.csv"
    with manifest.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, row)
        writer.writeheader()
        writer.writerow(row)
    (film,) = load_manifest(manifest)
    assert film.path == tmp_path / "pool/a.jpg"
    assert film.is_abnormal
    assert film.hospital == "shenzhen"


def test_a_manifest_without_patients_is_refused(tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.csv"
    manifest.write_text("path,label\na.jpg,normal\n", encoding="utf-8")
    with pytest.raises(ValueError, match="patient_id"):
        load_manifest(manifest)


def test_hospital_label_and_view_get_their_shares() -> None:
    films = [
        *(_film(i) for i in range(8)),
        *(_film(10 + i, label="abnormal") for i in range(2)),
        *(_film(20 + i, source="nih_bbox", label="abnormal", view="PA") for i in range(3)),
        _film(30, source="nih_bbox", label="abnormal", view="AP"),
        _film(31, source="nih_normal_rsna", view="PA"),
    ]
    weights = sampling_weights(films, {"kermany": 0.4, "nih": 0.6})
    assert weights.sum() == pytest.approx(1)
    assert weights[:8].sum() == pytest.approx(0.2)
    assert weights[8:10].sum() == pytest.approx(0.2)
    assert weights[10:13].sum() == pytest.approx(0.15)
    assert weights[13] == pytest.approx(0.15)
    assert weights[14] == pytest.approx(0.3)


def test_films_with_doubtful_labels_are_drawn_less() -> None:
    films = [_film(1), _film(2, confidence="very low (text-mined)"), _film(3, label="abnormal")]
    weights = sampling_weights(films, {"kermany": 1.0})
    assert weights[1] == pytest.approx(weights[0] * 0.15)


def test_the_sampler_draws_by_weight() -> None:
    drawn = BalancedSampler(np.array([0.0, 1.0]), np.random.default_rng(1)).draw(9)
    assert drawn.tolist() == [1] * 9
