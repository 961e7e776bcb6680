"""Labels for text that came from a file or a keyboard: shown as it is, never as markup."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel


def plain_label(
    text: str = "", *, role: str = "", wrap: bool = False, selectable: bool = False
) -> QLabel:
    """Make a plain-text label; `role` is one of the style sheet's ("muted", "heading", …)."""
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setText(text)
    label.setWordWrap(wrap)
    if role:
        label.setProperty("role", role)
    if selectable:
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
