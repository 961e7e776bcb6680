"""Labels for text that came from a file or a keyboard: shown as it is, never as markup."""

from __future__ import annotations

import html
import re

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy

LONG_WORD = 24
LEFT = (  # a value stays beside its name, whatever way it is written
    Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
)
BREAK = "\u200b"  # zero width space: a line may end here


def plain_label(
    text: str = "", *, role: str = "", wrap: bool = False, selectable: bool = False
) -> QLabel:
    """Make a plain-text label; `role` is one of the style sheet's ("muted", "heading", …)."""
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setText(text)
    label.setWordWrap(wrap)
    if wrap:  # a long word must not widen the column that it stands in
        label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    if role:
        label.setProperty("role", role)
    if selectable:
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        label.setAlignment(LEFT)
    return label


def plain_tip(*lines: str) -> str:
    """Return a tool tip for such text: Qt takes what looks like markup for markup."""
    return f"<span>{'<br>'.join(html.escape(line) for line in lines)}</span>"


def shortened(text: str, letters: int) -> str:
    """Return the text, or so many of its letters and an ellipsis."""
    return text if len(text) <= letters else f"{text[:letters]}…"


def breakable(text: str) -> str:
    """Let lines end inside words longer than `LONG_WORD`, such as file names without a space."""
    return re.sub(rf"\S{{{LONG_WORD},}}", _with_breaks, text)


def _with_breaks(word: re.Match[str]) -> str:
    parts = re.findall(rf"[^_\-.]{{1,{LONG_WORD // 2}}}[_\-.]?|[_\-.]", word.group())
    return BREAK.join(parts)
