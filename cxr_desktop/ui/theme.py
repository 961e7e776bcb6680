"""The reading-room look: calm neutral greys, one accent, our own font; on Qt's Fusion style.

Colours of meaning (normal, uncertain, abnormal, refused) are never alone: a word and a shape go
with them. Every text colour has a contrast of at least 4.5:1 on every surface it is used on, and
every outline of a control at least 3:1 (WCAG 2.2, 1.4.3 and 1.4.11; tests/ui/test_theme.py).
"""

from __future__ import annotations

from PySide6.QtCore import QDir
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from cxr_desktop import locations
from cxr_desktop.ui.palette import Palette, Size, Space
from cxr_desktop.ui.style_sheet import STYLE

__all__ = ["Palette", "Size", "Space", "apply", "font", "palette", "restyle"]

FONT_FILES = ("Inter-Regular.otf", "Inter-Bold.otf", "NotoSansArabic-Regular.ttf")
FONT_FAMILIES = ("Inter", "Noto Sans Arabic")


def apply(app: QApplication) -> None:
    """Give the whole application its look. Raises `StorageUnavailable` if our files are missing."""
    resources = locations.resources()
    for name in FONT_FILES:
        QFontDatabase.addApplicationFont(str(resources / "fonts" / name))
    QDir.setSearchPaths("icons", [str(resources / "icons")])
    app.setStyle("Fusion")
    app.setPalette(palette())
    app.setFont(font())
    app.setStyleSheet(STYLE)


def font(size: int = Size.TEXT, *, bold: bool = False) -> QFont:
    """Return our font at `size` logical pixels."""
    made = QFont()
    made.setFamilies(list(FONT_FAMILIES))
    made.setPixelSize(size)
    made.setBold(bold)
    # The font would write "yolov5x 0" with a multiplication sign: names must read as they are.
    made.setFeature(QFont.Tag("calt"), 0)
    return made


def palette() -> QPalette:
    """Return the colours for what style sheets do not reach."""
    made = QPalette()
    role = QPalette.ColorRole
    for one, colour in {
        role.Window: Palette.BACKGROUND,
        role.WindowText: Palette.TEXT,
        role.Base: Palette.SURFACE,
        role.AlternateBase: Palette.RAISED,
        role.ToolTipBase: Palette.RAISED,
        role.ToolTipText: Palette.TEXT,
        role.PlaceholderText: Palette.MUTED,
        role.Text: Palette.TEXT,
        role.Button: Palette.RAISED,
        role.ButtonText: Palette.TEXT,
        role.BrightText: Palette.DANGER,
        role.Light: Palette.HOVER,
        role.Midlight: Palette.RAISED,
        role.Mid: Palette.BORDER,
        role.Dark: Palette.BACKGROUND,
        role.Shadow: Palette.CANVAS,
        role.Highlight: Palette.SELECTION,
        role.HighlightedText: Palette.TEXT,
        role.Accent: Palette.ACCENT,
        role.Link: Palette.ACCENT,
        role.LinkVisited: Palette.ACCENT,
    }.items():
        made.setColor(one, QColor(colour))
    for one in (role.Text, role.WindowText, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, one, QColor(Palette.FAINT))
    return made


def restyle(widget: QWidget) -> None:
    """Apply the style sheet again after a property that it asks for has changed."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)
