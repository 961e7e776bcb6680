"""A newer version in the folder where IT puts them: found, its sum checked, never installed."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from cxr_desktop import bootstrap, locations
from cxr_desktop.domain.errors import InvalidRequest
from cxr_desktop.domain.ports import NoProgress
from cxr_desktop.storage.update_folder import newest_update
from tests.support.packs import make_pack

Put = Callable[..., Path]


@pytest.fixture
def put(tmp_path: Path) -> Put:
    folder = tmp_path / "updates"
    folder.mkdir()

    def one(name: str, *, listed: bool = True) -> Path:
        (folder / name).write_bytes(name.encode())
        if listed:
            with (folder / "SHA256SUMS").open("a") as sums:
                sums.write(f"{hashlib.sha256(name.encode()).hexdigest()}  {name}\n")
        return folder / name

    return one


def test_the_newest_for_this_system_is_found(put: Put) -> None:
    put("cxr-desktop-0.9.0-linux-x86_64.deb")
    wanted = put("cxr-desktop-0.10.0-linux-x86_64.deb")
    put("cxr-desktop-0.11.0-windows-x86_64-setup.exe")
    put("cxr-desktop-0.12.0-windows-x86_64.msi")
    put("cxr-desktop-0.1.0-linux-x86_64.deb")
    put("cxr-desktop-99-linux-x86_64.deb.part")
    found = newest_update(wanted.parent, "0.1.0", "linux")
    assert found
    assert (found.version, found.file) == ("0.10.0", wanted)
    windows = newest_update(wanted.parent, "0.1.0", "windows")
    assert windows
    assert windows.version == "0.12.0"
    assert newest_update(wanted.parent, "0.10.0", "linux") is None


def test_one_that_was_changed_or_is_not_listed_must_not_be_installed(put: Put) -> None:
    file = put("cxr-desktop-0.2.0-linux-x86_64.deb")
    file.write_bytes(b"another")
    with pytest.raises(InvalidRequest, match="not as SHA256SUMS says") as refused:
        newest_update(file.parent, "0.1.0", "linux")
    assert "Do not install it" in refused.value.hint
    put("cxr-desktop-0.3.0-linux-x86_64.deb", listed=False)
    with pytest.raises(InvalidRequest, match="does not name it"):
        newest_update(file.parent, "0.1.0", "linux")


def test_without_any_sums_nothing_is_trusted(put: Put) -> None:
    file = put("cxr-desktop-0.2.0-linux-x86_64.tar.xz", listed=False)
    with pytest.raises(InvalidRequest, match="cannot be trusted"):
        newest_update(file.parent, "0.1.0", "linux")


def test_the_self_test_tells_of_it_and_installs_nothing(
    put: Put, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "updates"
    policy = tmp_path / "policy.toml"
    policy.write_text(f"[machine]\nupdate_folder = '{folder}'\n")
    monkeypatch.setattr(locations, "policy_file", lambda: policy)
    monkeypatch.setattr("cxr_desktop.storage.update_folder.SYSTEM", "linux")
    make_pack(tmp_path / "built in")
    program = bootstrap.build(tmp_path / "data", built_in_models=tmp_path / "built in")
    models = sorted((tmp_path / "data" / "models").iterdir())

    def told() -> tuple[bool, str]:
        (row,) = [row for row in program.self_test(NoProgress()) if row.name == "Updates"]
        return row.passed, row.message

    try:
        assert told()[1].startswith(f"Nothing in {folder} is newer")
        make_pack(folder)
        assert told()[1].startswith(f"Nothing in {folder} is newer")  # the same model
        make_pack(folder, "better", version="77.7")
        (folder / "broken").mkdir()
        (folder / "broken" / "manifest.toml").write_text("= =")
        assert (
            "Models that are not here yet: better 77.7. Import them in Admin, Models." in told()[1]
        )
        file = put("cxr-desktop-98.0.0-linux-x86_64.deb")
        passed, words = told()
        assert passed
        assert f"Version 98.0.0 lies in {file}, its sum is right" in words
        file.write_bytes(b"")
        passed, words = told()
        assert not passed
        assert not program.self_test.standing().words.count("Updates")  # films may still be run
        folder.rename(tmp_path / "taken out")
        assert told() == (
            True,
            f"{folder} cannot be read now: whether there is a newer version is not known.",
        )
    finally:
        program.close()
    assert sorted((tmp_path / "data" / "models").iterdir()) == models
