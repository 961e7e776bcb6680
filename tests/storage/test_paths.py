import os
import time
from pathlib import Path

import platformdirs
import pytest

from cxr_desktop.domain.errors import StorageUnavailable
from cxr_desktop.storage.paths import DataPaths, default_data_dir


def test_everything_lies_inside_the_data_folder(tmp_path: Path) -> None:
    paths = DataPaths(tmp_path)
    places = (paths.database, paths.films, paths.models, paths.settings, paths.logs, paths.backups)
    assert len(set(places)) == len(places)
    assert all(place.parent == tmp_path for place in places)
    assert list(tmp_path.iterdir()) == []


def test_without_a_wish_the_systems_own_place_is_used() -> None:
    assert default_data_dir() == Path(platformdirs.user_data_dir("cxr-desktop", appauthor=False))
    assert DataPaths.default().root == default_data_dir()


def test_missing_parents_are_made(tmp_path: Path) -> None:
    DataPaths(tmp_path / "a" / "b").prepare()
    assert (tmp_path / "a" / "b" / "films").is_dir()


def test_a_file_instead_of_an_inner_folder_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "films").write_text("a file")
    with pytest.raises(StorageUnavailable) as refusal:
        DataPaths(tmp_path).prepare()
    assert refusal.value.hint


def test_what_a_power_cut_left_half_written_is_removed_but_not_what_is_being_written(
    tmp_path: Path,
) -> None:
    paths = DataPaths(tmp_path)
    paths.prepare()
    old, new, film = paths.films / ".a.part", paths.films / ".b.part", paths.films / "film"
    for path in (old, new, film):
        path.write_bytes(b"half a film")
    hours_ago = time.time() - 2 * 3600
    os.utime(old, (hours_ago, hours_ago))
    os.utime(film, (hours_ago, hours_ago))
    paths.prepare()
    assert [old.exists(), new.exists(), film.exists()] == [False, True, True]
