"""The DICOM tags of a film in a window of their own, with a search."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QCloseEvent, QGuiApplication, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from cxr_desktop.domain.tags import TagList
from cxr_desktop.ui import icons
from cxr_desktop.ui.errors import Notice
from cxr_desktop.ui.palette import Space
from cxr_desktop.ui.screens.read.tag_fetcher import TagFetcher
from cxr_desktop.ui.screens.read.tag_model import NAME, TAG, VALUE, TagModel, TagSearch
from cxr_desktop.ui.widgets.busy import BusyBar
from cxr_desktop.ui.widgets.notice_bar import NoticeBar
from cxr_desktop.ui.widgets.plain_label import plain_label

WIDTH, HEIGHT = 760, 560
ROW_HEIGHT = 28
WIDTHS = (150, 240, 48)


class TagsDialog(QDialog):
    """Asks its `TagFetcher` once it is shown by `begin`."""

    def __init__(self, fetcher: TagFetcher, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fetcher = fetcher
        fetcher.setParent(self)
        self.setWindowTitle(self.tr("DICOM tags of {name}").format(name=name))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(WIDTH, HEIGHT)
        self.tags = TagModel()
        self.found = TagSearch(self.tags)
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search tag, name or value"))
        self.search.setAccessibleName(self.tr("Search the tags"))
        self.search.setClearButtonEnabled(True)
        self.search.addAction(icons.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.search.textChanged.connect(self._on_search)
        self.table = self._make_table()
        self.notice = NoticeBar(dismissable=False)
        self._busy = BusyBar()
        self.count = plain_label(role="muted")
        self._lay_out()
        fetcher.fetched.connect(self._on_fetched)
        fetcher.failed.connect(self._on_failed)

    def begin(self) -> None:
        """Ask for the tags."""
        self._busy.set_busy(self.tr("Reading the tags"))
        self._fetcher.start()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Want them no more."""
        self._fetcher.cancel()
        super().closeEvent(event)

    def done(self, result: int) -> None:
        """Want them no more when Esc closes the dialog, too."""
        self._fetcher.cancel()
        super().done(result)

    def copy(self) -> None:
        """Copy the chosen line."""
        index = self.table.currentIndex()
        if index.isValid():
            row = self.found.mapToSource(index).row()
            QGuiApplication.clipboard().setText(self.tags.text(row))

    def _on_fetched(self, tags: TagList) -> None:
        self._busy.set_idle()
        self.tags.show_rows(tags.rows)
        if tags.is_cut:
            text = self.tr("The file has more tags; the first {count} are shown.")
            self.notice.show_notice(Notice("info", text.format(count=f"{len(tags.rows):,}")))
        self._show_count()

    def _on_failed(self, notice: Notice) -> None:
        self._busy.set_idle()
        self.notice.show_notice(notice)

    def _on_search(self, text: str) -> None:
        self.found.search(text)
        self._show_count()

    def _show_count(self) -> None:
        found, all_tags = self.found.rowCount(), self.tags.rowCount()
        text = self.tr("{found} of {all} lines").format(found=f"{found:,}", all=f"{all_tags:,}")
        self.count.setText(text if all_tags else "")

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.found)
        table.setAccessibleName(self.tr("DICOM tags"))
        table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        table.setTabKeyNavigation(False)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column, width in enumerate(WIDTHS):
            header.resizeSection(column, width)
        header.setSectionResizeMode(TAG, QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(VALUE, QHeaderView.ResizeMode.Stretch)
        copy = QAction(self.tr("Copy this line"), table)
        copy.setShortcut(QKeySequence.StandardKey.Copy)
        copy.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        copy.triggered.connect(self.copy)
        table.addAction(copy)
        return table

    def _lay_out(self) -> None:
        note = self.tr("As the file says it; a binary value is told by its size alone.")
        close = QPushButton(self.tr("Close"))
        close.setAutoDefault(False)
        close.clicked.connect(self.close)
        below = QHBoxLayout()
        below.addWidget(self.count)
        below.addStretch(1)
        below.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.TWO, Space.TWO, Space.TWO, Space.TWO)
        column.setSpacing(Space.ONE)
        column.addWidget(self.search)
        column.addWidget(self.notice)
        column.addWidget(self._busy)
        column.addWidget(self.table, 1)
        column.addWidget(plain_label(note, role="small"))
        column.addLayout(below)
