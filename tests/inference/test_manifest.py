from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cxr_desktop.domain.errors import ModelUnavailable
from cxr_desktop.inference.manifest import TOO_FEW, UNMEASURED, GoldenCase, MeaningRow
from cxr_desktop.inference.manifest_file import parse_manifest, read_manifest, write_manifest
from tests.support.packs import make_pack


def _table() -> dict[str, Any]:
    return {
        "id": "demo",
        "version": "1",
        "title": "Demo",
        "sha256": "ab" * 32,
        "labels": ["normal", "pathology"],
        "abnormal_labels": ["pathology"],
        "operating_points": {"normal_below": 0.2, "abnormal_from": 0.8},
        "input": {
            "width": 224,
            "height": 224,
            "fit": "stretch",
            "intensity": "percentile",
            "mean": [0.5, 0.5, 0.5],
            "std": [0.25, 0.25, 0.25],
        },
    }


def test_what_is_written_reads_back_as_the_same_manifest(tmp_path: Path) -> None:
    first = read_manifest(make_pack(tmp_path) / "manifest.toml")
    write_manifest(first, tmp_path / "again.toml")
    assert read_manifest(tmp_path / "again.toml") == first
    assert first.golden is not None


def test_unknown_keys_are_tolerated() -> None:
    assert parse_manifest({**_table(), "colour": "blue"}).id == "demo"


def test_the_order_of_labels_is_the_files_own() -> None:
    manifest = parse_manifest({**_table(), "labels": ["pathology", "normal"]})
    assert manifest.abnormal_indices == (0,)


@pytest.mark.parametrize(
    "change, named",
    [
        ({"version": 1}, "version"),
        ({"title": True}, "title"),
        ({"labels": "normal"}, "labels"),
        ({"labels": ["normal", 2]}, "labels"),
        ({"labels": ["normal"]}, "labels"),
        ({"abnormal_labels": ["normal", "pathology"]}, "abnormal_labels"),
        ({"abnormal_labels": ["ill"]}, "abnormal_labels"),
        ({"sha256": "abc"}, "sha256"),
        ({"id": "../up"}, "id"),
        ({"operating_points": {"normal_below": "0.2", "abnormal_from": 0.8}}, "normal_below"),
        ({"operating_points": {"normal_below": 0.9, "abnormal_from": 0.8}}, "operating points"),
        ({"operating_points": 0.5}, "operating_points"),
        ({"meaning": [{"from": 0, "to": 2, "abnormal_of_100": 5}]}, "meaning"),
        ({"meaning": [{"from": 0, "to": 1, "abnormal_of_100": 5.5}]}, "abnormal_of_100"),
        ({"meaning": [{"from": 0, "to": 1, "abnormal_of_100": 5, "films": -1}]}, "meaning"),
        ({"figures": {"AUC": 0.9}}, "figures.AUC"),
        ({"golden": {"film": "../x.npy", "logits": [0, 1]}}, "golden"),
        ({"golden": {"film": "x.npy", "logits": [0]}}, "golden"),
        ({"input": {**_table()["input"], "width": 3}}, "size"),
        ({"input": {**_table()["input"], "width": 224.0}}, "input.width"),
        ({"input": {**_table()["input"], "std": [0.5, 0.5]}}, "input.std"),
        ({"input": {**_table()["input"], "fit": "letterbox"}}, "input.fit"),
        ({"input": {**_table()["input"], "intensity": "log"}}, "input.intensity"),
    ],
)
def test_a_wrong_value_is_refused_by_its_name(change: dict[str, Any], named: str) -> None:
    with pytest.raises(ModelUnavailable, match=named) as caught:
        parse_manifest({**_table(), **change})
    assert caught.value.hint


@pytest.mark.parametrize("key", ["id", "version", "sha256", "labels", "operating_points", "input"])
def test_a_missing_key_is_named(key: str) -> None:
    table = _table()
    del table[key]
    with pytest.raises(ModelUnavailable, match=f"“{key}” is missing"):
        parse_manifest(table)


@pytest.mark.parametrize("content", [b"not = [toml", b"\xff\xfe\x00", b"x" * 2_000_000])
def test_a_damaged_manifest_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "manifest.toml"
    path.write_bytes(content)
    with pytest.raises(ModelUnavailable) as caught:
        read_manifest(path)
    assert caught.value.message.endswith(".")
    assert "Traceback" not in str(caught.value)


def test_a_missing_manifest_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="no manifest"):
        read_manifest(tmp_path / "manifest.toml")


def test_the_sentence_comes_from_the_row_of_the_score(tmp_path: Path) -> None:
    manifest = read_manifest(make_pack(tmp_path) / "manifest.toml")
    assert "about 10 were abnormal" in manifest.sentence(0.0)
    assert "about 90 were abnormal" in manifest.sentence(0.5)
    assert "about 90 were abnormal" in manifest.sentence(1.0)
    assert "drawn films" in manifest.sentence(0.4)


def test_a_model_without_figures_says_that_nothing_is_known(tmp_path: Path) -> None:
    manifest = read_manifest(make_pack(tmp_path) / "manifest.toml")
    assert replace(manifest, meaning=()).sentence(0.99) == UNMEASURED


def test_the_sentence_tells_how_many_films_are_behind_it(tmp_path: Path) -> None:
    manifest = read_manifest(make_pack(tmp_path) / "manifest.toml")
    assert "(counted on" not in manifest.sentence(0.4)
    counted = replace(manifest, meaning=(MeaningRow(0.0, 0.5, 10, 143),))
    assert "about 10 were abnormal (counted on 143)" in counted.sentence(0.4)
    write_manifest(counted, tmp_path / "again.toml")
    assert read_manifest(tmp_path / "again.toml").meaning == counted.meaning


def test_of_a_score_that_few_films_had_no_number_is_told(tmp_path: Path) -> None:
    manifest = read_manifest(make_pack(tmp_path) / "manifest.toml")
    gap = replace(manifest, meaning=(MeaningRow(0.0, 0.2, 10, 90), MeaningRow(0.8, 1.0, 95, 90)))
    assert gap.sentence(0.5) == TOO_FEW
    assert "95" in gap.sentence(1.0)


@pytest.mark.parametrize("film", ["/etc/film.npy", "a/../../film.npy", "a\\b.npy", "C:film.npy"])
def test_a_golden_film_outside_the_pack_is_refused(film: str) -> None:
    with pytest.raises(ValueError, match="inside the pack"):
        GoldenCase(film, (0.0, 1.0))
