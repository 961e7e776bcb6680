"""What a reader should know of a film before trusting what is shown of it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from cxr_desktop.domain.radiograph import Caution
from cxr_desktop.ui import icons
from cxr_desktop.ui.palette import Palette, Size, Space
from cxr_desktop.ui.widgets.plain_label import plain_label


class CautionList(QWidget):
    """One box per caution; hidden when there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.ONE)
        self._shown: tuple[Caution, ...] = ()
        self.hide()

    def show_cautions(self, cautions: Sequence[Caution]) -> None:
        """Show these instead of those before."""
        if tuple(cautions) == self._shown:
            return
        self._shown = tuple(cautions)
        while (item := self._column.takeAt(0)) is not None:
            if (box := item.widget()) is not None:
                box.hide()
                box.deleteLater()
        for caution in self._shown:
            self._column.addWidget(_box(caution))
        self.setVisible(bool(self._shown))

    def text(self) -> str:
        """Return the sentences, one per line."""
        return "\n".join(caution.message for caution in self._shown)


def _box(caution: Caution) -> QFrame:
    box = QFrame()
    box.setObjectName("caution")
    box.setStyleSheet(f"#caution {{ background: {Palette.CAUTION_SURFACE}; border-radius: 6px; }}")
    mark = QLabel()
    mark.setPixmap(icons.pixmap("caution", Palette.UNCERTAIN, Size.ICON, scale=2.0))
    text = plain_label(QCoreApplication.translate("Messages", caution.message), wrap=True)
    row = QHBoxLayout(box)
    row.setContentsMargins(Space.ONE, Space.ONE, Space.ONE, Space.ONE)
    row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(text, 1)
    return box
