"""The list of films is drawn anew where it changed, and laid out anew where it grew."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QModelIndex
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from cxr_desktop.ui.screens.read.film_list import FilmListModel
from cxr_desktop.ui.screens.read.film_list_panel import FilmListPanel
from cxr_desktop.ui.screens.read.state import Entry, FilmList, FilmStatus

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


def test_another_state_of_a_film_lays_nothing_out(qtbot: QtBot) -> None:
    panel = FilmListPanel()
    qtbot.addWidget(panel)
    panel.resize(250, 600)
    panel.show()
    panel.show_films(FilmList(FILMS, 0), may_run=True)
    qtbot.waitExposed(panel)
    qtbot.waitUntil(lambda: panel.list.visualRect(panel.model.index(1)).height() > 0)
    laid_out = QSignalSpy(panel.list.verticalScrollBar().rangeChanged)
    hints: list[int] = []
    before = panel.list.itemDelegate().sizeHint

    def hint(option: object, index: QModelIndex) -> object:
        hints.append(index.row())
        return before(option, index)

    panel.list.itemDelegate().sizeHint = hint
    seen = panel.list.grab().toImage()
    panel.show_films(FilmList(run(1), 0), may_run=True)
    qtbot.wait(50)
    assert not hints
    assert laid_out.count() == 0
    assert panel.list.grab().toImage() != seen
