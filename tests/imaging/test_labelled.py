"""Films of known truth come from a manifest or from two folders; anything else is a sentence."""

from pathlib import Path

import pytest

from cxr_desktop.domain.errors import InvalidRequest
from cxr_desktop.imaging.labelled import LabelledFilm, labelled_films


def test_two_folders_are_two_labels(tmp_path: Path) -> None:
    for name in ("normal/a.png", "abnormal/deep/b.png", "normal/.hidden", "other/c.png"):
        path = tmp_path / "set" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    films = labelled_films(tmp_path / "set")
    assert films == (
        LabelledFilm(tmp_path / "set/normal/a.png", abnormal=False, source="set"),
        LabelledFilm(tmp_path / "set/abnormal/deep/b.png", abnormal=True, source="set"),
    )


def test_a_manifest_is_filtered_by_split_and_label(tmp_path: Path) -> None:
    manifest = tmp_path / "m.csv"
    manifest.write_text(
        "path,label,source_dataset,split\na.png,normal,x,val\nb.png,abnormal,,train\n"
        "c.png,ood,x,val\nd.png,abnormal,y,val\n",
        encoding="utf-8",
    )
    films = labelled_films(manifest, splits=["val"])
    assert [(film.path.name, film.abnormal, film.source) for film in films] == [
        ("a.png", False, "x"),
        ("d.png", True, "y"),
    ]
    assert labelled_films(manifest)[1].source == "unnamed"


@pytest.mark.parametrize(
    "content", [b"name,truth\na,b\n", b"path,label\n", b"\xff\xfe\x00", b"", b"path,label\na,ood\n"]
)
def test_a_manifest_that_says_nothing_is_refused(tmp_path: Path, content: bytes) -> None:
    manifest = tmp_path / "m.csv"
    manifest.write_bytes(content)
    with pytest.raises(InvalidRequest):
        labelled_films(manifest)


def test_a_missing_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest, match=r"no file or folder “absent\.csv”"):
        labelled_films(tmp_path / "absent.csv")


def test_a_manifest_as_a_spreadsheet_of_another_country_writes_it_is_read(tmp_path: Path) -> None:
    manifest = tmp_path / "m.csv"
    manifest.write_text("\ufeffPath;Label ;Source\na, b.png; Normal;X\nc.png;ABNORMAL;X\n", "utf-8")
    assert labelled_films(manifest) == (
        LabelledFilm(tmp_path / "a, b.png", abnormal=False, source="X"),
        LabelledFilm(tmp_path / "c.png", abnormal=True, source="X"),
    )


def test_a_row_that_ends_early_is_left_to_be_refused_as_a_film(tmp_path: Path) -> None:
    manifest = tmp_path / "m.csv"
    manifest.write_text("label,path\nnormal\nabnormal,a.png\n\n", "utf-8")
    assert [film.path for film in labelled_films(manifest)] == [tmp_path, tmp_path / "a.png"]


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest, match="no labelled film"):
        labelled_films(tmp_path)


def test_sources_can_be_joined_and_an_unknown_one_is_named(tmp_path: Path) -> None:
    manifest = tmp_path / "m.csv"
    manifest.write_text("path,label,source\na,normal,x\nb,abnormal,y\nc,normal,z\n", "utf-8")
    films = labelled_films(manifest, joined={"x": "xy", "y": "xy"})
    assert [film.source for film in films] == ["xy", "xy", "z"]
    with pytest.raises(InvalidRequest, match="source nowhere"):
        labelled_films(manifest, joined={"nowhere": "xy"})
