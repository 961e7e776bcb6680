from pathlib import Path

import pytest

from tests.cli.conftest import Run, one_sentence


@pytest.fixture
def labelled(films: Path) -> Path:
    """A manifest of two drawn films whose brightness is their truth."""
    manifest = films / "films.csv"
    manifest.write_text(
        "path,label,source,split\n"
        "dark.png,normal,Drawn,val\n"
        "bright.png,abnormal,Drawn,val\n"
        "bright.png,normal,Other,test\n",
        encoding="utf-8",
    )
    return manifest


def test_json_is_one_object_with_each_source_by_itself(
    run: Run, labelled: Path, tmp_path: Path
) -> None:
    plots = tmp_path / "plots"
    said = run("evaluate", labelled, "--split", "val", "--plots", plots, "--json")
    assert said.status == 0
    (report,) = said.rows
    assert report["model"]["id"] == "tiny"
    (source,) = report["sources"]
    assert (source["source"], source["normals"], source["abnormals"]) == ("Drawn", 1, 1)
    assert report["refused"] == []
    names = sorted(path.name for path in plots.iterdir())
    assert names == ["reliability.png", "reliability.svg", "roc.png", "roc.svg"]
    macro = report["macro_average"]
    assert macro["sources"] == ["Drawn"]
    assert set(macro) == {
        "sources", "auc", "sensitivity", "specificity", "accuracy", "uncertain", "cleared",
        "calibration_error", "ppv", "npv",
    }  # fmt: skip
    for name in ("sensitivity", "calibration_error", "ppv", "npv"):
        assert set(source[name]) == {"value", "low", "high"}
    assert source["auc"]["value"] is None  # one film of each label proves nothing


def test_text_names_every_source(run: Run, labelled: Path) -> None:
    said = run("evaluate", labelled)
    assert said.status == 0
    assert "Drawn: 1 normal, 1 abnormal films" in said.lines
    assert "Other: 1 normal, 0 abnormal films" in said.lines
    assert "mean of Drawn (each counts the same)" in said.lines
    assert any("PPV" in line and "at prevalence 0.1" in line for line in said.lines)


def test_sources_with_one_label_each_can_be_measured_as_one(run: Run, labelled: Path) -> None:
    said = run("evaluate", labelled, "--join", "All=Drawn,Other")
    assert said.status == 0
    assert "All: 2 normal, 1 abnormal films" in said.lines
    alone = run("evaluate", labelled, "--split", "test")
    assert any(line.startswith("no mean: ") for line in alone.lines)


@pytest.mark.parametrize("words", ["All", "All=", "=Drawn", "All=Drawn,,Other", "All=Nowhere"])
def test_a_wrong_join_is_one_sentence(run: Run, labelled: Path, words: str) -> None:
    said = run("evaluate", labelled, "--join", words)
    assert (said.status, said.out) == (2, "")
    one_sentence(said)


def test_a_refused_film_is_told_and_gives_status_1(run: Run, labelled: Path) -> None:
    (labelled.parent / "dark.png").write_bytes(b"words")
    said = run("evaluate", labelled, "--json")
    assert said.status == 1
    assert [row["code"] for row in said.rows[0]["refused"]] == ["unsupported_format"]


def test_a_file_that_is_no_manifest_is_one_sentence(run: Run, films: Path) -> None:
    said = run("evaluate", films / "dark.png")
    assert (said.status, said.out) == (2, "")
    one_sentence(said)


def test_a_wrong_prevalence_is_one_sentence(run: Run, labelled: Path) -> None:
    said = run("evaluate", labelled, "--prevalence", "2")
    assert said.status == 2
    one_sentence(said, "prevalence")
