"""The policy of a computer: what it decides, and what becomes of a wrong one."""

import sys
from pathlib import Path

import pytest

from cxr_desktop import bootstrap, locations
from cxr_desktop.domain.errors import InvalidRequest, StorageUnavailable
from cxr_desktop.settings.policy import Policy, read_policy
from cxr_desktop.settings.schema import SETTINGS
from cxr_desktop.settings.store import TomlSettings
from cxr_desktop.storage.paths import default_data_dir


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "policy.toml"


@pytest.fixture
def decided(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """This computer has a policy with a data folder."""
    folder = tmp_path / "of the policy"
    file.write_text(f"[machine]\ndata_folder = '{folder}'\n")
    monkeypatch.setattr(locations, "policy_file", lambda: file)
    return folder


def settings_under(file: Path) -> TomlSettings:
    return TomlSettings(file.with_name("settings.toml"), policy=read_policy(file))


def test_without_a_file_nothing_is_decided(file: Path) -> None:
    policy = read_policy(file)
    assert policy == Policy(file)
    assert policy.check().startswith("None on this computer")
    assert settings_under(file).rows() == SETTINGS


def test_a_decided_setting_stands_above_the_file_of_the_data_folder(file: Path) -> None:
    TomlSettings(file.with_name("settings.toml")).set("session.idle_lock_minutes", 15)
    file.write_text("[session]\nidle_lock_minutes = 2\n[general]\ninstitution = 'District'\n")
    settings = settings_under(file)
    assert settings.get("session.idle_lock_minutes") == 2
    assert settings.get("general.institution") == "District"
    assert settings.get("backup.keep") == 7
    file.unlink()
    assert settings_under(file).get("session.idle_lock_minutes") == 15


def test_a_decided_setting_says_why_and_is_not_changed(file: Path) -> None:
    file.write_text("[session]\nidle_lock_minutes = 2\n")
    settings = settings_under(file)
    locked = {row.key: row.locked for row in settings.rows() if row.locked}
    assert list(locked) == ["session.idle_lock_minutes"]
    assert str(file) in locked["session.idle_lock_minutes"]
    with pytest.raises(InvalidRequest, match="cannot be changed here"):
        settings.set("session.idle_lock_minutes", 3)
    settings.set("backup.keep", 3)
    assert settings.get("session.idle_lock_minutes") == 2
    assert read_policy(file).check() == f"{file} sets session.idle_lock_minutes."


@pytest.mark.parametrize("value", ["99", "'two'", "true", "[1]", "2026-01-01"])
def test_a_value_that_cannot_be_counts_as_the_default_and_stays_locked(
    file: Path, value: str
) -> None:
    TomlSettings(file.with_name("settings.toml")).set("session.idle_lock_minutes", 15)
    file.write_text(f"[session]\nidle_lock_minutes = {value}\n[backup]\nkeep = 3\n")
    settings = settings_under(file)
    assert settings.get("session.idle_lock_minutes") == 5
    assert settings.get("backup.keep") == 3
    (row,) = [row for row in settings.rows() if row.key == "session.idle_lock_minutes"]
    assert "a value here that cannot be used" in row.locked
    with pytest.raises(InvalidRequest, match="idle_lock_minutes has a value"):
        read_policy(file).check()


def test_words_of_another_version_are_told_and_do_no_harm(file: Path) -> None:
    file.write_text("[machine]\nnew = 1\n[backup]\nkeep = 3\n")
    assert settings_under(file).get("backup.keep") == 3
    with pytest.raises(InvalidRequest, match=r"machine\.new is not known"):
        read_policy(file).check()


@pytest.mark.parametrize("content", [b"keep = [", b"\xff\xfe\x00", b"[backup]\nkeep = 3\nkeep = 4"])
def test_a_damaged_policy_opens_nothing_and_is_left_as_it_is(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(StorageUnavailable, match="is damaged") as refused:
        read_policy(file)
    assert str(file) in str(refused.value)
    assert "ask IT" in refused.value.hint
    assert file.read_bytes() == content


def test_a_policy_that_cannot_be_read_opens_nothing(file: Path) -> None:
    file.mkdir()
    with pytest.raises(StorageUnavailable, match="cannot be read"):
        read_policy(file)


@pytest.mark.parametrize("value", ["3", "''", "'films'", "'./films'", "[]"])
def test_a_data_folder_that_is_no_full_path_opens_nothing(file: Path, value: str) -> None:
    file.write_text(f"[machine]\ndata_folder = {value}\n")
    with pytest.raises(StorageUnavailable, match="must be the full path"):
        read_policy(file)


def test_a_data_folder_may_begin_with_the_home_of_whoever_uses_it(file: Path) -> None:
    file.write_text("[machine]\ndata_folder = '~/chest films'\n")
    assert read_policy(file).data_folder == Path.home() / "chest films"


def test_the_program_opens_the_folder_of_the_policy_and_no_other(
    decided: Path, tmp_path: Path
) -> None:
    assert bootstrap.data_folder(None) == decided
    assert bootstrap.data_folder(decided) == decided
    assert bootstrap.data_folder(tmp_path / "x" / ".." / decided.name).name == decided.name
    with pytest.raises(InvalidRequest, match=r"sets the data folder"):
        bootstrap.data_folder(tmp_path / "other")
    assert not (tmp_path / "other").exists()


def test_without_a_policy_any_folder_may_be_opened(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locations, "policy_file", lambda: file)
    assert bootstrap.data_folder(None) == default_data_dir()
    assert bootstrap.data_folder(tmp_path) == tmp_path


def test_the_whole_program_obeys_the_policy(decided: Path, file: Path, tmp_path: Path) -> None:
    file.write_text(file.read_text() + "[accounts]\npassword_length = 20\n")
    program = bootstrap.build(built_in_models=tmp_path / "none")
    try:
        assert program.data.root == decided
        assert program.access.rules().minimum == 20
    finally:
        program.close()


def test_the_policy_lies_where_only_administrators_write() -> None:
    place = locations.policy_file()
    assert place.is_absolute()
    assert place.name == "policy.toml"
    if sys.platform != "win32":
        assert place == Path("/etc/cxr-desktop/policy.toml")


@pytest.mark.parametrize(("word", "known"), [("'off'", True), ("'on'", False), ("true", False)])
def test_off_the_network_no_film_goes_to_another_computer_and_nobody_can_change_that(
    file: Path, word: str, known: bool
) -> None:
    TomlSettings(file.with_name("settings.toml")).set("batch.other_computers", value=True)
    file.write_text(f"[machine]\nnetwork = {word}\n[batch]\nother_computers = true\n")
    settings = settings_under(file)
    assert settings.get("batch.other_computers") is False
    (row,) = [row for row in settings.rows() if row.locked]
    assert row.key == "batch.other_computers"
    assert row.locked.endswith("keeps the program off the network.")
    with pytest.raises(InvalidRequest, match="cannot be changed here"):
        settings.set("batch.other_computers", value=True)
    if known:
        assert read_policy(file).check() == f"{file} sets machine.network."
    else:  # a word that nobody understands keeps it off, and is told
        with pytest.raises(InvalidRequest, match=r"machine\.network has a value"):
            read_policy(file).check()


@pytest.mark.parametrize("key", ["update_folder"])
def test_folders_of_it_are_full_paths_or_left_out_and_told(
    file: Path, tmp_path: Path, key: str
) -> None:
    file.write_text(f"[machine]\n{key} = '{tmp_path}'\n")
    assert getattr(read_policy(file), key) == tmp_path
    assert read_policy(file).check() == f"{file} sets machine.{key}."
    for wrong in ("3", "'updates'", "'~/updates'"):
        file.write_text(f"[machine]\n{key} = {wrong}\n")
        policy = read_policy(file)
        assert getattr(policy, key) is None
        with pytest.raises(InvalidRequest, match=rf"machine\.{key} has a value"):
            policy.check()
