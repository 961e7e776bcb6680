"""The program finds its own files however it was installed."""

from pathlib import Path

import pytest

from cxr_desktop import locations
from cxr_desktop.domain.errors import StorageUnavailable


def make(folder: Path) -> Path:
    (folder / "resources").mkdir(parents=True)
    return folder


def test_a_checkout_has_them_at_its_top() -> None:
    root = Path(__file__).resolve().parents[2]
    assert locations.resources() == root / "resources"
    assert locations.models_folder() == root / "models"


def test_an_installed_package_carries_them_in_share(tmp_path: Path) -> None:
    package = tmp_path / "site-packages" / "cxr_desktop"
    share = make(package / "share")
    make(tmp_path / "site-packages")  # another distribution's folder of that name is not ours
    assert locations.share_folder(package) == share


def test_a_frozen_bundle_comes_first(tmp_path: Path) -> None:
    package = make(tmp_path / "repository") / "cxr_desktop"
    bundle = make(tmp_path / "bundle")
    assert locations.share_folder(package, str(bundle)) == bundle


def test_missing_files_are_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(StorageUnavailable, match="missing") as caught:
        locations.share_folder(tmp_path / "cxr_desktop")
    assert caught.value.hint
