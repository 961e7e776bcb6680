"""What the Read screen shows before there is a film: where to drop one."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from cxr_desktop.ui import icons
from cxr_desktop.ui.palette import Palette, Size, Space
from cxr_desktop.ui.theme import restyle
from cxr_desktop.ui.widgets.plain_label import plain_label
from cxr_desktop.ui.words import disclaimer

CARD_WIDTH = 520
ICON_SIZE = 56


class EmptyPage(QWidget):
    """A drop zone with two buttons; the drop itself is taken by the whole screen."""

    files_asked = Signal()
    folder_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._card = QFrame()
        self._card.setObjectName("dropZone")
        self._card.setMaximumWidth(CARD_WIDTH)
        self._card.setStyleSheet(
            f"#dropZone {{ border: 2px dashed {Palette.OUTLINE}; border-radius: 16px; }}"
            f'#dropZone[over="true"] {{ border-color: {Palette.ACCENT};'
            f" background: {Palette.INFO_SURFACE}; }}"
        )
        picture = QLabel()
        picture.setPixmap(icons.pixmap("film", Palette.MUTED, ICON_SIZE, scale=2.0))
        self._title = plain_label(self.tr("Drop chest films here"), role="title")
        kinds = plain_label(
            self.tr(
                "PNG, JPEG, TIFF or DICOM, with or without an ending; a folder, a disc or a ZIP"
                " archive too."
            ),
            role="muted",
            wrap=True,
        )
        kinds.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.files = QPushButton(icons.icon("open", Palette.ON_ACCENT), self.tr("Open films…"))
        self.files.setProperty("kind", "primary")
        self.files.setToolTip(self.tr("Ctrl+O"))
        self.folder = QPushButton(icons.icon("folder"), self.tr("Open a folder…"))
        self.folder.setToolTip(self.tr("Ctrl+Shift+O"))
        self.files.clicked.connect(self.files_asked)
        self.folder.clicked.connect(self.folder_asked)
        self._hint = plain_label(role="small")
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.TWO)
        for button in (self.files, self.folder):
            buttons.addWidget(button)
        column = QVBoxLayout(self._card)
        column.setContentsMargins(Space.SIX, Space.SIX, Space.SIX, Space.SIX)
        column.setSpacing(Space.TWO)
        centre = Qt.AlignmentFlag.AlignHCenter
        column.addWidget(picture, 0, centre)
        column.addWidget(self._title, 0, centre)
        column.addWidget(kinds)
        column.addSpacing(Space.ONE)
        column.addLayout(buttons)
        column.addWidget(self._hint, 0, centre)
        outer = QVBoxLayout(self)
        outer.addStretch(1)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self._card, 4)
        row.addStretch(1)
        outer.addLayout(row)
        outer.addStretch(1)
        outer.addWidget(plain_label(disclaimer(), role="small"), 0, centre)
        outer.addSpacing(Size.ICON)

    def show_step(self, step: str, *, may_open: bool) -> None:
        """Say what is being done, or invite."""
        invitation = (
            self.tr("Drop chest films here")
            if may_open
            else self.tr("Open a stored exam from History")
        )
        self._title.setText(step or invitation)
        self._hint.setText(
            self.tr("Esc cancels.") if step else self.tr("A copied path can be pasted with Ctrl+V.")
        )
        self._hint.setVisible(may_open)
        for button in (self.files, self.folder):
            button.setVisible(may_open)
            button.setEnabled(not step)

    def show_drag(self, *, over: bool) -> None:
        """Light up while something is held over the screen."""
        self._card.setProperty("over", "true" if over else "false")
        restyle(self._card)
