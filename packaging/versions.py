"""The versions of what had known holes, read from the files of a built bundle."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import sbom

LIBRARY = re.compile(r"\.(so(\.\d+)*|pyd|dll|dylib)$")
# SQLITE_SOURCE_ID: in whatever file SQLite is compiled into, under any name.
SQLITE_SOURCE = re.compile(rb"\b20\d\d-\d\d-\d\d \d\d:\d\d:\d\d [0-9a-f]{60,64}")
# Other libraries in the same file may say "3.6.0" of themselves: the highest is taken for SQLite's.
SQLITE_VERSION = re.compile(rb"(?<![\w.])(3\.\d{1,3}\.\d{1,3})\0")
NAME = re.compile(r"^(?P<name>.+)-(?P<version>\d[^-]*)\.dist-info$")


def looked_at(inner: Path) -> list[dict[str, str]]:
    """Return name, version and, of a SQLite, file of everything here that has a floor."""
    return [
        *(part for part in _packages(inner) if part["name"] in sbom.FLOORS),
        *_sqlites(inner),
    ]


def _packages(inner: Path) -> Iterator[dict[str, str]]:
    """Yield the Python packages that the bundle tells of."""
    for path in sorted(inner.glob("*.dist-info")):
        if row := NAME.match(path.name):
            yield {"name": row["name"].replace("_", "-").lower(), "version": row["version"]}


def _sqlites(inner: Path) -> Iterator[dict[str, str]]:
    """Yield each file with a SQLite in it, with the version ("" where it does not say)."""
    for path in sorted(inner.rglob("*")):
        if path.is_file() and not path.is_symlink() and LIBRARY.search(path.name):
            content = path.read_bytes()
            if SQLITE_SOURCE.search(content):
                said = [text.decode() for text in SQLITE_VERSION.findall(content)]
                yield {
                    "name": "SQLite",
                    "version": max(said, key=sbom.numbers, default=""),
                    "file": path.relative_to(inner).as_posix(),
                }
