"""The list of films is drawn anew where it changed, and laid out anew where it grew."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QModelIndex, QSize, Qt
from PySide6.QtWidgets import QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.ui.clock import utc_now
from cxr_desktop.ui.screens.read.film_list import FilmDelegate, FilmListModel, Index
from cxr_desktop.ui.screens.read.film_list_panel import FilmListPanel
from cxr_desktop.ui.screens.read.state import Entry, FilmList, FilmStatus, ReadMark
from cxr_desktop.ui.screens.read.status_look import look_of_entry
from cxr_desktop.ui.screens.read.worklist import Worklist
from tests.support.patience import some_turns

FILMS = tuple(Entry(number, f"film {number}", FilmStatus.OPENED) for number in range(500))


def run(*numbers: int) -> tuple[Entry, ...]:
    """Return the films, with these in line."""
    return tuple(
        replace(film, status=FilmStatus.QUEUED) if film.key in numbers else film for film in FILMS
    )


def changed_rows(model: FilmListModel, entries: tuple[Entry, ...]) -> list[tuple[int, int]]:
    """Show these, and return from which to which row that is told."""
    told: list[tuple[int, int]] = []

    def note(top: QModelIndex, bottom: QModelIndex, *_: object) -> None:
        told.append((top.row(), bottom.row()))

    model.dataChanged.connect(note)
    model.show_entries(entries)
    model.dataChanged.disconnect(note)
    return told


def test_films_beside_each_other_are_told_as_one_change() -> None:
    model = FilmListModel()
    model.show_entries(FILMS)
    assert changed_rows(model, FILMS) == []
    assert changed_rows(model, run(0, 1, 2, 7, 499)) == [(0, 2), (7, 7), (499, 499)]
    assert changed_rows(model, run(*range(500))) == [(3, 6), (8, 498)]


class Measuring(FilmDelegate):
    """Notes which rows are measured, as happens when a list is laid out."""

    def __init__(self) -> None:
        super().__init__()
        self.measured: list[int] = []

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Note it."""
        self.measured.append(index.row())
        return super().sizeHint(option, index)


def test_the_film_on_the_screen_is_in_view_in_the_list(qtbot: QtBot) -> None:
    panel = FilmListPanel()
    qtbot.addWidget(panel)
    panel.resize(250, 600)
    with qtbot.waitExposed(panel):
        panel.show()

    def is_in_view(row: int) -> bool:
        return panel.list.viewport().rect().contains(panel.list.visualRect(panel.model.index(row)))

    for row in (0, 40, 499, 7):
        panel.show_films(FilmList(FILMS, row), may_run=True)
        assert is_in_view(row)
    panel.show_films(FilmList(FILMS, 40), may_run=True)
    panel.resize(250, 300)  # a strip came below
    assert is_in_view(40)
    panel.list.scrollToBottom()  # somebody looks how far it is
    panel.show_films(FilmList(run(1), 40), may_run=True)
    panel.resize(250, 280)
    assert not is_in_view(40)


def test_another_state_of_a_film_lays_nothing_out(qtbot: QtBot) -> None:
    panel, delegate = FilmListPanel(), Measuring()
    panel.list.setItemDelegate(delegate)
    qtbot.addWidget(panel)
    panel.resize(250, 600)
    with qtbot.waitExposed(panel):
        panel.show()
    panel.show_films(FilmList(FILMS, 0), may_run=True)
    qtbot.waitUntil(lambda: panel.list.visualRect(panel.model.index(1)).height() > 0)
    assert delegate.measured
    delegate.measured.clear()
    seen = panel.list.grab().toImage()
    panel.show_films(FilmList(run(1), 0), may_run=True)
    some_turns(qtbot)
    assert not delegate.measured
    assert panel.list.grab().toImage() != seen


def test_films_of_one_name_are_numbered_and_their_tips_say_where_they_lie() -> None:
    disc = Path("/media/disc/DICOM")
    paths = [disc / name for name in ("PAT0/IM000000", "PAT1/IM000000", "PAT1/IM000001")]
    worklist = Worklist(utc_now)
    items = worklist.add_files(paths)
    assert [item.name for item in items] == ["IM000000", "IM000000 (2)", "IM000001"]
    model = FilmListModel()
    model.show_entries(worklist.entries(None))
    assert str(paths[1]) in model.index(1).data(Qt.ItemDataRole.ToolTipRole)
    worklist.remove(items[0])
    (another,) = worklist.add_files([disc / "PAT2" / "IM000000"])
    assert another.name == "IM000000 (3)"
    assert worklist.add_files(paths[1:]) == items[1:]


def test_the_tip_of_a_film_in_an_archive_names_its_member() -> None:
    worklist, member = Worklist(utc_now), Path("/a.zip!/0/IM0")
    worklist.add_files([member], {member: "/a.zip/x/IM0"})
    (entry,) = worklist.entries(None)
    assert entry.place == "/a.zip/x/IM0"


def test_a_narrow_list_cuts_off_what_is_least_needed() -> None:
    entry = Entry(
        1, "a.png", FilmStatus.STORED, Verdict.UNCERTAIN, "", ReadMark.READY, stored_before=True
    )
    assert look_of_entry(entry).word == "Uncertain, ready, stored before"
    overdue = replace(entry, is_overdue=True)
    assert look_of_entry(overdue).word == "Uncertain, overdue, stored before"
