"""What is no ordinary film never reaches a decoder; what is one is told by its bytes."""

from __future__ import annotations

import hashlib
import os
import pickle
from pathlib import Path

import numpy as np
import pytest

from cxr_desktop.domain.errors import FilmRefused, RefusalCode
from cxr_desktop.imaging import limits
from cxr_desktop.imaging.formats import FILE_SUFFIXES, FORMATS
from cxr_desktop.imaging.registry import READERS, read_image
from tests.support.film_files import dicom, encoded, ramp, tiff

GREY = ramp(top=255).astype(np.uint8)
FILMS = {
    "DICOM": dicom(ramp()),
    "PNG": encoded(".png", GREY),
    "JPEG": encoded(".jpg", GREY),
    "TIFF": tiff(GREY),
}
needs_posix = pytest.mark.skipif(os.name == "nt", reason="pipes and devices of POSIX")


def refusal(path: Path) -> RefusalCode:
    with pytest.raises(FilmRefused) as refused:
        read_image(path)
    assert refused.value.hint
    return refused.value.refusal


def test_every_format_has_a_reader_and_every_reader_a_format() -> None:
    assert [name for name, _ in READERS] == [kind.name for kind in FORMATS]
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in FILE_SUFFIXES)


@pytest.mark.parametrize("kind", FILMS)
@pytest.mark.parametrize("name", ["film", "film.png", "film.dcm", "film é 影.txt"])
def test_a_film_is_told_by_its_bytes_whatever_it_is_called(
    kind: str, name: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(FILMS[kind])
    film = read_image(path)
    assert film.file_format == kind
    assert film.file_name == name
    assert film.sha256 == hashlib.sha256(FILMS[kind]).hexdigest()
    assert not film.pixels.flags.writeable


@pytest.mark.parametrize(
    "data",
    [
        b"just some text, called a film",
        b"GIF89a" + bytes(200),
        b"BM" + bytes(200),
        b"%PDF-1.7" + bytes(200),
        b"II+\0" + bytes(200),
        pickle.dumps({"a": 1}),
        bytes(132),
        b"MZ" + bytes(300),
    ],
)
@pytest.mark.parametrize("name", ["x.dcm", "x.png"])
def test_other_files_are_refused_whatever_they_are_called(
    data: bytes, name: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    assert refusal(path) is RefusalCode.UNSUPPORTED_FORMAT


def test_an_executable_preamble_does_not_matter_to_the_reader(tmp_path: Path) -> None:
    path = tmp_path / "x.dcm"
    path.write_bytes(b"MZ" + FILMS["DICOM"][2:])
    assert read_image(path).file_format == "DICOM"


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "empty.dcm"
    path.touch()
    assert refusal(path) is RefusalCode.DAMAGED


def test_a_folder_named_like_a_film_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "folder.dcm"
    path.mkdir()
    assert refusal(path) is RefusalCode.NOT_A_FILE


def test_a_file_that_is_gone_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "gone.png") is RefusalCode.NOT_A_FILE


@needs_posix
def test_a_pipe_is_refused_without_waiting(tmp_path: Path) -> None:
    path = tmp_path / "pipe.dcm"
    os.mkfifo(path)
    assert refusal(path) is RefusalCode.NOT_A_FILE


@needs_posix
def test_a_link_to_a_device_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "zero.dcm"
    path.symlink_to("/dev/zero")
    assert refusal(path) is RefusalCode.NOT_A_FILE


@needs_posix
def test_a_link_to_itself_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "loop.dcm"
    path.symlink_to(path)
    assert refusal(path) is RefusalCode.NOT_A_FILE


def test_a_file_above_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "large.png"
    path.write_bytes(FILMS["PNG"])
    monkeypatch.setattr(limits, "MAX_BYTES", 100)
    assert refusal(path) is RefusalCode.TOO_LARGE
