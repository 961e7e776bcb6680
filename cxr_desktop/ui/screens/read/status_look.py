"""How the state of a film in the list looks: word, shape and colour."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QCoreApplication

from cxr_desktop.ui.palette import Palette
from cxr_desktop.ui.screens.read.state import Entry, FilmStatus, ReadMark
from cxr_desktop.ui.widgets.verdict_badge import VerdictLook, look_of

_LOOKS = {
    FilmStatus.WAITING: ("film", Palette.MUTED),
    FilmStatus.OPENING: ("open", Palette.ACCENT),
    FilmStatus.OPENED: ("film", Palette.MUTED),
    FilmStatus.QUEUED: ("more", Palette.ACCENT),
    FilmStatus.RUNNING: ("play", Palette.ACCENT),
    FilmStatus.STORED: ("tick", Palette.TEXT),
    FilmStatus.REFUSED: ("verdict-refused", Palette.REFUSED),
    FilmStatus.FAILED: ("error", Palette.DANGER),
}


def look_of_entry(entry: Entry) -> VerdictLook:
    """Return the look of an entry: its verdict where there is one that may be seen.

    For a reader it says as well whether the film is ready to be read, or read; and for all whether
    it waited too long.
    """
    look = _look(entry)
    if not entry.is_overdue or entry.verdict is not None:
        return look
    return replace(look, word=f"{look.word}, {_overdue()}")


def _overdue() -> str:
    return QCoreApplication.translate("FilmStatus", "overdue")


def _look(entry: Entry) -> VerdictLook:
    translate = QCoreApplication.translate
    marks = {
        ReadMark.READY: translate("FilmStatus", "ready"),
        ReadMark.READ: translate("FilmStatus", "read"),
    }
    if entry.verdict is not None:
        look = look_of(entry.verdict)
        before = translate("FilmStatus", "stored before") if entry.stored_before else None
        # Overdue is still to be read. What is least needed stands last: a narrow list cuts it off.
        mark = _overdue() if entry.is_overdue else marks.get(entry.mark)
        said = ", ".join(filter(None, (look.word, mark, before)))
        return replace(look, word=said)
    if entry.mark is ReadMark.READY:
        return VerdictLook(translate("FilmStatus", "Ready"), "film", Palette.ACCENT)
    words = {
        FilmStatus.WAITING: translate("FilmStatus", "Waiting"),
        FilmStatus.OPENING: translate("FilmStatus", "Opening…"),
        FilmStatus.OPENED: translate("FilmStatus", "Waiting"),
        FilmStatus.QUEUED: translate("FilmStatus", "In line"),
        FilmStatus.RUNNING: translate("FilmStatus", "Running…"),
        FilmStatus.STORED: translate("FilmStatus", "Stored"),
        FilmStatus.REFUSED: translate("FilmStatus", "Refused"),
        FilmStatus.FAILED: translate("FilmStatus", "Not done"),
    }
    if entry.stored_before:
        words[FilmStatus.STORED] = translate("FilmStatus", "Stored before")
    icon, colour = _LOOKS[entry.status]
    return VerdictLook(words[entry.status], icon, colour)
