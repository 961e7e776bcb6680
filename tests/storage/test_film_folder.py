import hashlib
import os
from pathlib import Path

import pytest

from cxr_desktop.domain.errors import FilmRefused, StorageUnavailable
from cxr_desktop.storage.image_store import FilmFolder

FILM = b"film" * 1000
SHA = hashlib.sha256(FILM).hexdigest()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "films"


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film.png"
    path.write_bytes(FILM)
    return path


def files_in(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


def test_a_film_lies_under_its_hash_for_its_owner_only(folder: Path, film: Path) -> None:
    archive = FilmFolder(folder)
    archive.keep(film, SHA)
    archive.keep_thumbnail(SHA, b"png")
    assert files_in(folder) == sorted(str(Path(SHA[:2]) / name) for name in (SHA, f"{SHA}.png"))
    if os.name != "nt":
        assert {p.stat().st_mode & 0o777 for p in folder.rglob("*")} == {0o600, 0o700}


def test_a_refused_film_leaves_nothing_behind(folder: Path, film: Path) -> None:
    film.write_bytes(b"another patient")
    with pytest.raises(FilmRefused):
        FilmFolder(folder).keep(film, SHA)
    assert files_in(folder) == []


def test_a_kept_film_is_not_copied_again(folder: Path, film: Path) -> None:
    archive = FilmFolder(folder)
    archive.keep(film, SHA)
    before = archive.path(SHA).stat()
    film.unlink()
    archive.keep(film, SHA)
    assert archive.path(SHA).stat().st_ino == before.st_ino


@pytest.mark.parametrize("damaged", [b"", FILM[:-1], FILM[:-1] + b"X"])
def test_a_copy_that_went_bad_is_replaced(folder: Path, film: Path, damaged: bytes) -> None:
    archive = FilmFolder(folder)
    archive.keep(film, SHA)
    archive.path(SHA).write_bytes(damaged)
    archive.keep(film, SHA)
    assert archive.path(SHA).read_bytes() == FILM


@pytest.mark.parametrize("address", ["", "../../etc/passwd", SHA.upper(), SHA[:-1], f"{SHA}\n"])
def test_an_address_that_is_no_hash_is_a_bug(folder: Path, film: Path, address: str) -> None:
    archive = FilmFolder(folder)
    with pytest.raises(ValueError, match="hexadecimal"):
        archive.keep(film, address)
    with pytest.raises(ValueError, match="hexadecimal"):
        archive.path(address)
    with pytest.raises(ValueError, match="hexadecimal"):
        archive.thumbnail(address)


def test_a_folder_is_no_film(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(FilmRefused):
        FilmFolder(folder).keep(tmp_path, SHA)


def test_a_place_that_cannot_be_written_is_a_sentence(folder: Path, film: Path) -> None:
    folder.write_text("a file in the way")
    with pytest.raises(StorageUnavailable) as refusal:
        FilmFolder(folder).keep(film, SHA)
    assert refusal.value.hint
    with pytest.raises(StorageUnavailable):
        FilmFolder(folder).keep_thumbnail(SHA, b"png")
    assert FilmFolder(folder).thumbnail(SHA) is None
    assert film.read_bytes() == FILM
