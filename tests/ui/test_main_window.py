from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.errors import ModelUnavailable
from cxr_desktop.domain.roles import Group, Permission
from cxr_desktop.ui.jobs import JobRunner
from cxr_desktop.ui.navigation import SCREENS
from cxr_desktop.ui.screens.access.state import Inside, SigningIn
from tests.support.door import SECRET, Door, PlainScreen, RealSeconds, open_door
from tests.support.examples import an_event
from tests.support.fakes import PlainHasher
from tests.support.patience import PATIENCE_S
from tests.support.world import PASSWORD, World


@pytest.fixture
def seconds() -> RealSeconds:
    return RealSeconds()


@pytest.fixture
def door(world: World, runner: JobRunner, qtbot: QtBot, seconds: RealSeconds) -> Door:
    return open_door(world, runner, qtbot, seconds)


def visible_text(widget: QWidget) -> str:
    """Everything a person could read in a window."""
    texts = [widget.windowTitle()]
    texts += [label.text() for label in widget.findChildren(QLabel) if label.isVisible()]
    texts += [line.displayText() for line in widget.findChildren(QLineEdit) if line.isVisible()]
    texts += [b.text() for b in widget.findChildren(QAbstractButton) if b.isVisible()]
    return "\n".join(texts)


def test_a_person_types_name_and_password_and_is_in(door: Door, qtbot: QtBot) -> None:
    card = door.window.door.sign_in
    name, password = card.findChildren(QLineEdit)
    QTest.keyClicks(name, "rad")
    QTest.keyClick(name, Qt.Key.Key_Return)
    assert password.hasFocus() or not door.window.isActiveWindow()
    QTest.keyClicks(password, PASSWORD)
    QTest.keyClick(password, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: isinstance(door.presenter.state, Inside))
    qtbot.waitUntil(lambda: "Signed in: Rad" in visible_text(door.window))
    assert password.text() == ""


def test_a_refusal_is_shown_whole_and_keeps_the_name(door: Door, qtbot: QtBot) -> None:
    card = door.window.door.sign_in
    name, password = card.findChildren(QLineEdit)
    QTest.keyClicks(name, "rad")
    QTest.keyClicks(password, "wrong")
    QTest.keyClick(password, Qt.Key.Key_Return)
    door.wait_for_answer()
    qtbot.waitUntil(card.notice.isVisible)
    assert "Caps Lock" in card.notice.text
    assert (name.text(), password.text()) == ("rad", "")
    label = card.notice.findChildren(QLabel)[1]
    qtbot.waitUntil(lambda: label.height() >= label.heightForWidth(label.width()))


def test_nothing_can_be_asked_without_name_and_password(door: Door, qtbot: QtBot) -> None:
    card = door.window.door.sign_in
    name, password = card.findChildren(QLineEdit)
    button = card.findChildren(QPushButton)[0]
    assert not button.isEnabled()
    QTest.keyClicks(name, "rad")
    QTest.keyClicks(password, "x")
    assert button.isEnabled()


@pytest.mark.parametrize(
    "name,screens",
    [
        ("tech", ("read", "history")),
        ("doc", ("read", "history")),
        ("rad", ("read", "history", "quality")),
        ("admin", ("read", "history", "admin", "quality")),
    ],
)
def test_a_person_sees_the_screens_they_may_use(
    door: Door, name: str, screens: tuple[str, ...]
) -> None:
    door.sign_in(name)
    assert door.shell.screen_ids == screens
    assert tuple(door.shell.rail.buttons) == screens


def test_a_screen_that_is_not_theirs_is_not_shown_when_asked_for(door: Door) -> None:
    door.sign_in("doc")
    door.shell.show_screen("admin")
    assert door.shell.current == "read"


def test_somebody_who_may_only_look_starts_at_the_history(door: Door, world: World) -> None:
    seeing = Group("Students", frozenset({Permission.SEE_RESULT}))
    world.users.save_group(seeing, an_event())
    world.accounts.change(world.actor("admin"), "tech", group="Students")
    door.sign_in("tech")
    assert door.shell.current == "history"


