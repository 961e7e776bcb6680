import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from cxr_desktop.domain.errors import FilmRefused, StorageUnavailable
from cxr_desktop.storage.image_store import FilmFolder
from cxr_desktop.storage.sealed_file import PIECE
from cxr_desktop.storage.vault import Vault
from tests.support.locked import data_keys

FILM = b"film Doe^Jane" * 1000
SHA = hashlib.sha256(FILM).hexdigest()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "films"


@pytest.fixture
def archive(folder: Path) -> FilmFolder:
    return FilmFolder(folder, data_keys)


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film.png"
    path.write_bytes(FILM)
    return path


def files_in(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.is_file())


def stored(folder: Path) -> Path:
    (path,) = [path for path in files_in(folder) if path.suffix == ".film"]
    return path


def test_neither_name_nor_content_of_a_stored_film_tells_anything(
    folder: Path, archive: FilmFolder, film: Path
) -> None:
    archive.keep(film, SHA)
    archive.keep_thumbnail(SHA, b"png of Doe^Jane")
    assert sorted(path.suffix for path in files_in(folder)) == [".film", ".small"]
    for path in files_in(folder):
        assert SHA[:8] not in str(path)
        assert b"Doe" not in path.read_bytes()


def test_a_stored_film_is_for_its_owner_only(folder: Path, archive: FilmFolder, film: Path) -> None:
    if os.name == "nt":
        pytest.skip("Windows has other permissions")
    archive.keep(film, SHA)
    assert {p.stat().st_mode & 0o777 for p in folder.rglob("*")} == {0o600, 0o700}


def test_a_refused_film_leaves_nothing_behind(
    folder: Path, archive: FilmFolder, film: Path
) -> None:
    film.write_bytes(b"another patient")
    with pytest.raises(FilmRefused):
        archive.keep(film, SHA)
    assert files_in(folder) == []


def test_a_kept_film_is_not_copied_again(folder: Path, archive: FilmFolder, film: Path) -> None:
    archive.keep(film, SHA)
    before = stored(folder).stat()
    film.unlink()
    archive.keep(film, SHA)
    assert stored(folder).stat().st_ino == before.st_ino


HARM: list[Callable[[bytes], bytes]] = [
    lambda content: b"",
    lambda content: content[:4],
    lambda content: content[:-1],
    lambda content: content[:-1] + bytes([content[-1] ^ 1]),
    lambda content: content[:5] + bytes([content[5] ^ 1]) + content[6:],
    lambda content: content + b"more",
]


@pytest.mark.parametrize("harm", HARM)
def test_a_copy_that_went_bad_is_never_given_out_and_is_replaced(
    folder: Path, archive: FilmFolder, film: Path, harm: Callable[[bytes], bytes]
) -> None:
    archive.keep(film, SHA)
    path = stored(folder)
    path.write_bytes(harm(path.read_bytes()))
    with pytest.raises(StorageUnavailable, match="damaged"):
        archive.content(SHA)
    archive.keep(film, SHA)
    assert archive.content(SHA) == FILM


LONG = [PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 3 * PIECE + 5]


