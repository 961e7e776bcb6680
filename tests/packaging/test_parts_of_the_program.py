"""Versions above known holes, and licences: of the installed parts, and of a bundle that was built.

`dist/cxr-desktop` is read, or what the environment variable CXR_DESKTOP_BUNDLE names.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import parts
import payload
import pytest
import sbom
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from sqlcipher3 import dbapi2 as sqlite

ROOT = Path(__file__).resolve().parents[2]
BUNDLE = Path(os.environ.get("CXR_DESKTOP_BUNDLE", ROOT / "dist" / "cxr-desktop"))
ELSEWHERE = {"PySide6_Essentials": "Qt and PySide6", "shiboken6": "Qt and PySide6"}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCKED: dict[str, str] = {
    canonicalize_name(name): version
    for name, version in re.findall(
        r"^([\w.-]+)==([\w.]+)",
        (ROOT / "requirements" / "lock.txt").read_text("utf-8"),
        re.MULTILINE,
    )
}


def installed() -> list[dict[str, str]]:
    """Return the parts of the program that are installed here."""
    found = []
    for name in LOCKED:
        try:
            row = distribution(name)
        except PackageNotFoundError:  # of another system
            continue
        found.append({"name": name, "version": row.version, "licence": parts.licence_of(row)})
    return found


@pytest.fixture(scope="module")
def bill() -> dict[str, Any]:
    """The list of parts of the bundle that was built here."""
    path = BUNDLE / "sbom.cdx.json"
    if not path.is_file():
        pytest.skip(f"no bundle was built: {path} is not there")
    read: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return read


def test_the_installed_parts_have_no_known_holes() -> None:
    assert len(installed()) > 30
    sqlcipher = {"name": "SQLite", "version": sqlite.sqlite_version}
    assert sbom.too_old([*installed(), sqlcipher]) == []


def test_no_installed_part_is_under_gpl_or_agpl_and_each_states_a_licence() -> None:
    assert sbom.strong_copyleft(installed()) == []
    assert [part["name"] for part in installed() if not part["licence"]] == []


def test_what_is_locked_and_what_may_be_installed_is_above_the_holes() -> None:
    old = [n for n, least in sbom.FLOORS.items() if n in LOCKED and sbom.numbers(LOCKED[n]) < least]
    assert old == []
    below = [
        str(row)
        for row in map(Requirement, PROJECT["dependencies"])
        if (floor := sbom.FLOORS.get(canonicalize_name(row.name)))
        for lower in [next(one.version for one in row.specifier if one.operator == ">=")]
        if sbom.numbers(lower) < floor
    ]
    assert below == []


def test_an_sbom_says_again_what_went_into_it() -> None:
    given = [
        {"type": "library", "name": "a", "version": "1", "licence": "MIT AND BSD-3-Clause"},
        {"type": "library", "name": "b", "version": "2", "licence": "BSD License"},
        {"type": "library", "name": "c", "version": "3", "licence": "GPL-3.0"},
    ]
    bill = sbom.cyclonedx(given, "0.1.0", datetime(2026, 1, 1, tzinfo=UTC))
    again = sbom.parts_of(bill)
    assert again == [{key: row[key] for key in ("name", "version", "licence")} for row in given]
    assert sbom.strong_copyleft(again) == ["c"]


def test_the_bundle_lists_every_locked_part_in_its_version(bill: dict[str, Any]) -> None:
    listed: dict[str, str] = {
        canonicalize_name(row["name"]): row["version"] for row in bill["components"]
    }
    assert {name: LOCKED[name] for name in listed if name in LOCKED} == {
        name: version for name, version in listed.items() if name in LOCKED
    }
    needed = {"numpy", "onnxruntime", "pydicom", "opencv-python-headless", "sqlcipher3", "CPython"}
    assert needed <= {row["name"] for row in bill["components"]}
    assert any(row["type"] == "machine-learning-model" for row in bill["components"])


def test_no_part_of_the_bundle_has_a_known_hole(bill: dict[str, Any]) -> None:
    rows = sbom.parts_of(bill)
    assert "SQLite" in {row["name"] for row in rows}, "what opens the databases is not listed"
    assert sbom.too_old(rows) == []


def test_no_part_of_the_bundle_is_under_gpl_or_agpl(bill: dict[str, Any]) -> None:
    assert sbom.strong_copyleft(sbom.parts_of(bill)) == []
    places = [path.relative_to(BUNDLE).as_posix() for path in BUNDLE.rglob("*") if path.is_file()]
    assert payload.forbidden(places) == []


def test_the_bundle_has_the_text_of_every_licence(bill: dict[str, Any]) -> None:
    folders = {
        path.name.casefold() for path in (BUNDLE / "licences").iterdir() if any(path.iterdir())
    }
    lacking = []
    for row in bill["components"]:
        kind = str(row.get("purl", "")).partition("/")[0]
        folder = {"pkg:pypi": row["name"], "pkg:deb": f"debian-{row['name']}"}.get(kind)
        if folder is not None and ELSEWHERE.get(row["name"], folder).casefold() not in folders:
            lacking.append(row["name"])
    assert lacking == []
