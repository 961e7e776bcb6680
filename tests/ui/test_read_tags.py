"""The window of DICOM tags: shown by its key, searched, and honest about what it lacks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.errors import StorageUnavailable
from cxr_desktop.domain.tags import TagList, TagRow
from cxr_desktop.ui.screens.read.tags_dialog import TagsDialog
from cxr_desktop.ui.screens.read.view import ReadView
from tests.support.read_desk import Desk
from tests.support.reading import READER, a_film

A, B = Path("/films/a.dcm"), Path("/films/b.png")
ROWS = (
    TagRow("(0010,0010)", "Patient's Name", "PN", "Khan^Amina"),
    TagRow("(0010,0020)", "Patient ID", "LO", "<b>P-1</b>"),
    TagRow("(0008,2218)", "Anatomic Region Sequence", "SQ", "1 item"),
    TagRow("", "Item 1", "", "", 1),
    TagRow("(0008,0104)", "Code Meaning", "LO", "Chest", 2),
)


class Screen(Desk):
    """A desk with its view, and a DICOM film open."""

    def __init__(self, qtbot: QtBot) -> None:
        super().__init__(qtbot, READER)
        self.reading.classify.films["a.dcm"] = replace(a_film(A), file_format="DICOM")
        self.reading.tags.tags = TagList("a" * 64, ROWS)
        self.view = ReadView(self.presenter)
        qtbot.addWidget(self.view)
        with qtbot.waitExposed(self.view):
            self.view.show()
        self.open(A)

    def show_tags(self) -> TagsDialog:
        """Press the key and wait for the tags, or for why there are none."""
        QTest.keyClick(self.view.viewer.canvas, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
        (dialog,) = self.view.findChildren(TagsDialog)
        self.qtbot.waitUntil(lambda: dialog.tags.rowCount() > 0 or dialog.notice.isVisible())
        return dialog

    def column(self, dialog: TagsDialog, number: int) -> list[str]:
        """Return what one column shows."""
        found = dialog.found
        return [str(found.index(row, number).data()) for row in range(found.rowCount())]


@pytest.fixture
def screen(qtbot: QtBot) -> Iterator[Screen]:
    made = Screen(qtbot)
    yield made
    made.close()


def test_the_key_shows_the_tags_of_the_film_shown(screen: Screen) -> None:
    dialog = screen.show_tags()
    assert "a.dcm" in dialog.windowTitle()
    assert screen.reading.tags.asked == ["a.dcm"]
    assert screen.column(dialog, 1)[:3] == [row.name for row in ROWS[:3]]
    assert screen.column(dialog, 1)[4].endswith("    Code Meaning")
    assert screen.column(dialog, 3)[1] == "<b>P-1</b>"
    assert dialog.count.text() == "5 of 5 lines"
    dialog.close()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("patient", 2),
        ("PATIENT khan", 1),
        ("0010,0020", 1),
        ("(0010,0020)", 1),
        ("00100020", 1),
        ("chest", 1),
        ("nowhere", 0),
        ("[", 0),
        ("", 5),
    ],
)
def test_the_search_looks_at_tag_name_and_value(screen: Screen, text: str, found: int) -> None:
    dialog = screen.show_tags()
    dialog.search.setText(text)
    assert dialog.found.rowCount() == found
    assert dialog.count.text() == f"{found} of 5 lines"
    dialog.close()


def test_a_line_can_be_copied(screen: Screen) -> None:
    dialog = screen.show_tags()
    dialog.search.setText("chest")
    dialog.table.setCurrentIndex(dialog.found.index(0, 0))
    dialog.copy()
    assert QGuiApplication.clipboard().text() == "(0008,0104) Code Meaning LO Chest"
    dialog.close()


def test_a_stored_film_is_looked_at_in_the_store(screen: Screen) -> None:
    screen.presenter.run()
    screen.idle()
    screen.show_tags().close()
    assert screen.reading.tags.asked == ["e1"]


def test_why_there_are_none_is_said(screen: Screen) -> None:
    screen.reading.tags.error = StorageUnavailable("The film is gone.", hint="Restore it.")
    dialog = screen.show_tags()
    assert "The film is gone." in dialog.notice.accessibleName() or dialog.notice.isVisible()
    assert dialog.count.text() == ""
    dialog.close()


def test_a_file_of_many_tags_says_that_it_has_more(screen: Screen) -> None:
    screen.reading.tags.tags = TagList("a" * 64, ROWS, is_cut=True)
    dialog = screen.show_tags()
    assert dialog.notice.isVisible()
    dialog.close()


def test_a_picture_has_no_tags_to_show(screen: Screen) -> None:
    screen.presenter.open_paths([B])
    screen.until(lambda state: state.films.name == "b.png" and state.films.open_count > 1)
    screen.until(lambda state: getattr(state.stage, "film", None) is not None)
    assert not screen.view.read_actions.tags.isEnabled()
    assert screen.view.show_tags() is None