@pytest.mark.parametrize("size", LONG)
def test_a_film_of_many_pieces_comes_back(tmp_path: Path, archive: FilmFolder, size: int) -> None:
    content = (b"0123456789abcdef" * (size // 16 + 1))[:size]
    film = tmp_path / "long"
    film.write_bytes(content)
    sha256 = hashlib.sha256(content).hexdigest()
    archive.keep(film, sha256)
    assert archive.content(sha256) == content


def test_pieces_that_were_swapped_or_left_out_are_found(
    tmp_path: Path, folder: Path, archive: FilmFolder
) -> None:
    content = os.urandom(3 * PIECE)
    film = tmp_path / "long"
    film.write_bytes(content)
    sha256 = hashlib.sha256(content).hexdigest()
    archive.keep(film, sha256)
    path = stored(folder)
    whole, head, step = path.read_bytes(), 21, PIECE + 16
    pieces = [whole[head + n * step : head + (n + 1) * step] for n in range(3)]
    for order in ([1, 0, 2], [0, 2], [0, 1], [0, 1, 2, 2], []):
        path.write_bytes(whole[:head] + b"".join(pieces[n] for n in order))
        with pytest.raises(StorageUnavailable, match="damaged"):
            archive.content(sha256)


def test_a_film_in_the_place_of_another_is_found(
    tmp_path: Path, folder: Path, archive: FilmFolder, film: Path
) -> None:
    archive.keep(film, SHA)
    archive.keep_thumbnail(SHA, b"png")
    small = next(path for path in files_in(folder) if path.suffix == ".small")
    stored(folder).write_bytes(small.read_bytes())
    with pytest.raises(StorageUnavailable, match="damaged"):
        archive.content(SHA)


def test_while_the_folder_is_locked_nothing_is_read_or_kept(
    folder: Path, archive: FilmFolder, film: Path
) -> None:
    archive.keep(film, SHA)
    archive.keep_thumbnail(SHA, b"png")
    locked = FilmFolder(folder, Vault().keys)
    for question in (locked.content, lambda sha256: locked.keep(film, sha256)):
        with pytest.raises(StorageUnavailable, match="locked"):
            question(SHA)


def test_a_film_from_before_encryption_is_read_and_then_encrypted(
    folder: Path, archive: FilmFolder
) -> None:
    place = folder / SHA[:2] / SHA
    place.parent.mkdir(parents=True)
    place.write_bytes(FILM)
    place.with_suffix(".png").write_bytes(b"png of Doe^Jane")
    assert archive.content(SHA) == FILM
    assert archive.thumbnail(SHA) == b"png of Doe^Jane"
    for plain in archive.plain_films():
        archive.encrypt_film(plain)
    assert archive.plain_films() == []
    assert archive.content(SHA) == FILM
    assert archive.thumbnail(SHA) == b"png of Doe^Jane"
    assert all(b"Doe" not in path.read_bytes() for path in files_in(folder))


def test_a_film_that_was_encrypted_before_the_power_went_is_not_lost(
    folder: Path, archive: FilmFolder, film: Path
) -> None:
    archive.keep(film, SHA)
    place = folder / SHA[:2] / SHA
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(FILM)
    (plain,) = archive.plain_films()
    archive.encrypt_film(plain)
    archive.encrypt_film(plain)  # another process was quicker
    assert archive.content(SHA) == FILM
    assert archive.plain_films() == []


@pytest.mark.parametrize("address", ["", "../../etc/passwd", SHA.upper(), SHA[:-1], f"{SHA}\n"])
def test_an_address_that_is_no_hash_is_a_bug(archive: FilmFolder, film: Path, address: str) -> None:
    with pytest.raises(ValueError, match="hexadecimal"):
        archive.keep(film, address)
    with pytest.raises(ValueError, match="hexadecimal"):
        archive.content(address)
    with pytest.raises(ValueError, match="hexadecimal"):
        archive.thumbnail(address)


def test_a_folder_is_no_film(archive: FilmFolder, tmp_path: Path) -> None:
    with pytest.raises(FilmRefused):
        archive.keep(tmp_path, SHA)


def test_a_place_that_cannot_be_written_is_a_sentence(
    folder: Path, archive: FilmFolder, film: Path
) -> None:
    folder.write_text("a file in the way")
    with pytest.raises(StorageUnavailable) as refusal:
        archive.keep(film, SHA)
    assert refusal.value.hint
    with pytest.raises(StorageUnavailable):
        archive.keep_thumbnail(SHA, b"png")
    assert archive.thumbnail(SHA) is None
    assert film.read_bytes() == FILM


def test_what_is_staged_tells_nothing_and_is_removed(
    folder: Path, archive: FilmFolder, film: Path
) -> None:
    one, other = archive.stage(film, b"png of Doe^Jane"), archive.stage(film, b"png of Doe^Jane")
    assert len(files_in(folder)) == 4
    for path in files_in(folder):
        assert path.suffix == ".part"  # no backup takes it, and a later start removes it
        assert b"Doe" not in path.read_bytes()
    assert archive.place(one)
    archive.discard(other)
    assert sorted(path.suffix for path in files_in(folder)) == [".film", ".small"]
    archive.stage(film, b"png")
    archive.discard_all()
    assert sorted(path.suffix for path in files_in(folder)) == [".film", ".small"]
    assert archive.content(SHA) == FILM


def test_a_film_that_cannot_be_staged_leaves_nothing(folder: Path, archive: FilmFolder) -> None:
    with pytest.raises(FilmRefused):
        archive.stage(folder.parent / "absent.png", b"png")
    assert files_in(folder) == []


def test_a_copy_that_went_bad_is_replaced_by_what_was_staged(
    folder: Path, archive: FilmFolder, film: Path
) -> None:
    archive.keep(film, SHA)
    stored(folder).write_bytes(b"")
    assert archive.place(archive.stage(film, b"png"))
    assert archive.content(SHA) == FILM
