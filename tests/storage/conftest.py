from pathlib import Path

import pytest

from cxr_desktop.storage.database import Database
from cxr_desktop.storage.paths import DataPaths


@pytest.fixture
def paths(tmp_path: Path) -> DataPaths:
    made = DataPaths(tmp_path / "data")
    made.prepare()
    return made


@pytest.fixture
def database(paths: DataPaths) -> Database:
    return Database.open(paths)
