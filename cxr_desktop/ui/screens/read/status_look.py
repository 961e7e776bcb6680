"""How the state of a film in the list looks: word, shape and colour."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from cxr_desktop.ui.palette import Palette
from cxr_desktop.ui.screens.read.state import Entry, FilmStatus
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
    """Return the look of an entry: its verdict where there is one that may be seen."""
    if entry.verdict is not None:
        return look_of(entry.verdict)
    translate = QCoreApplication.translate
    words = {
        FilmStatus.WAITING: translate("FilmStatus", "Not run"),
        FilmStatus.OPENING: translate("FilmStatus", "Opening…"),
        FilmStatus.OPENED: translate("FilmStatus", "Not run"),
        FilmStatus.QUEUED: translate("FilmStatus", "In line"),
        FilmStatus.RUNNING: translate("FilmStatus", "Running…"),
        FilmStatus.STORED: translate("FilmStatus", "Stored"),
        FilmStatus.REFUSED: translate("FilmStatus", "Refused"),
        FilmStatus.FAILED: translate("FilmStatus", "Not done"),
    }
    icon, colour = _LOOKS[entry.status]
    return VerdictLook(words[entry.status], icon, colour)
