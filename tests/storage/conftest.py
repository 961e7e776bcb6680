from pathlib import Path

import pytest

from cxr_desktop.storage.database import Database
from cxr_desktop.storage.door import Door
from cxr_desktop.storage.paths import DataPaths
from tests.support.locked import database_key


@pytest.fixture
def paths(tmp_path: Path) -> DataPaths:
    made = DataPaths(tmp_path / "data")
    made.prepare()
    return made


@pytest.fixture
def database(paths: DataPaths) -> Database:
    return Database.open(paths, key=database_key)


@pytest.fixture
def door(paths: DataPaths) -> Door:
    return Door.open(paths)
