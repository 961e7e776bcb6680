"""One contract for the films, held by the fake and by the folder."""

import hashlib
from pathlib import Path

import pytest

from cxr_desktop.domain.errors import FilmRefused, RefusalCode, StorageUnavailable
from cxr_desktop.domain.ports import FilmArchive
from cxr_desktop.storage.image_store import FilmFolder
from tests.support.fakes import MemoryArchive
from tests.support.locked import data_keys

FILM = bytes(range(256)) * 9000
SHA = hashlib.sha256(FILM).hexdigest()


@pytest.fixture(params=["memory", "folder"])
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> FilmArchive:
    if request.param == "memory":
        return MemoryArchive()
    return FilmFolder(tmp_path / "films", data_keys)


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film.dcm"
    path.write_bytes(FILM)
    return path


def test_a_kept_film_has_the_same_bytes(archive: FilmArchive, film: Path) -> None:
    archive.keep(film, SHA)
    film.unlink()
    assert archive.content(SHA) == FILM


def test_a_film_that_changed_is_refused_and_not_kept(archive: FilmArchive, film: Path) -> None:
    film.write_bytes(FILM + b"x")
    with pytest.raises(FilmRefused) as refusal:
        archive.keep(film, SHA)
    assert refusal.value.refusal is RefusalCode.CHANGED
    with pytest.raises(StorageUnavailable):
        archive.content(SHA)


def test_a_film_that_is_gone_is_refused(archive: FilmArchive, film: Path) -> None:
    film.unlink()
    with pytest.raises(FilmRefused) as refusal:
        archive.keep(film, SHA)
    assert refusal.value.refusal is RefusalCode.CHANGED


def test_a_film_that_was_never_kept_is_gone(archive: FilmArchive) -> None:
    with pytest.raises(StorageUnavailable):
        archive.content(SHA)


def test_a_film_that_is_kept_already_may_be_kept_again(archive: FilmArchive, film: Path) -> None:
    archive.keep(film, SHA)
    archive.keep(film, SHA)
    assert archive.content(SHA) == FILM


def test_the_first_thumbnail_stays(archive: FilmArchive) -> None:
    assert archive.thumbnail(SHA) is None
    archive.keep_thumbnail(SHA, b"png 1")
    archive.keep_thumbnail(SHA, b"png 2")
    assert archive.thumbnail(SHA) == b"png 1"


def test_what_is_staged_is_no_kept_film_until_it_is_put_in_its_place(
    archive: FilmArchive, film: Path
) -> None:
    staged = archive.stage(film, b"png")
    assert staged.sha256 == SHA
    film.unlink()
    with pytest.raises(StorageUnavailable):
        archive.content(SHA)
    assert archive.thumbnail(SHA) is None
    assert archive.place(staged)
    assert archive.content(SHA) == FILM
    assert archive.thumbnail(SHA) == b"png"
    archive.discard(staged)
    assert archive.content(SHA) == FILM


def test_what_is_discarded_cannot_be_put_in_its_place(archive: FilmArchive, film: Path) -> None:
    staged = archive.stage(film, b"png")
    archive.discard(staged)
    archive.discard(staged)
    assert not archive.place(staged)
    with pytest.raises(StorageUnavailable):
        archive.content(SHA)


def test_a_film_that_is_gone_cannot_be_staged(archive: FilmArchive, film: Path) -> None:
    film.unlink()
    with pytest.raises(FilmRefused) as refusal:
        archive.stage(film, b"png")
    assert refusal.value.refusal is RefusalCode.CHANGED


def test_staged_anew_the_first_thumbnail_stays(archive: FilmArchive, film: Path) -> None:
    archive.keep_thumbnail(SHA, b"png 1")
    assert archive.place(archive.stage(film, b"png 2"))
    assert archive.thumbnail(SHA) == b"png 1"
    assert archive.content(SHA) == FILM


def test_several_staged_films_are_put_in_their_places_but_what_was_removed(
    archive: FilmArchive, tmp_path: Path
) -> None:
    films = [FILM + bytes([n]) for n in range(3)]
    staged = []
    for content in films:
        path = tmp_path / "incoming"
        path.write_bytes(content)
        staged.append(archive.stage(path, b"png"))
    archive.discard(staged[1])
    assert archive.place_all(staged) == [True, False, True]
    for place, content in zip(staged, films, strict=True):
        if place is staged[1]:
            with pytest.raises(StorageUnavailable):
                archive.content(place.sha256)
        else:
            assert archive.content(place.sha256) == content
            assert archive.thumbnail(place.sha256) == b"png"
