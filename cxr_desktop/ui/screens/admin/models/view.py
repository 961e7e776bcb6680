"""The Models tab: the packs on the left, the chosen one on the right."""

from __future__ import annotations

from pathlib import Path
from typing import assert_never

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from cxr_desktop.domain.model_pack import ModelInfo
from cxr_desktop.ui.icons import icon
from cxr_desktop.ui.screens.admin.models.details import ModelDetails
from cxr_desktop.ui.screens.admin.models.presenter import ModelsPresenter
from cxr_desktop.ui.screens.admin.models.state import (
    CheckFailed,
    Checking,
    Listed,
    ModelsState,
)
from cxr_desktop.ui.theme import Palette, Space
from cxr_desktop.ui.widgets.busy import BusyBar
from cxr_desktop.ui.widgets.notice_bar import NoticeBar
from cxr_desktop.ui.widgets.plain_label import plain_label

LIST_WIDTH = 280


class ModelsView(QWidget):
    """Shows every `ModelsState`."""

    def __init__(self, presenter: ModelsPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter = presenter
        presenter.setParent(self)
        self.notice = NoticeBar()
        self._busy = BusyBar()
        self._doing = plain_label(role="muted")
        self.packs = QListWidget()
        self.packs.setAccessibleName(self.tr("Installed models"))
        self.packs.setFixedWidth(LIST_WIDTH)
        self.packs.setWordWrap(True)
        self.details = ModelDetails()
        self.activate = QPushButton(icon("tick", Palette.TEXT), self.tr("&Activate"))
        self.import_ = QPushButton(icon("import", Palette.TEXT), self.tr("&Import"))
        menu = QMenu(self.import_)
        menu.addAction(self.tr("A model pack (&folder)…"), self._ask_for_folder)
        menu.addAction(self.tr("A YOLOv5 export (.&onnx)…"), self._ask_for_file)
        self.import_.setMenu(menu)
        self._shown: ModelInfo | None = None
        self._lay_out()
        presenter.state_changed.connect(self.render_state)
        self.packs.currentItemChanged.connect(self._on_chosen)
        self.activate.clicked.connect(self._on_activate)
        self.render_state(presenter.state)

    def render_state(self, state: ModelsState) -> None:
        """Show one state."""
        doing, notice, pack = "", None, None
        match state:
            case Checking():
                doing = self.tr("Checking the models…")
            case Listed():
                doing, notice, pack = state.doing, state.notice, state.pack
                self._show_list(state)
            case CheckFailed(notice=failed):
                notice = failed
            case _:
                assert_never(state)
        self.notice.show_notice(notice)
        self._doing.setText(doing)
        if doing:
            self._busy.set_busy(doing)
        else:
            self._busy.set_idle()
        if pack is not self._shown:
            self.details.show_pack(pack)
            self._shown = pack
        free = isinstance(state, Listed) and not doing
        self.import_.setEnabled(free)
        usable = pack is not None and not pack.active and not pack.problem
        self.activate.setEnabled(free and usable)

    def showEvent(self, event: QShowEvent) -> None:
        """Check the packs each time the tab comes to the front."""
        super().showEvent(event)
        self._presenter.refresh()

    def _show_list(self, state: Listed) -> None:
        with QSignalBlocker(self.packs):
            self.packs.clear()
            for pack in state.packs:
                name, colour, word = self._look(pack)
                text = f"{pack.title or pack.ref.id}\n{pack.ref.version} · {word}"
                item = QListWidgetItem(icon(name, colour), text)
                item.setData(Qt.ItemDataRole.UserRole, pack.ref.id)
                self.packs.addItem(item)
                if pack.ref.id == state.chosen:
                    self.packs.setCurrentItem(item)

    def _look(self, pack: ModelInfo) -> tuple[str, str, str]:
        if pack.problem:
            return "error", Palette.DANGER, self.tr("cannot be used")
        if pack.active:
            return "tick", Palette.NORMAL, self.tr("active")
        return "chip", Palette.MUTED, self.tr("ready")

    def _on_chosen(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self._presenter.choose(str(item.data(Qt.ItemDataRole.UserRole)))

    def _on_activate(self) -> None:
        state = self._presenter.state
        if isinstance(state, Listed) and state.chosen:
            self._presenter.activate(state.chosen)

    def _ask_for_folder(self) -> None:
        dialog = QFileDialog(self, self.tr("Choose the folder of a model pack"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        self._open(dialog)

    def _ask_for_file(self) -> None:
        dialog = QFileDialog(self, self.tr("Choose an ONNX file"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(self.tr("ONNX models (*.onnx)"))
        self._open(dialog)

    def _open(self, dialog: QFileDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda path: self._presenter.import_pack(Path(path)))
        dialog.open()

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setSpacing(Space.ONE)
        bar.addWidget(self._doing, 1)
        bar.addWidget(self.import_)
        bar.addWidget(self.activate)
        both = QHBoxLayout()
        both.setSpacing(Space.TWO)
        both.addWidget(self.packs)
        both.addWidget(self.details, 1)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, Space.TWO, 0, 0)
        page.setSpacing(Space.ONE)
        page.addLayout(bar)
        page.addWidget(self._busy)
        page.addWidget(self.notice)
        page.addLayout(both, 1)
