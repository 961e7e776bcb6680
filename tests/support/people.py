"""A database with people in it, for what is kept of each person."""

from __future__ import annotations

from pathlib import Path

from cxr_desktop.domain.roles import User
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.door import Door
from cxr_desktop.storage.paths import DataPaths
from cxr_desktop.storage.users import SqliteUsers
from tests.support.examples import an_event


def database_of_people(folder: Path) -> Database:
    """Make a new database with the doctors `doc` and `rad`."""
    paths = DataPaths(folder)
    paths.prepare()
    database, door = Database.open(paths), Door.open(paths)
    for name in ("doc", "rad"):
        SqliteUsers(database, door).add(User(name, "", "Doctors"), "hash", an_event())
    return database
