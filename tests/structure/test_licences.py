"""Every package that is used stands in docs/THIRD_PARTY.md, and none is under the GPL or AGPL."""

import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution, metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TABLE = (ROOT / "docs" / "THIRD_PARTY.md").read_text(encoding="utf-8").casefold()
LISTED = set(re.findall(r"[\w-]+", TABLE))
STRONG = re.compile(r"\bA?GPL|\bGNU (Affero )?General Public", re.IGNORECASE)
WEAK = re.compile(r"\bLGPL|\bGNU (Lesser|Library) General Public", re.IGNORECASE)


def names(lock: str) -> list[str]:
    lines = (ROOT / "requirements" / lock).read_text(encoding="utf-8").splitlines()
    return [line.partition("==")[0] for line in lines if "==" in line]


def licences(package: str) -> Iterator[str]:
    """Yield what a package says of its licence, in each place where it may."""
    about = metadata(package)
    for field in ("License-Expression", "License"):
        if field in about:
            yield str(about[field])[:200]
    for line in about.get_all("Classifier", []):
        if line.startswith("License ::"):
            yield line
    for path in distribution(package).files or ():
        if path.match("*.dist-info/licenses/LICENSE"):  # some state it nowhere else
            yield path.read_text(encoding="utf-8")[:400]


def is_strong_copyleft(stated: str) -> bool:
    """Whether these words leave no choice but the GPL or AGPL."""
    return bool(STRONG.search(stated)) and not WEAK.search(stated)


@pytest.mark.parametrize(
    "package",
    [
        *names("lock.txt"),
        *names("lock-dev.txt"),
        *names("lock-fast.txt"),
        *names("lock-cluster.txt"),
    ],
)
def test_a_used_package_is_listed_with_its_licence(package: str) -> None:
    assert package.casefold() in LISTED


@pytest.mark.parametrize(
    "package", [*names("lock.txt"), *names("lock-fast.txt"), *names("lock-cluster.txt")]
)
def test_no_package_of_the_program_is_under_gpl_or_agpl(package: str) -> None:
    try:
        stated = list(licences(package))
    except PackageNotFoundError:
        pytest.skip(f"{package} is for another system, or optional")
    assert stated, f"{package} states no licence"
    assert not any(is_strong_copyleft(text) for text in stated), stated


@pytest.mark.parametrize(
    ("stated", "strong"),
    [
        ("GPL-3.0-or-later", True),
        ("AGPL-3.0", True),
        ("License :: OSI Approved :: GNU General Public License v3 (GPLv3)", True),
        ("LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only", False),
        ("MIT", False),
    ],
)
def test_licences_are_told_apart(stated: str, strong: bool) -> None:
    assert is_strong_copyleft(stated) is strong
