"""The self-test of the decoder finds a compression that is read wrongly, or not at all."""

import shutil
from pathlib import Path

import pytest

from cxr_desktop.domain.errors import UserError
from cxr_desktop.imaging.child_reader import ChildFilmReader
from cxr_desktop.imaging.codec_check import FILMS, PLAIN, check_codecs
from tests.support.draw_codecs import FOLDER, draw_all


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return shutil.copytree(FOLDER, tmp_path / "codecs")


def test_every_compression_is_read_as_it_was_drawn(reader: ChildFilmReader) -> None:
    assert check_codecs(reader, FOLDER) == "11 kinds of films are read, each as it was drawn."


def test_the_folder_holds_these_films_and_nothing_else() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {PLAIN, *FILMS}


def test_films_drawn_now_pass_too(reader: ChildFilmReader, tmp_path: Path) -> None:
    draw_all(tmp_path)
    check_codecs(reader, tmp_path)


@pytest.mark.parametrize("file", FILMS)
def test_a_film_that_is_damaged_or_absent_is_named(
    reader: ChildFilmReader, folder: Path, file: str
) -> None:
    content = (folder / file).read_bytes()
    (folder / file).write_bytes(content[: len(content) // 2])
    with pytest.raises(UserError, match=FILMS[file][0]):
        check_codecs(reader, folder)
    (folder / file).unlink()
    with pytest.raises(UserError, match=FILMS[file][0]) as refused:
        check_codecs(reader, folder)
    others = [name for other, (name, _) in FILMS.items() if other != file]
    assert not any(f" {name}." in refused.value.message for name in others)


def test_other_pixels_are_found(reader: ChildFilmReader, folder: Path) -> None:
    content = bytearray((folder / PLAIN).read_bytes())
    content[-100] ^= 0x40
    (folder / PLAIN).write_bytes(bytes(content))
    with pytest.raises(UserError, match="JPEG lossless"):
        check_codecs(reader, folder)


def test_without_any_films_the_plain_one_is_named(reader: ChildFilmReader, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="plain DICOM"):
        check_codecs(reader, tmp_path)
