"""Choosing one's own keys: they work, they are written everywhere, and no key does two things."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.errors import StorageUnavailable
from cxr_desktop.domain.keys import KeyChoices
from cxr_desktop.domain.roles import Actor
from cxr_desktop.services.keys import ChooseKeys
from cxr_desktop.ui.jobs import JobRunner
from cxr_desktop.ui.keymap import KeyMap, named_actions
from cxr_desktop.ui.screens.history.presenter import HistoryPresenter
from cxr_desktop.ui.screens.history.table_model import HistoryTableModel
from cxr_desktop.ui.screens.history.view import HistoryView
from cxr_desktop.ui.screens.read.view import ReadView
from cxr_desktop.ui.session import Session
from cxr_desktop.ui.shell.keys_dialog import KeysDialog
from cxr_desktop.ui.shell.shortcuts_dialog import ShortcutsDialog, kept_keys, keys_of
from tests.support.door import open_door
from tests.support.fakes import MemoryKeys
from tests.support.held_runner import HeldRunner
from tests.support.read_desk import Desk
from tests.support.reading import FIRST_READER
from tests.support.world import World


class Board:
    """A Read screen with its keys, for a signed-in person."""

    def __init__(self, qtbot: QtBot, world: World) -> None:
        self.desk = Desk(qtbot, FIRST_READER)
        self.store, self.runner, self.session = MemoryKeys(), HeldRunner(), Session()
        self.session.sign_in(world.actor("rad"))
        self.keys = KeyMap(ChooseKeys(self.store, world.access), self.runner, self.session)
        self.view = ReadView(self.desk.presenter)
        qtbot.addWidget(self.view)
        with qtbot.waitExposed(self.view):
            self.view.show()
        self.keys.add(self.view.keyed_actions())
        self.keys.changed.connect(self.view.show_keys)

    def key_of(self, name: str) -> str:
        """Return the key of something by its lasting name."""
        return next(row.key for row in self.keys.rows() if row.id == name)

    def dialog(self) -> KeysDialog:
        """Open the dialog."""
        return KeysDialog(self.keys, {}, {}, self.view)


@pytest.fixture
def board(qtbot: QtBot, world: World) -> Iterator[Board]:
    made = Board(qtbot, world)
    yield made
    made.desk.close()
    made.runner.close()


def choose(dialog: KeysDialog, name: str, key: str) -> None:
    """Put a key into a field."""
    dialog.fields[name].setKeySequence(QKeySequence(key))


def test_a_chosen_key_works_and_the_old_one_no_more(board: Board) -> None:
    board.desk.open(Path("/films/a.png"))
    canvas = board.view.viewer.canvas
    dialog = board.dialog()
    choose(dialog, "film.invert", "F2")
    dialog.save.click()
    board.runner.finish_all()
    board.view.activateWindow()
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_I)
    assert not canvas.is_inverted
    QTest.keyClick(canvas, Qt.Key.Key_F2)
    assert canvas.is_inverted
    assert board.store.chosen == {"rad": {"film.invert": "F2"}}


def test_only_what_differs_is_stored_and_reset_forgets_it(board: Board) -> None:
    dialog = board.dialog()
    choose(dialog, "film.invert", "F2")
    choose(dialog, "read.next_unread", "")
    dialog.save.click()
    board.runner.finish_all()
    assert board.store.chosen["rad"] == {"film.invert": "F2", "read.next_unread": ""}
    again = board.dialog()
    assert again.fields["film.invert"].keySequence() == QKeySequence("F2")
    again.reset_all()
    again.save.click()
    board.runner.finish_all()
    assert board.store.chosen["rad"] == {}
    assert (board.key_of("film.invert"), board.key_of("read.next_unread")) == ("I", "N")


def test_a_key_that_would_do_two_things_is_said_and_not_saved(board: Board) -> None:
    dialog = board.dialog()
    assert dialog.conflicts() == []
    choose(dialog, "film.invert", "F")
    assert not dialog.save.isEnabled()
    assert "Fit the film" in dialog.problem.text()
    assert "Invert" in dialog.problem.text()
    choose(dialog, "film.invert", "F2")
    assert dialog.save.isEnabled()
    assert not dialog.problem.isVisible()


def test_keys_of_the_window_and_of_the_film_cannot_be_taken(board: Board) -> None:
    dialog = KeysDialog(board.keys, {"Ctrl+L": "Lock", "Z": "Magnifier"}, {}, board.view)
    for key, what in (("Ctrl+L", "Lock"), ("Z", "Magnifier")):
        choose(dialog, "film.invert", key)
        assert what in dialog.problem.text()
        assert not dialog.save.isEnabled()


def test_keys_of_another_screen_are_in_the_way_of_what_both_have(board: Board) -> None:
    both = QAction("Invert", board.view)
    board.keys.add({"film.invert": both})
    dialog = KeysDialog(board.keys, {}, {"F5": "Look for new exams"}, board.view)
    assert dialog.conflicts() == []  # Run has F5 on its own screen, and only there
    choose(dialog, "read.run", "F12")
    choose(dialog, "film.invert", "F5")
    assert "Look for new exams" in dialog.problem.text()


def test_as_they_come_no_two_keys_of_the_window_are_the_same(
    qtbot: QtBot, world: World, board: Board
) -> None:
    rows = HistoryTableModel()
    presenter = HistoryPresenter(
        world.browse, board.runner, board.session, rows,
        reviews=world.reviews, export=world.export, report=world.report,
        figures=world.figures, out=world.out, saved=world.saved_filters,
            deleting=world.deleting,
            signing=world.signing,
    )  # fmt: skip
    history = HistoryView(presenter)
    qtbot.addWidget(history)
    film = named_actions("film", history.exam.viewer.film_actions)
    board.keys.add({name: one for name, one in film.items() if "magnifier" not in name})
    choosable = {row.text for row in board.keys.rows()}
    own = {key: what for key, what in keys_of(history) if what not in choosable}
    assert own
    dialog = KeysDialog(board.keys, dict(kept_keys()), own, board.view)
    assert dialog.conflicts() == []


def test_the_shell_opens_the_dialog(qtbot: QtBot, world: World) -> None:
    runner = JobRunner()
    door = open_door(world, runner, qtbot)
    door.sign_in("doc")
    dialog = door.shell.choose_keys()
    assert dialog.conflicts() == []
    dialog.reject()
    door.window.close()
    runner.close()


def test_two_things_without_a_key_are_no_conflict(board: Board) -> None:
    dialog = board.dialog()
    choose(dialog, "film.invert", "")
    choose(dialog, "film.fit", "")
    assert dialog.conflicts() == []


def test_what_was_chosen_before_holds_from_the_start(qtbot: QtBot, world: World) -> None:
    board = Board(qtbot, world)
    board.store.chosen["rad"] = {"film.invert": "F2"}
    board.keys.load()
    board.runner.finish_all()
    assert board.key_of("film.invert") == "F2"
    later = QAction("Invert")
    later.setShortcut(QKeySequence("I"))
    board.keys.add({"film.invert": later})
    assert later.shortcut() == QKeySequence("F2")
    board.desk.close()
    board.runner.close()


def test_the_cheat_sheet_and_every_button_say_the_keys_of_today(board: Board) -> None:
    dialog = board.dialog()
    for name, key in (
        ("film.heat_map", "Shift+H"),
        ("reading.write", "F2"),
        ("reading.choices.normal", "Ctrl+1"),
        ("read.run", "F4"),
        ("read.next_unread", "J"),
        ("film.invert", "U"),
    ):
        choose(dialog, name, key)
    dialog.save.click()
    board.runner.finish_all()
    view = board.view
    sheet = dict(keys_of(view))
    assert sheet["Shift+H"] == "Heat map"
    assert "H" not in sheet
    assert view.viewer.panel.heat.button.text() == "Show heat map (Shift+H)"
    assert view.actions_box.run.toolTip() == "Run the model (F4)"
    assert view.films.unread_key == "J"
    assert view.viewer.film_actions.invert.toolTip() == "Invert (U)"


def test_what_cannot_be_stored_changes_no_key(qtbot: QtBot, world: World) -> None:
    class Full:
        def of(self, actor: Actor) -> KeyChoices:
            return {}

        def save(self, actor: Actor, choices: KeyChoices) -> None:
            raise StorageUnavailable("The disk is full.", hint="Free some space.")

    runner, session = HeldRunner(), Session()
    session.sign_in(world.actor("rad"))
    keys = KeyMap(Full(), runner, session)
    action = QAction("Invert")
    action.setShortcut(QKeySequence("I"))
    keys.add({"film.invert": action})
    with qtbot.waitSignal(keys.failed, check_params_cb=lambda notice: "full" in notice.text):
        keys.save({"film.invert": "F2"}, keys.buttons)
        runner.finish_all()
    assert action.shortcut() == QKeySequence("I")
    runner.close()


def test_names_are_lasting_and_every_action_has_one(board: Board) -> None:
    names = set(board.view.keyed_actions())
    assert {"film.invert", "film.windows.presets.1", "film.measures.ratio"} <= names
    assert {"read.run", "read.occlusion", "reading.opinions.missed", "priors.beside"} <= names
    assert "read.cancel" not in names
    assert "film.measures.magnifier" not in names
    assert named_actions("x", object()) == {}


def test_the_cheat_sheet_offers_to_change_the_keys(qtbot: QtBot) -> None:
    sheet = ShortcutsDialog([("Read", [("F", "Fit")])])
    qtbot.addWidget(sheet)
    assert isinstance(sheet, QWidget)
    with qtbot.waitSignal(sheet.change_asked):
        sheet.change.click()
    assert any(label.text() == "Fit" for label in sheet.findChildren(QLabel))
