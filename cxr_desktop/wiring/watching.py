"""Puts together what watches a folder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from cxr_desktop.domain.settings import SettingValue
from cxr_desktop.imaging.finder import FilmFinder
from cxr_desktop.services.access import Access
from cxr_desktop.services.classify_many import ClassifyMany
from cxr_desktop.services.watch_folder import WatchFolder, WatchTools
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.folder_files import DiskFolderFiles
from cxr_desktop.storage.paths import DataPaths
from cxr_desktop.storage.watched_files import SqliteWatchedFiles
from cxr_desktop.wiring.engine import Engine
from cxr_desktop.wiring.films_at_once import ClassifyHere


def make_watch(  # noqa: PLR0917 - one place per collaborator
    engine: Engine,
    classify_many: ClassifyMany,
    database: Database,
    data: DataPaths,
    access: Access,
    setting: Callable[[str], SettingValue],
) -> WatchFolder:
    """Return the service, over these."""
    finder = engine.find_films
    tools = WatchTools(
        DiskFolderFiles(),
        SqliteWatchedFiles(database),
        ClassifyHere(classify_many, engine),
        lambda path: _films_in(finder, path),
        finder.label,
        setting,
    )
    return WatchFolder(tools, access, data.root)


def _films_in(finder: FilmFinder, path: Path) -> Sequence[Path]:
    return list(finder([path])) if finder.is_film(path) else ()
