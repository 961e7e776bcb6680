"""What is read when a person drops files and folders."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from cxr_desktop.imaging.collect import find_films
from tests.support.film_files import dicom, encoded, ramp

PNG = encoded(".png", ramp(top=255).astype(np.uint8))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b/2.png", "b/1.PNG", "a/film", "a/.hidden.png", ".secret/x.png", "c.jpg"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(PNG)
    (tmp_path / "a" / "IM0001").write_bytes(dicom(ramp()))
    (tmp_path / "DICOMDIR").write_bytes(dicom(ramp()))
    (tmp_path / "notes.txt").write_text("nothing")
    (tmp_path / "broken.dcm").write_text("no film")
    return tmp_path


def names(paths: list[Path], folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in paths]


def test_folders_are_walked_in_order_and_other_files_left_out(folder: Path) -> None:
    found = names(list(find_films([folder])), folder)
    assert found == ["broken.dcm", "c.jpg", "a/IM0001", "a/film", "b/1.PNG", "b/2.png"]


def test_a_file_named_by_itself_is_always_tried(folder: Path) -> None:
    asked = [folder / "notes.txt", folder / "gone.png", folder / "DICOMDIR"]
    assert list(find_films(asked)) == asked


def test_a_file_is_found_once(folder: Path) -> None:
    film = folder / "b" / "2.png"
    assert names(list(find_films([film, folder / "b", film])), folder) == ["b/2.png", "b/1.PNG"]


def test_an_empty_folder_holds_nothing(tmp_path: Path) -> None:
    assert list(find_films([tmp_path])) == []


@pytest.mark.skipif(os.name == "nt", reason="links and pipes of POSIX")
def test_link_loops_and_pipes_do_no_harm(folder: Path) -> None:
    (folder / "b" / "back").symlink_to(folder)
    (folder / "b" / "self.dcm").symlink_to(folder / "b" / "self.dcm")
    os.mkfifo(folder / "pipe")
    found = names(list(find_films([folder])), folder)
    assert found == [
        "broken.dcm",
        "c.jpg",
        "a/IM0001",
        "a/film",
        "b/1.PNG",
        "b/2.png",
        "b/self.dcm",
    ]
