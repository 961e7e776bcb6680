import os
import tomllib
from pathlib import Path

import pytest

from cxr_desktop.domain.errors import InvalidRequest, StorageUnavailable
from cxr_desktop.domain.settings import Setting, SettingValue
from cxr_desktop.settings.schema import SETTINGS, check_value
from cxr_desktop.settings.store import TomlSettings

DEFAULTS = {setting.key: setting.default for setting in SETTINGS}
OTHERS: dict[str, SettingValue] = {
    "model.device": "cpu",
    "reading.run_automatically": True,
    "reading.heat_map_at_once": True,
    "session.idle_lock_minutes": 15,
    "general.institution": "हॉस्पिटल “District”",
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


def values(settings: TomlSettings) -> dict[str, SettingValue]:
    return {row.key: settings.get(row.key) for row in settings.rows()}


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.key)
def test_every_setting_is_explained_and_takes_its_default(setting: Setting) -> None:
    assert setting.title
    assert setting.help.endswith(".")
    assert "." in setting.key
    assert check_value(setting, setting.default) == setting.default


def test_keys_are_unique() -> None:
    assert len(DEFAULTS) == len(SETTINGS)


def test_without_a_file_everything_is_default(file: Path) -> None:
    settings = TomlSettings(file)
    assert values(settings) == DEFAULTS
    assert settings.notice == ""
    assert not file.exists()


def test_what_was_set_is_there_after_a_restart(file: Path) -> None:
    settings = TomlSettings(file)
    for key, value in OTHERS.items():
        settings.set(key, value)
    again = TomlSettings(file)
    assert values(again) == DEFAULTS | OTHERS
    assert again.notice == ""


def test_another_process_sees_the_change(file: Path) -> None:
    first, second = TomlSettings(file), TomlSettings(file)
    first.set("model.device", "cpu")
    second.set("session.idle_lock_minutes", 3)
    assert second.get("model.device") == "cpu"
    assert first.get("session.idle_lock_minutes") == 3


def test_only_what_differs_is_written_for_the_owner_only(file: Path) -> None:
    settings = TomlSettings(file)
    settings.set("session.idle_lock_minutes", 3)
    settings.set("model.device", "cpu")
    settings.set("model.device", "auto")
    assert tomllib.loads(file.read_text()) == {"model": {}, "session": {"idle_lock_minutes": 3}}
    assert [path.name for path in file.parent.iterdir()] == ["settings.toml"]
    if os.name != "nt":
        assert file.stat().st_mode & 0o777 == 0o600


def test_keys_of_another_version_are_kept(file: Path) -> None:
    file.write_text('future = 1\n[model]\nnew = "x"\n[network]\nallowed = true\n')
    TomlSettings(file).set("model.device", "cpu")
    assert tomllib.loads(file.read_text()) == {
        "future": 1,
        "model": {"new": "x", "device": "cpu"},
        "network": {"allowed": True},
    }


@pytest.mark.parametrize("content", [b"model = [", b"\xff\xfe\x00", b"\x00" * 200])
def test_a_damaged_file_is_kept_aside_and_the_defaults_are_used(file: Path, content: bytes) -> None:
    (file.parent / "settings.toml.damaged-1").write_text("an earlier one")
    file.write_bytes(content)
    settings = TomlSettings(file)
    assert values(settings) == DEFAULTS
    assert "settings.toml.damaged-2" in settings.notice
    assert (file.parent / "settings.toml.damaged-2").read_bytes() == content
    settings.set("model.device", "cpu")
    assert settings.get("model.device") == "cpu"


@pytest.mark.parametrize(
    ("content", "title"),
    [
        ("[model]\ndevice = 'tpu'", "Run the model on"),
        ("[model]\ndevice = ['cpu']", "Run the model on"),
        ("[session]\nidle_lock_minutes = 99", "Lock after"),
        ("[session]\nidle_lock_minutes = true", "Lock after"),
        ("[session]\nidle_lock_minutes = 2026-01-01", "Lock after"),
    ],
)
def test_a_value_that_cannot_be_is_said_and_the_default_used(
    file: Path, content: str, title: str
) -> None:
    file.write_text(content)
    settings = TomlSettings(file)
    assert title in settings.notice
    assert values(settings) == DEFAULTS
    assert file.read_text() == content


def test_a_value_where_a_table_should_be_is_passed_over(file: Path) -> None:
    file.write_text("model = 'yes'")
    settings = TomlSettings(file)
    assert values(settings) == DEFAULTS
    settings.set("model.device", "cpu")
    assert settings.get("model.device") == "cpu"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("model.device", "tpu"),
        ("model.device", True),
        ("reading.run_automatically", 1),
        ("reading.run_automatically", "yes"),
        ("session.idle_lock_minutes", 0),
        ("session.idle_lock_minutes", 16),
        ("session.idle_lock_minutes", 5.0),
        ("session.idle_lock_minutes", True),
        ("session.idle_lock_minutes", "5"),
        ("general.language", "xx"),
        ("general.institution", "two\nlines"),
        ("general.institution", "x" * 257),
        ("general.institution", 5),
    ],
)
def test_a_wrong_value_is_refused_and_nothing_written(
    file: Path, key: str, value: SettingValue
) -> None:
    settings = TomlSettings(file)
    with pytest.raises(InvalidRequest) as refusal:
        settings.set(key, value)
    assert refusal.value.hint
    assert not file.exists()


def test_an_unknown_key_is_a_bug(file: Path) -> None:
    settings = TomlSettings(file)
    with pytest.raises(KeyError):
        settings.get("no.such")
    with pytest.raises(KeyError):
        settings.set("no.such", 1)


def test_a_file_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    settings = TomlSettings(tmp_path / "absent" / "settings.toml")
    with pytest.raises(StorageUnavailable) as refusal:
        settings.set("model.device", "cpu")
    assert refusal.value.hint
    assert settings.get("model.device") == "auto"


def test_a_file_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").mkdir()
    settings = TomlSettings(tmp_path / "settings.toml")
    assert "could not be read" in settings.notice
    assert values(settings) == DEFAULTS


NUMBER = Setting("a.b", "Number", "A number.", "number", 0.5, minimum=0, maximum=1)


def test_a_number_takes_whole_ones_but_no_infinity() -> None:
    assert check_value(NUMBER, 1) == 1.0
    for wrong in (float("nan"), float("inf"), -0.1, True):
        with pytest.raises(InvalidRequest, match="Number"):
            check_value(NUMBER, wrong)
