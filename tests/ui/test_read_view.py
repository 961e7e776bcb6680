"""The Read screen's widgets: what they show of a state, and what keys, drops and buttons do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.errors import FilmRefused, ModelUnavailable, RefusalCode
from cxr_desktop.domain.radiograph import Caution, Radiograph, StudyInfo
from cxr_desktop.ui.screens.read.dropped import paths_of
from cxr_desktop.ui.screens.read.refusal_text import meaning_of
from cxr_desktop.ui.screens.read.state import (
    Empty,
    Failed,
    Opened,
    Opening,
    Refused,
    Running,
    Showing,
)
from tests.support.read_desk import ShownDesk
from tests.support.reading import READER, TECHNICIAN, a_film

A, B, C = Path("/films/a.png"), Path("/films/b.png"), Path("/films/c.png")


class Screen(ShownDesk):
    """A shown desk, worked by keys and mouse."""

    def __init__(self, qtbot: QtBot, *, technician: bool = False) -> None:
        super().__init__(qtbot, TECHNICIAN if technician else READER)

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier | None = None) -> None:
        target = QGuiApplication.focusObject()
        widget = target if isinstance(target, QWidget) else self.view
        QTest.keyClick(widget, key, modifier or Qt.KeyboardModifier.NoModifier)


@pytest.fixture
def screen(qtbot: QtBot) -> Iterator[Screen]:
    made = Screen(qtbot)
    yield made
    made.close()


def texts(widget: QWidget) -> str:
    labels = widget.findChildren(QLabel)
    return "\n".join(label.text() for label in labels if label.isVisible())


def map_is_on(screen: Screen) -> bool:
    return screen.view.viewer.canvas.is_heat_map_visible


def test_it_starts_with_a_drop_zone(screen: Screen) -> None:
    assert "Drop chest films here" in texts(screen.view)
    assert screen.view.empty.files.isVisible()


def test_dropped_files_and_folders_are_opened(screen: Screen) -> None:
    screen.reading.folders = {Path("/folder"): [B, C]}
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile("/films/a.png"), QUrl.fromLocalFile("/folder")])
    event = QDropEvent(
        QPointF(50, 50),
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    screen.view.dropEvent(event)
    screen.until_stage(Opened)
    assert [entry.name for entry in screen.state.films.entries] == ["a.png", "b.png", "c.png"]
    assert screen.view.films.isVisible()


def test_a_copied_path_is_pasted(screen: Screen) -> None:
    QGuiApplication.clipboard().setText('"/films/a.png"\n')
    screen.key(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    screen.until_stage(Opened)
    assert not screen.view.films.isVisible()  # one film needs no list


@pytest.mark.parametrize(
    "text,expected",
    [
        ("/a/b.png", ["/a/b.png"]),
        ("  '/a/b c.dcm' \n/d", ["/a/b c.dcm", "/d"]),
        ("file:///a/b%20c.png", ["/a/b c.png"]),
        ("the left lung is clear", []),
        ("relative/path.png", []),
        ("", []),
    ],
)
def test_only_absolute_paths_are_taken_from_text(text: str, expected: list[str]) -> None:
    mime = QMimeData()
    mime.setText(text)
    assert paths_of(mime) == [Path(one) for one in expected]


def test_web_addresses_are_not_opened() -> None:
    mime = QMimeData()
    mime.setUrls([QUrl("https://example.org/a.png"), QUrl.fromLocalFile("/a.png")])
    assert paths_of(mime) == [Path("/a.png")]


def test_f5_and_enter_on_the_film_run_it(screen: Screen) -> None:
    screen.open(A)
    screen.key(Qt.Key.Key_F5)
    screen.until_stage(Showing)
    screen.open(B)
    screen.until(lambda state: state.films.position == 1 and isinstance(state.stage, Opened))
    screen.view.viewer.canvas.setFocus()
    screen.key(Qt.Key.Key_Return)
    screen.until_stage(Showing)


def test_the_film_has_the_keys_after_the_button_that_was_pressed_is_gone(screen: Screen) -> None:
    screen.open(A)
    screen.key(Qt.Key.Key_Tab)
    assert screen.view.actions_box.run.hasFocus()
    screen.key(Qt.Key.Key_Space)
    screen.until_stage(Showing)
    assert screen.view.viewer.canvas.hasFocus()
    screen.presenter.close_all()
    assert not screen.view.viewer.canvas.hasFocus()


def test_enter_in_a_field_goes_on_and_letters_in_it_are_letters(screen: Screen) -> None:
    screen.open(A)
    name = screen.view.viewer.panel.study.editor("patient_name")
    assert isinstance(name, QLineEdit)
    name.setFocus()
    QTest.keyClicks(name, "Fiori h")  # F, I, O, R and H are keys of the film
    assert name.text() == "Fiori h"
    assert not screen.view.viewer.canvas.is_inverted
    screen.key(Qt.Key.Key_Return)
    assert not screen.state.is_running
    assert screen.view.viewer.panel.study.editor("patient_id").hasFocus()
    opened = screen.until_stage(Opened)
    assert opened.typed.patient_name == "Fiori h"


def test_typing_keeps_the_cursor_where_it_is(screen: Screen) -> None:
    screen.open(A)
    edit = screen.view.viewer.panel.study.editor("patient_name")
    assert isinstance(edit, QLineEdit)
    edit.setFocus()
    QTest.keyClicks(edit, "Khan")
    edit.setCursorPosition(0)
    QTest.keyClicks(edit, "De ")
    assert edit.text() == "De Khan"
    assert edit.hasFocus()


def test_fields_are_offered_only_where_the_file_says_nothing(screen: Screen) -> None:
    study = StudyInfo(patient_name="Khan^Fatima", sex="F")
    screen.reading.classify.films["a.png"] = a_film(A, study)
    screen.open(A)
    form = screen.view.viewer.panel.study
    assert form.editor("patient_name").isHidden()
    assert form.editor("sex").isHidden()
    assert form.shown("patient_name") == "Khan, Fatima"
    assert form.shown("sex") == "Female"
    assert form.editor("patient_id").isVisible()
    screen.presenter.run()
    screen.until_stage(Showing)
    assert form.editor("patient_id").isHidden()


def test_a_wrong_date_is_marked_in_its_field(screen: Screen) -> None:
    screen.open(A)
    edit = screen.view.viewer.panel.study.editor("birth_date")
    assert isinstance(edit, QLineEdit)
    QTest.keyClicks(edit, "1990")
    screen.view.actions_box.run.click()
    assert edit.property("invalid") == "true"
    assert "Birth date: Type a past date" in texts(screen.view)
    edit.clear()
    QTest.keyClicks(edit, "31.12.1990")
    assert edit.property("invalid") == "false"


def test_the_answer_is_shown_with_all_that_belongs_to_it(screen: Screen) -> None:
    film = a_film(A)
    film = Radiograph(
        film.pixels, film.sha256, "a.png", "PNG", 16, cautions=(Caution("x", "Mind the gap."),)
    )
    screen.reading.classify.films["a.png"] = film
    screen.reading.classify.scores["a.png"] = 0.83
    screen.open(A)
    screen.presenter.run()
    screen.until_stage(Showing)
    shown = texts(screen.view)
    for part in (
        "Abnormal",
        "P(abnormal) 0.83",
        "Estimated chance that a reader would call this film abnormal.",
        "Decision support; a qualified reader decides.",
        "Mind the gap.",
        "Stored in History",
        "yolov5x-cls-cxr 1.0",
        "CPU",
        "0.21 s: read 40 ms, prepare 5 ms, model 165 ms",
        "amina",
        "48 × 64",
        "PNG, 16 bit",
    ):
        assert part in shown
    assert "2026-03-01" in shown


def test_the_heat_map_is_off_until_h_is_pressed_and_off_again_on_the_next_film(
    screen: Screen,
) -> None:
    screen.open(A, B)
    screen.presenter.run_all()
    screen.until(lambda state: all(e.verdict for e in state.films.entries))
    legend = screen.view.viewer.panel.heat.legend
    assert not map_is_on(screen)
    assert legend not in texts(screen.view)
    screen.key(Qt.Key.Key_H)
    assert map_is_on(screen)
    assert legend in texts(screen.view)
    screen.key(Qt.Key.Key_PageDown)
    screen.until(lambda state: state.films.position == 1)
    assert not map_is_on(screen)
    assert legend not in texts(screen.view)
    screen.key(Qt.Key.Key_PageUp)
    screen.view.viewer.panel.heat.button.click()
    assert map_is_on(screen)


def run_with_map_at_once(screen: Screen, score: float) -> None:
    screen.reading.settings["reading.heat_map_at_once"] = True
    screen.reading.classify.scores = {"a.png": score}
    screen.open(A)
    assert not map_is_on(screen)
    screen.presenter.run()
    screen.until_stage(Showing)


def test_with_the_setting_the_heat_map_comes_with_the_answer_and_h_takes_it_off(
    screen: Screen,
) -> None:
    run_with_map_at_once(screen, 0.9)
    assert map_is_on(screen)
    assert screen.view.viewer.panel.heat.legend in texts(screen.view)
    screen.key(Qt.Key.Key_H)
    assert not map_is_on(screen)


def test_with_the_setting_the_heat_map_of_a_normal_film_still_waits_to_be_asked_for(
    screen: Screen,
) -> None:
    run_with_map_at_once(screen, 0.1)
    assert not map_is_on(screen)
    screen.key(Qt.Key.Key_H)
    assert map_is_on(screen)


def test_with_the_setting_the_heat_map_comes_with_an_exam_from_history_too(
    screen: Screen,
) -> None:
    run_with_map_at_once(screen, 0.5)
    (exam_id,) = screen.reading.classify.stored
    screen.presenter.close_all()
    screen.view.open_exam(exam_id)
    screen.until(lambda state: isinstance(state.stage, Showing) and state.stage.film is not None)
    assert map_is_on(screen)


def test_a_long_name_in_the_list_is_elided_and_its_tip_is_the_whole_name(screen: Screen) -> None:
    name = "Chest_PA_" + "x" * 120 + "<b>.png"
    screen.open(A, Path("/films") / name)
    films = screen.view.films.list
    row = films.visualRect(films.model().index(1, 0))
    assert films.viewport().rect().contains(row)
    assert not films.horizontalScrollBar().isVisible()
    tip = films.model().index(1, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert name.replace("<b>", "&lt;b&gt;") in tip


def test_an_account_without_the_permission_reads_that_it_was_stored(qtbot: QtBot) -> None:
    screen = Screen(qtbot, technician=True)
    try:
        screen.open(A)
        screen.presenter.run()
        screen.until_stage(Showing)
        shown = texts(screen.view)
        assert "Stored. Your account does not show the model's answer." in shown
        assert "abnormal" not in shown.lower()
        assert "yolov5x" not in shown
        assert not screen.view.viewer.film_actions.heat_map.isEnabled()
    finally:
        screen.close()


def test_a_refusal_says_what_it_means_and_what_to_do(screen: Screen) -> None:
    screen.reading.classify.errors_run["a.png"] = FilmRefused(
        RefusalCode.NOT_A_CHEST, "This is not a chest film.", hint="Choose a frontal chest film."
    )
    screen.open(A)
    screen.presenter.run()
    screen.until_stage(Refused)
    shown = texts(screen.view)
    assert "This is not a chest film." in shown
    assert "Choose a frontal chest film." in shown
    assert meaning_of("not_a_chest") in shown
    assert "nothing was stored" in shown
    assert screen.view.viewer.canvas.film is not None
    assert not screen.view.actions_box.retry.isVisible()


@pytest.mark.parametrize("code", list(RefusalCode))
def test_every_refusal_has_a_meaning(code: RefusalCode) -> None:
    assert meaning_of(code.value).endswith(".")


def test_a_failure_offers_another_try(screen: Screen) -> None:
    screen.reading.classify.errors_run["a.png"] = ModelUnavailable("There is no model.")
    screen.open(A)
    screen.presenter.run()
    screen.until_stage(Failed)
    assert "There is no model." in texts(screen.view)
    screen.reading.classify.errors_run.clear()
    screen.view.actions_box.retry.click()
    screen.until_stage(Showing)


def test_progress_is_shown_and_escape_cancels(screen: Screen) -> None:
    screen.open(A)
    screen.reading.classify.run_gate.close()
    screen.presenter.run()
    screen.until(lambda state: isinstance(state.stage, Running) and state.stage.fraction > 0)
    assert screen.view.actions_box.step.text() in ("Running the model", "Waiting")
    assert screen.view.actions_box.cancel.isVisible()
    screen.key(Qt.Key.Key_Escape)
    screen.until_stage(Opened)
    assert screen.view.actions_box.run.isVisible()


def test_opening_shows_that_it_reads_and_nothing_of_the_film_before(screen: Screen) -> None:
    screen.reading.classify.films["a.png"] = a_film(A, StudyInfo(patient_name="Khan^Fatima"))
    screen.open(A)
    assert "Khan" in texts(screen.view)
    screen.reading.classify.open_gate.close()
    screen.presenter.open_paths([B])
    screen.until_stage(Opening)
    assert "Khan" not in texts(screen.view)
    assert screen.view.viewer.canvas.film is None


def test_the_list_shows_each_film_with_its_word(screen: Screen) -> None:
    screen.reading.classify.scores.update({"a.png": 0.1, "b.png": 0.5})
    screen.reading.classify.errors_open["c.png"] = FilmRefused(RefusalCode.DAMAGED, "Cut.")
    screen.open(A, B, C)
    screen.view.films.run_all.click()
    screen.idle()
    model = screen.view.films.model
    rows = [
        model.data(model.index(row), Qt.ItemDataRole.AccessibleTextRole)
        for row in range(model.rowCount())
    ]
    assert rows == ["a.png: Normal", "b.png: Uncertain", "c.png: Refused"]
    screen.view.films.list.grab()


def test_a_click_in_the_list_shows_that_film(screen: Screen) -> None:
    screen.open(A, B, C)
    listed = screen.view.films.list
    listed.setCurrentIndex(screen.view.films.model.index(2))
    screen.until(lambda state: state.films.position == 2 and isinstance(state.stage, Opened))
    assert screen.view.viewer.canvas.film is not None
    assert screen.view.viewer.canvas.film.file_name == "c.png"


def test_signing_out_clears_every_text_and_picture(screen: Screen) -> None:
    screen.reading.classify.films["a.png"] = a_film(A, StudyInfo(patient_name="Khan^Fatima"))
    screen.open(A)
    screen.presenter.run()
    screen.until_stage(Showing)
    screen.session.sign_out()
    assert isinstance(screen.state.stage, Empty)
    assert screen.view.viewer.canvas.film is None
    everything = [label.text() for label in screen.view.findChildren(QLabel)]
    assert not any("Khan" in text for text in everything)


def test_text_from_files_is_never_markup(screen: Screen) -> None:
    study = StudyInfo(patient_name="<img src=x>", institution="<b>bold</b>", patient_id="&amp;")
    screen.reading.classify.films["a.png"] = a_film(A, study)
    screen.open(A)
    screen.presenter.run()
    screen.until_stage(Showing)
    labels = [label for label in screen.view.findChildren(QLabel) if label.text()]
    assert {label.textFormat() for label in labels} == {Qt.TextFormat.PlainText}
    assert "<b>bold</b>" in texts(screen.view)


def test_a_long_name_does_not_push_the_column_out_of_the_window(screen: Screen) -> None:
    name = "shenzhen_abnormal_" + "x" * 90 + ".png"
    screen.reading.classify.films[name] = a_film(Path(name), StudyInfo(patient_id="9" * 120))
    screen.open(Path("/films") / name)
    panel = screen.view.viewer.panel
    inside = panel.widget()
    assert inside is not None
    assert inside.minimumSizeHint().width() <= panel.viewport().width()
    assert inside.width() <= panel.viewport().width()


def test_tab_goes_from_the_film_to_run_and_on_to_the_fields(screen: Screen) -> None:
    screen.open(A)
    screen.view.viewer.canvas.setFocus()
    seen = []
    for _ in range(3):
        screen.key(Qt.Key.Key_Tab)
        seen.append(QGuiApplication.focusObject())
    form = screen.view.viewer.panel.study
    assert seen == [
        screen.view.actions_box.run,
        form.editor("patient_name"),
        form.editor("patient_id"),
    ]


def test_nothing_is_cut_off_in_the_smallest_window(screen: Screen) -> None:
    screen.open(A, B, C)
    hint = screen.view.minimumSizeHint()
    assert hint.width() <= 960 - 88  # the smallest window without the rail
    assert hint.height() <= 640 - 32


def test_every_control_has_a_name_for_screen_readers(screen: Screen) -> None:
    screen.open(A, B)
    for kind in ("QToolButton", "QLineEdit", "QComboBox", "QSlider", "QListView"):
        for widget in screen.view.findChildren(QWidget):
            if widget.metaObject().className() == kind and widget.objectName() == "":
                assert widget.accessibleName(), kind


def test_no_two_actions_of_the_screen_share_a_key(screen: Screen) -> None:
    actions = screen.view.findChildren(type(screen.view.read_actions.run))
    keys = [key.toString() for action in actions for key in action.shortcuts()]
    assert {str(number) for number in range(8)} <= set(keys)  # the window presets and the reset
    assert len(keys) == len(set(keys))
