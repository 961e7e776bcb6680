"""The support bundle, put together."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from importlib.metadata import distributions
from pathlib import Path

from sqlcipher3 import dbapi2 as sqlite

from cxr_desktop import __version__, locations
from cxr_desktop.domain.errors import UserError
from cxr_desktop.inference.catalog import ModelCatalog
from cxr_desktop.reporting.support_files import scrubbed_logs, zipped
from cxr_desktop.services.selftest import SelfTest
from cxr_desktop.services.support import MakeSupportBundle, SupportTools
from cxr_desktop.settings.store import TomlSettings
from cxr_desktop.storage.out_files import write_plain
from cxr_desktop.storage.paths import DataPaths


def make_support(
    data: DataPaths,
    now: Callable[[], datetime],
    settings: TomlSettings | None = None,
    self_test: SelfTest | None = None,
    problem: str = "",
) -> MakeSupportBundle:
    """Put it together over a data folder, which may be one that cannot be opened."""
    tools = SupportTools(
        versions=lambda: "".join(f"{line}\n" for line in _facts(data)),
        logs=partial(scrubbed_logs, data.logs),
        pack=zipped,
        write=write_plain,
    )
    return MakeSupportBundle(tools, now, settings, self_test, problem)


def _facts(data: DataPaths) -> Iterator[str]:
    """Yield what IT would ask for, a line each."""
    way = "bundle" if hasattr(sys, "_MEIPASS") else "Python package"
    yield f"CXR Desktop {__version__} ({way})"
    yield f"Python {platform.python_version()}"
    yield f"System {platform.platform()}"
    yield f"Processor {platform.machine()}, {os.cpu_count()} cores"
    yield f"SQLite {sqlite.sqlite_version} (SQLCipher)"
    yield f"Data folder {_without_home(data.root)}"
    try:
        usage = shutil.disk_usage(data.root)
        yield f"Its disk: {usage.free / 2**30:.1f} of {usage.total / 2**30:.1f} GB free"
    except OSError:
        yield "Its disk cannot be looked at"
    yield "\nModels"
    yield from _models(data)
    yield "\nPackages"
    yield from sorted({f"{row.metadata['Name']} {row.version}" for row in distributions()})


def _models(data: DataPaths) -> Iterator[str]:
    try:
        for info in ModelCatalog(locations.models_folder(), data.models).packs():
            said = info.problem or ("active" if info.active else "not active")
            yield f"{info.ref.id} {info.ref.version} {info.ref.sha256} {said}"
    except UserError as error:
        yield str(error)


def _without_home(folder: Path) -> str:
    """Return a path that does not name this computer's user."""
    home = Path.home()
    return f"~/{folder.relative_to(home)}" if folder.is_relative_to(home) else str(folder)
