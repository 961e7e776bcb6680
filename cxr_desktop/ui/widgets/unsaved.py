"""Asks once before readings that were typed and not saved are lost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from cxr_desktop.ui.widgets.plain_label import shortened

LONGEST_NAME = 60


@runtime_checkable
class KeepsReadings(Protocol):
    """What a screen's widget offers where readings are typed."""

    def unsaved_readings(self) -> Sequence[str]:
        """Return the films whose reading is not stored."""
        ...


def unsaved_on(screens: Iterable[QWidget]) -> list[str]:
    """Return the films whose reading was typed on one of these screens and is not stored."""
    keepers = (one for one in screens if isinstance(one, KeepsReadings))
    return [film for keeper in keepers for film in keeper.unsaved_readings()]


def may_lose(films: Sequence[str], window: QWidget, *, names: bool = True) -> bool:
    """Ask whether the readings of these films may be lost; nothing is asked without any.

    `names`: whether the question may name a film.
    """
    if not films:
        return True
    translate = QCoreApplication.translate
    if len(films) > 1:
        said = translate("Unsaved", "{count} readings are not saved.").format(count=len(films))
    elif names:
        film = shortened(films[0], LONGEST_NAME)
        said = translate("Unsaved", "The reading of “{film}” is not saved.").format(film=film)
    else:
        said = translate("Unsaved", "A reading is not saved.")
    hint = translate("Unsaved", "Discard it, or cancel and save it first.")
    discard, cancel = QMessageBox.StandardButton.Discard, QMessageBox.StandardButton.Cancel
    box = QMessageBox(window)
    box.setIcon(QMessageBox.Icon.Question)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setWindowTitle(translate("Unsaved", "Discard the reading?"))
    box.setText(f"{said}\n\n{hint}")
    box.setStandardButtons(discard | cancel)
    box.setDefaultButton(cancel)
    box.exec()
    agreed = box.clickedButton() is box.button(discard)
    box.deleteLater()
    return agreed
