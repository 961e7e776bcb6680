"""One sentence and what to do next, where the person is looking."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from cxr_desktop.ui import icons
from cxr_desktop.ui.errors import Notice, NoticeKind
from cxr_desktop.ui.palette import Palette, Size, Space
from cxr_desktop.ui.widgets.wrapped_label import WrappedLabel

# Kind → icon, colour, surface: the icon tells the kind without its colour.
_LOOK: dict[NoticeKind, tuple[str, str, str]] = {
    "info": ("info", Palette.ACCENT, Palette.INFO_SURFACE),
    "caution": ("caution", Palette.UNCERTAIN, Palette.CAUTION_SURFACE),
    "error": ("error", Palette.DANGER, Palette.DANGER_SURFACE),
}


class NoticeBar(QFrame):
    """Shows one `Notice`, or nothing and takes no room then. `dismissed`: it was closed."""

    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None, *, dismissable: bool = True) -> None:
        super().__init__(parent)
        self.setObjectName("noticeBar")
        self._icon = QLabel()
        self._icon.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._text = WrappedLabel()
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._close = QToolButton()
        self._close.setIcon(icons.icon("close", Palette.MUTED))
        self._close.setIconSize(QSize(16, 16))
        self._close.setAccessibleName(self.tr("Close this message"))
        self._close.setToolTip(self.tr("Close this message"))
        self._close.clicked.connect(self._on_closed)
        self._close.setVisible(dismissable)
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(Space.ONE + Space.HALF, Space.ONE, Space.ONE, Space.ONE)
        row.setSpacing(Space.ONE)
        row.addWidget(self._icon)
        row.addWidget(self._text, 1)
        row.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def add_button(self, text: str) -> QPushButton:
        """Put a button beside the text; what it does is the caller's."""
        button = QPushButton(text)
        self._row.insertWidget(self._row.indexOf(self._close), button)
        return button

    @property
    def text(self) -> str:
        """What is shown, on one or two lines; empty when nothing is."""
        return self._text.text()

    def show_notice(self, notice: Notice | None) -> None:
        """Show this one instead of whatever was there; None hides the bar."""
        if notice is None:
            self._text.clear()
            self.hide()
            return
        name, colour, surface = _LOOK[notice.kind]
        self._icon.setPixmap(icons.pixmap(name, colour, Size.ICON, scale=self.devicePixelRatioF()))
        self._text.setText("\n".join(part for part in (notice.text, notice.hint) if part))
        self.setAccessibleName(self._text.text().replace("\n", " "))
        self.setStyleSheet(
            f"#noticeBar {{ background: {surface}; border: 1px solid {colour};"
            " border-radius: 6px; }"
        )
        self.show()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def _on_closed(self) -> None:
        self.show_notice(None)
        self.dismissed.emit()
