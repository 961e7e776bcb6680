"""Admin, Settings: a control per kind, stored at each change."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QLineEdit,
    QPushButton,
    QSpinBox,
)
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.errors import InvalidRequest
from cxr_desktop.domain.settings import Setting, SettingValue
from cxr_desktop.reporting.logo import check_logo
from cxr_desktop.services.preferences import ChangeSettings
from cxr_desktop.settings.policy import Policy, read_policy
from cxr_desktop.settings.schema import SETTINGS
from cxr_desktop.settings.store import TomlSettings
from cxr_desktop.storage.folder_files import check_folder
from cxr_desktop.ui.screens.admin.settings.controls import CHOICE_WORDS, make_control
from cxr_desktop.ui.screens.admin.settings.presenter import SettingsPresenter
from cxr_desktop.ui.screens.admin.settings.state import Listed
from cxr_desktop.ui.screens.admin.settings.view import SettingsView
from cxr_desktop.ui.session import Session
from tests.support.held_runner import HeldRunner
from tests.support.patience import some_turns
from tests.support.report_fakes import LOGO
from tests.support.world import World


class Tab:
    """The tab over real settings in a file."""

    def __init__(
        self,
        world: World,
        qtbot: QtBot,
        folder: Path,
        person: str = "admin",
        policy: Policy | None = None,
    ) -> None:
        self.store = TomlSettings(folder / "settings.toml", policy=policy)
        service = ChangeSettings(
            self.store,
            world.access,
            world.audit,
            world.clock,
            partial(check_folder, data=folder / "data"),
            check_logo,
        )
        self.runner, session = HeldRunner(), Session()
        session.sign_in(world.actor(person))
        self.presenter = SettingsPresenter(service, self.runner, session)
        self.view = SettingsView(self.presenter)
        qtbot.addWidget(self.view)
        self.view.show()
        self.runner.finish_all()

    def said(self, key: str) -> str:
        """Return what stands below a setting."""
        return self.view.rows[key].said.text()


@pytest.fixture
def tab(qtbot: QtBot, world: World, tmp_path: Path) -> Iterator[Tab]:
    made = Tab(world, qtbot, tmp_path)
    yield made
    made.view.close()


def test_every_setting_of_the_program_has_a_row(tab: Tab) -> None:
    assert list(tab.view.rows) == [setting.key for setting in SETTINGS]


def test_a_switch_is_stored_at_once(tab: Tab) -> None:
    switch = tab.view.rows["reading.run_automatically"].control
    assert isinstance(switch, QCheckBox)
    switch.click()
    tab.runner.finish_all()
    assert tab.store.get("reading.run_automatically") is True
    assert tab.said("reading.run_automatically") == "Saved."


def test_a_setting_that_counts_later_says_so(tab: Tab) -> None:
    box = tab.view.rows["model.device"].control
    assert isinstance(box, QComboBox)
    box.setCurrentIndex(box.findData("cpu"))
    tab.runner.finish_all()
    assert tab.store.get("model.device") == "cpu"
    assert "from the next start" in tab.said("model.device")


def test_a_text_is_stored_when_it_is_left_not_at_each_letter(tab: Tab, qtbot: QtBot) -> None:
    line = tab.view.rows["general.institution"].control
    assert isinstance(line, QLineEdit)
    QTest.keyClicks(line, "District Hospital")
    assert tab.runner.held == []
    QTest.keyClick(line, Qt.Key.Key_Return)
    tab.runner.finish_all()
    assert tab.store.get("general.institution") == "District Hospital"


def test_leaving_a_text_as_it_was_stores_nothing(tab: Tab, qtbot: QtBot) -> None:
    QTest.keyClick(tab.view.rows["general.institution"].control, Qt.Key.Key_Return)
    assert tab.runner.held == []


def test_a_refused_value_goes_back_and_says_why(tab: Tab) -> None:
    tab.presenter.change("session.idle_lock_minutes", 99)
    tab.runner.finish_all()
    box = tab.view.rows["session.idle_lock_minutes"].control
    assert isinstance(box, QSpinBox)
    assert box.value() == tab.store.get("session.idle_lock_minutes")
    assert "cannot be set" in tab.said("session.idle_lock_minutes")


def test_who_may_not_change_settings_is_refused(qtbot: QtBot, world: World, tmp_path: Path) -> None:
    tab = Tab(world, qtbot, tmp_path, "doc")
    switch = tab.view.rows["reading.run_automatically"].control
    assert isinstance(switch, QCheckBox)
    switch.click()
    tab.runner.finish_all()
    assert not switch.isChecked()
    assert "may not" in tab.said("reading.run_automatically")


def test_of_two_changes_in_a_row_the_last_answer_is_told(tab: Tab) -> None:
    tab.presenter.change("session.idle_lock_minutes", 99)
    tab.presenter.change("session.idle_lock_minutes", 7)
    tab.runner.finish(1)
    tab.runner.finish(0)
    state = tab.presenter.state
    assert isinstance(state, Listed)
    assert state.values["session.idle_lock_minutes"] == 7
    assert tab.said("session.idle_lock_minutes") == "Saved."


def test_every_choice_of_the_program_is_said_in_words() -> None:
    choices = {choice for setting in SETTINGS for choice in setting.choices}
    assert choices <= set(CHOICE_WORDS)


def test_a_number_has_its_bounds_and_is_told_as_a_number(qtbot: QtBot) -> None:
    told: list[SettingValue] = []
    setting = Setting("x.y", "T", "H", "number", 0.5, minimum=0.0, maximum=1.0)
    control, show = make_control(setting, told.append)
    qtbot.addWidget(control)
    assert isinstance(control, QDoubleSpinBox)
    show(0.25)
    assert told == []
    control.setValue(7.0)
    assert told == [1.0]


def test_what_the_policy_decides_is_shown_locked_with_the_reason(
    qtbot: QtBot, world: World, tmp_path: Path
) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text("[session]\nidle_lock_minutes = 2\n")
    tab = Tab(world, qtbot, tmp_path, policy=read_policy(policy))
    row = tab.view.rows["session.idle_lock_minutes"]
    assert isinstance(row.control, QSpinBox)
    assert row.control.value() == 2
    assert not row.control.isEnabled()
    assert str(policy) in row.reason.text()
    assert row.reason.text() == row.control.accessibleDescription()
    assert tab.view.rows["backup.keep"].control.isEnabled()


def test_a_folder_is_chosen_with_the_button(
    tab: Tab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    films = tmp_path / "films"
    films.mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(films))
    row = tab.view.rows["watch.folder"]
    button, line = row.control.findChild(QPushButton), row.control.findChild(QLineEdit)
    assert button is not None
    assert line is not None
    button.click()
    tab.runner.finish_all()
    assert tab.store.get("watch.folder") == str(films)
    assert line.text() == str(films)
    assert tab.said("watch.folder") == "Saved."


def test_a_logo_is_chosen_with_the_button(
    tab: Tab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    logo = tmp_path / "logo.png"
    logo.write_bytes(LOGO)
    chosen = iter(["", str(logo)])
    asked: list[str] = []

    def ask(*words: object) -> tuple[str, str]:
        asked.append(str(words[-1]))
        return next(chosen), ""

    monkeypatch.setattr(QFileDialog, "getOpenFileName", ask)
    row = tab.view.rows["report.logo"]
    button, line = row.control.findChild(QPushButton), row.control.findChild(QLineEdit)
    assert button is not None
    assert line is not None
    button.click()  # and closes the dialog
    tab.runner.finish_all()
    assert tab.store.get("report.logo") == ""
    button.click()
    tab.runner.finish_all()
    assert tab.store.get("report.logo") == line.text() == str(logo)
    assert tab.said("report.logo") == "Saved."
    assert all("*.png" in kinds for kinds in asked)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("{0}/none", "There is no folder “{0}/none”. Connect its disk or share, or choose another"),
        ("{0}/film.png", "“{0}/film.png” is a file. Choose the folder that it lies in."),
        ("{0}/data/films", "The data folder of the program is in there. Choose another folder."),
        ("{0}", "The data folder of the program is in there. Choose another folder."),
        ("films", "“films” is not the full path of a folder. Choose it with the button."),
    ],
)
def test_a_folder_that_cannot_be_watched_is_refused_beside_the_field(
    tab: Tab, tmp_path: Path, typed: str, said: str
) -> None:
    (tmp_path / "film.png").touch()
    (tmp_path / "data" / "films").mkdir(parents=True)
    line = tab.view.rows["watch.folder"].control.findChild(QLineEdit)
    assert line is not None
    line.setFocus()
    QTest.keyClicks(line, typed.format(tmp_path))
    QTest.keyClick(line, Qt.Key.Key_Return)
    tab.runner.finish_all()
    assert tab.said("watch.folder").startswith(said.format(tmp_path))
    assert tab.store.get("watch.folder") == ""


def test_a_folder_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    locked.mkdir(mode=0)
    if os.access(locked, os.R_OK):
        pytest.skip("this account may read everything")
    with pytest.raises(InvalidRequest, match="cannot be read"):
        check_folder(locked, tmp_path / "data")


def test_no_folder_is_no_watching_and_needs_no_check(tab: Tab, tmp_path: Path) -> None:
    (tmp_path / "films").mkdir()
    for value in (str(tmp_path / "films"), ""):
        tab.presenter.change("watch.folder", value)
        tab.runner.finish_all()
        assert tab.store.get("watch.folder") == value


def test_a_help_of_two_lines_is_shown_whole(tab: Tab, qtbot: QtBot) -> None:
    tab.view.resize(1300, 900)
    some_turns(qtbot)
    for row in tab.view.rows.values():
        assert row.help.height() >= row.help.heightForWidth(row.help.width())


@pytest.mark.parametrize("name", ["nowhere.png", "text.png", "."])
def test_a_logo_that_no_report_could_show_is_refused(tab: Tab, tmp_path: Path, name: str) -> None:
    (tmp_path / "text.png").write_text("no picture", "utf-8")
    tab.presenter.change("report.logo", str(tmp_path / name))
    tab.runner.finish_all()
    assert "PNG file" in tab.said("report.logo")
    assert tab.store.get("report.logo") == ""


def test_a_logo_is_named_by_its_full_path(tab: Tab, tmp_path: Path) -> None:
    logo = tmp_path / "logo.png"
    Image.new("L", (8, 8)).save(logo)
    tab.presenter.change("report.logo", os.path.relpath(logo))
    tab.runner.finish_all()
    assert "full path" in tab.said("report.logo")
    tab.presenter.change("report.logo", str(logo))
    tab.runner.finish_all()
    assert tab.store.get("report.logo") == str(logo)