def test_the_screens_have_keys(door: Door) -> None:
    door.sign_in("admin")
    actions = {a.shortcut().toString(): a for a in door.shell.rail.actions()}
    assert list(actions) == [screen.shortcut for screen in SCREENS]
    actions["Ctrl+3"].trigger()
    assert door.shell.current == "admin"
    assert door.shell.rail.buttons["admin"].isChecked()


def test_the_keys_of_a_screen_work_as_soon_as_it_is_in_front(door: Door, qtbot: QtBot) -> None:
    used: list[str] = []

    def wait_for_keys() -> None:
        """A key of the screen in front, pressed where the focus is, does what it should."""
        screen = door.shell.stack.currentWidget()
        assert screen is not None
        key = QShortcut(QKeySequence("Ctrl+O"), screen)
        key.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        key.activated.connect(lambda: used.append(door.shell.current))
        door.window.activateWindow()
        qtbot.waitUntil(lambda: _has_keys(screen))
        QTest.keyClick(door.window, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
        key.setEnabled(False)

    door.sign_in("admin")
    wait_for_keys()
    door.shell.rail.buttons["history"].setFocus()
    door.shell.rail.buttons["history"].click()
    wait_for_keys()
    door.presenter.lock()
    door.presenter.unlock(PASSWORD)
    qtbot.waitUntil(door.shell.isVisible)
    wait_for_keys()
    assert used == ["read", "history", "history"]


def _has_keys(screen: QWidget) -> bool:
    focus = QApplication.focusWidget()
    return focus is not None and (focus is screen or screen.isAncestorOf(focus))


def test_an_exam_is_opened_in_the_viewer(door: Door) -> None:
    door.sign_in("doc")
    door.shell.show_screen("history")
    door.shell.open_exam("e1")
    viewer = door.shell.stack.currentWidget()
    assert isinstance(viewer, PlainScreen)
    assert viewer.exams == ["e1"]
    assert door.shell.current == "read"


def test_who_goes_before_the_first_screen_is_shown_is_gone(door: Door, qtbot: QtBot) -> None:
    gone: list[bool] = []

    def leave(*_: object) -> None:
        door.shell.destroyed.connect(lambda: gone.append(True))
        door.presenter.sign_out()

    door.session.signed_in.connect(lambda _: door.shell.maker.made.connect(leave))
    door.presenter.sign_in("rad", PASSWORD)
    qtbot.waitUntil(lambda: bool(gone))  # an exception on the way fails the test
    assert door.window.shell is None


def test_no_clock_of_a_person_runs_on_after_the_sign_out(door: Door, world: World) -> None:
    door.sign_in("doc")
    shell = door.shell
    door.session.update(world.emergency.begin(door.session.require(), "nobody else is here"))
    running = [timer for timer in shell.findChildren(QTimer) if timer.isActive()]
    assert len(running) > 1
    door.presenter.sign_out()
    assert not [timer for timer in running if timer.isActive()]


def test_signing_out_leaves_nothing_of_the_person(door: Door, qtbot: QtBot) -> None:
    door.sign_in("doc")
    shell = door.shell
    with qtbot.waitSignal(shell.destroyed):
        door.presenter.sign_out()
    assert door.window.shell is None
    assert SECRET not in visible_text(door.window)
    assert all(SECRET not in label.text() for label in door.window.findChildren(QLabel))


def test_the_next_person_gets_a_window_of_their_own(door: Door) -> None:
    door.sign_in("admin")
    door.shell.show_screen("admin")
    before = door.shell
    door.presenter.sign_out()
    door.sign_in("doc")
    assert door.shell is not before
    assert door.shell.current == "read"
    assert "Signed in: Doc" in visible_text(door.window)


def test_nobody_at_the_keyboard_locks_the_window(door: Door, seconds: RealSeconds) -> None:
    door.sign_in("doc")
    seconds.now += 299
    door.window.idle.look()
    assert not door.is_locked
    seconds.now += 1
    door.window.idle.look()
    assert door.is_locked


def test_a_key_keeps_the_window_open(door: Door, seconds: RealSeconds, qtbot: QtBot) -> None:
    door.sign_in("doc")
    seconds.now += 200
    QTest.keyClick(door.window.windowHandle(), Qt.Key.Key_Shift)
    seconds.now += 200
    door.window.idle.look()
    assert not door.is_locked


def test_a_key_in_a_dialog_keeps_the_window_open(
    door: Door, seconds: RealSeconds, qtbot: QtBot
) -> None:
    door.sign_in("doc")
    dialog = door.shell.show_about()
    qtbot.waitUntil(lambda: dialog.windowHandle() is not None)
    door.window.idle.look_for_windows()
    seconds.now += 200
    QTest.keyClick(dialog.windowHandle(), Qt.Key.Key_Shift)
    seconds.now += 200
    door.window.idle.look()
    assert not door.is_locked


def test_a_computer_that_slept_is_locked_before_its_first_key(
    door: Door, seconds: RealSeconds, qtbot: QtBot
) -> None:
    door.sign_in("doc")
    seconds.now += 8 * 3600
    QTest.keyClick(door.window.windowHandle(), Qt.Key.Key_Shift)
    assert door.is_locked


def test_a_short_sleep_locks_too(door: Door, seconds: RealSeconds, qtbot: QtBot) -> None:
    door.sign_in("doc")
    seconds.now += 20
    seconds.slept += 20
    door.window.idle.look()
    assert door.is_locked


def test_what_the_operating_system_tells_locks_the_window(door: Door) -> None:
    door.sign_in("doc")
    door.window.os_lock.on_told(begins=False)
    assert not door.is_locked
    door.window.os_lock.on_told(begins=True)
    assert door.is_locked
    door.window.os_lock.on_locked()  # locked already
    assert door.is_locked


def test_a_shorter_limit_set_by_an_administrator_acts(
    door: Door, seconds: RealSeconds, qtbot: QtBot
) -> None:
    door.program.settings.values["session.idle_lock_minutes"] = 1
    door.sign_in("doc")
    qtbot.waitUntil(lambda: door.window.idle.limit_s == 60)
    seconds.now += 61
    door.window.idle.look()
    assert door.is_locked


def test_a_locked_window_shows_no_patient_and_no_pixel_of_a_film(door: Door, qtbot: QtBot) -> None:
    door.sign_in("doc")
    assert SECRET in visible_text(door.window)
    dialog = door.shell.show_about()
    door.presenter.lock()

    assert SECRET not in visible_text(door.window)
    assert not door.shell.isVisible()
    assert not dialog.isVisible()
    covered = door.window.grab().toImage()
    screen = door.shell.stack.currentWidget()
    assert screen is not None
    screen.setStyleSheet("background: #ff00ff;")
    assert door.window.grab().toImage() == covered


def test_the_keys_of_the_screens_are_dead_while_locked(door: Door, qtbot: QtBot) -> None:
    door.sign_in("admin")
    door.presenter.lock()
    QTest.keyClick(door.window, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    assert door.shell.current == "read"


def test_unlocking_gives_the_same_screen_back(door: Door, qtbot: QtBot) -> None:
    door.sign_in("admin")
    door.shell.show_screen("history")
    shell, screen = door.shell, door.shell.stack.currentWidget()
    door.presenter.lock()
    password = door.window.door.locked.findChildren(QLineEdit)[0]
    QTest.keyClicks(password, PASSWORD)
    QTest.keyClick(password, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: isinstance(door.presenter.state, Inside))
    assert door.shell is shell
    assert door.shell.stack.currentWidget() is screen
    qtbot.waitUntil(shell.isVisible)  # it is uncovered in the turn after


def test_another_person_is_asked_for_a_name(door: Door, qtbot: QtBot) -> None:
    name, password = door.window.door.sign_in.findChildren(QLineEdit)
    name.setText("admin")
    door.sign_in("admin")
    door.presenter.lock()
    locked = door.window.door.locked
    (other,) = [b for b in locked.findChildren(QPushButton) if "another" in b.text()]
    other.click()
    qtbot.waitUntil(lambda: isinstance(door.presenter.state, SigningIn))
    assert (name.text(), password.text()) == ("", "")
    assert door.window.door.focusWidget() is name


def test_the_status_line_says_what_the_model_runs_on(door: Door, qtbot: QtBot) -> None:
    door.sign_in("doc")
    qtbot.waitUntil(lambda: "Model ready on CPU: fake 1.0" in visible_text(door.window))
    assert "Decision support; a qualified reader decides." in visible_text(door.window)


def test_a_model_that_cannot_be_used_is_said_in_a_sentence(
    world: World, runner: JobRunner, qtbot: QtBot
) -> None:
    world.classifiers.fails_with = ModelUnavailable("The model is damaged.", hint="Import it.")
    door = open_door(world, runner, qtbot)
    door.sign_in("doc")
    qtbot.waitUntil(lambda: "The model is damaged. Import it." in visible_text(door.window))


def test_leaving_admin_asks_the_model_again(door: Door, qtbot: QtBot) -> None:
    door.sign_in("admin")
    qtbot.waitUntil(lambda: "Model ready" in visible_text(door.window))
    before = door.program.engine.warmed
    door.shell.show_screen("admin")
    door.shell.show_screen("read")
    qtbot.waitUntil(lambda: door.program.engine.warmed == before + 1)


def test_a_screen_can_have_the_model_asked_for_and_the_line_names_it(
    door: Door, qtbot: QtBot
) -> None:
    door.sign_in("admin")
    qtbot.waitUntil(lambda: "Model ready" in visible_text(door.window))
    before = door.program.engine.warmed
    door.shell._context.ask_model()
    qtbot.waitUntil(lambda: door.program.engine.warmed == before + 1)


def test_a_person_changes_their_password_from_the_menu(door: Door, qtbot: QtBot) -> None:
    door.sign_in("doc")
    dialog = door.shell.change_password()
    new = "six green paper lamps"
    dialog.current.setText("wrong")
    dialog.new.first.setText(new)
    dialog.new.again.setText(new)
    QTest.mouseClick(dialog.change, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "current password is not right" in dialog.notice.text)
    dialog.current.setText(PASSWORD)
    with qtbot.waitSignal(dialog.accepted):
        QTest.mouseClick(dialog.change, Qt.MouseButton.LeftButton)
    assert "Your password was changed." in visible_text(door.window)
    door.presenter.sign_out()
    door.sign_in("doc", new)


def test_about_names_the_model_the_folder_and_the_licences(door: Door, qtbot: QtBot) -> None:
    door.sign_in("doc")
    qtbot.waitUntil(lambda: "Model ready" in visible_text(door.window))
    dialog = door.shell.show_about()
    text = visible_text(dialog)
    for part in ("fake 1.0", "CPU", str(door.program.data.root), "Apache License 2.0", "LGPL-3.0"):
        assert part in text
    assert "Decision support; a qualified reader decides." in text
    dialog.reject()


def test_the_sheet_of_keys_lists_every_key_of_the_window(door: Door) -> None:
    door.sign_in("admin")
    dialog = door.shell.show_shortcuts()
    text = visible_text(dialog)
    for key in ("Ctrl+1", "Ctrl+2", "Ctrl+3", "Ctrl+L", "F1", "F10"):
        assert key in text
    dialog.reject()


def test_every_key_is_used_once(door: Door) -> None:
    door.sign_in("admin")
    keys = [
        action.shortcut().toString()
        for action in door.shell.findChildren(QAction)
        if not action.shortcut().isEmpty()
    ]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("size", [(1024, 700), (1600, 1000)])
@pytest.mark.parametrize("where", ["sign in", "refused", "inside", "locked"])
def test_nothing_is_cut_off(door: Door, qtbot: QtBot, size: tuple[int, int], where: str) -> None:
    door.window.resize(*size)
    steps: dict[str, Callable[[], None]] = {
        "sign in": lambda: None,
        "refused": lambda: door.presenter.sign_in("doc", "wrong"),
        "inside": lambda: door.sign_in("admin"),
        "locked": lambda: lock_as(door, "doc"),
    }
    steps[where]()
    door.wait_for_answer()
    assert (door.window.width(), door.window.height()) == size

    def whole() -> None:
        assert cut_off(door.window) == []

    qtbot.waitUntil(whole)


def lock_as(door: Door, name: str) -> None:
    door.sign_in(name)
    door.presenter.lock()


def cut_off(window: QWidget) -> list[str]:
    """Labels and buttons that are smaller than their text, or lie outside the window."""
    found = []
    texts: list[QLabel | QAbstractButton] = [
        *window.findChildren(QLabel),
        *window.findChildren(QAbstractButton),
    ]
    for widget in texts:
        inside_field = isinstance(widget.parent(), QLineEdit)  # the field places its own buttons
        if inside_field or not widget.isVisible() or not widget.text():
            continue
        needed = widget.minimumSizeHint()
        corner = widget.mapTo(window, widget.rect().bottomRight())
        if isinstance(widget, QLabel) and widget.wordWrap():
            small = widget.height() < widget.heightForWidth(widget.width())
        else:
            small = widget.height() < needed.height() or widget.width() < needed.width()
        if small or not window.rect().contains(corner):
            found.append(f"{widget.text()} {widget.size().toTuple()} {needed.toTuple()}")
    return found


def test_every_button_without_words_has_a_name(door: Door) -> None:
    door.sign_in("admin")
    nameless = [
        button
        for button in door.window.findChildren(QAbstractButton)
        if not button.text() and not button.accessibleName() and button.objectName() != "qt_menu"
    ]
    assert [str(button.parent()) for button in nameless] == []


def test_every_field_of_the_door_has_a_label_with_a_key(door: Door) -> None:
    labels = list(door.window.door.findChildren(QLabel))
    labels = [label for label in labels if label.buddy() is not None]
    buddies = {label.buddy() for label in labels}
    assert set(door.window.door.findChildren(QLineEdit)) <= buddies
    assert all("&" in label.text() for label in labels)


def test_the_place_of_the_window_is_remembered(
    world: World, runner: JobRunner, qtbot: QtBot
) -> None:
    first = open_door(world, runner, qtbot)
    first.window.resize(960, 655)  # the offscreen platform's screen is not wider
    first.window.close()
    again = JobRunner()
    second = open_door(world, again, qtbot)
    assert (second.window.width(), second.window.height()) == (960, 655)
    again.close()


class SlowHasher(PlainHasher):
    """Looks at a password until the window has had a turn."""

    def __init__(self) -> None:
        super().__init__()
        self.may_end = threading.Event()
        self.had_a_turn: list[bool] = []

    def verify(self, encoded: str, password: str) -> bool:
        """Compare as text, late."""
        self.had_a_turn.append(self.may_end.wait(PATIENCE_S))
        return super().verify(encoded, password)


def test_the_window_lives_while_a_person_signs_in(
    door: Door, world: World, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    hasher = SlowHasher()
    monkeypatch.setattr(world.access, "_hasher", hasher)
    door.presenter.sign_in("doc", PASSWORD)
    QTimer.singleShot(0, hasher.may_end.set)
    qtbot.waitUntil(lambda: isinstance(door.presenter.state, Inside))
    assert hasher.had_a_turn == [True]
