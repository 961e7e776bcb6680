"""The Help: the program's own documents, read without a network and without a browser."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QSize, Qt, QTimer
from PySide6.QtGui import QAction, QKeySequence, QTextCursor, QTextDocument
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QPushButton,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from cxr_desktop.locations import documents
from cxr_desktop.ui.icons import icon
from cxr_desktop.ui.palette import Palette, Space
from cxr_desktop.ui.shell.help_look import dress
from cxr_desktop.ui.shell.help_pages import PAGES, USER_GUIDE, page_of, slug
from cxr_desktop.ui.timers import NEXT_TURN_MS
from cxr_desktop.ui.widgets.plain_label import plain_label

SIZE = QSize(1040, 760)
LIST_WIDTH = 180
ROW_HEIGHT = 32


def open_help(parent: QWidget) -> HelpDialog:
    """Open the guides over a window that can be used beside them."""
    dialog = HelpDialog(documents(), parent)
    dialog.finished.connect(dialog.deleteLater)
    dialog.show()
    return dialog


class HelpDialog(QDialog):
    """Pages on the left, the chosen one on the right; links between pages work, others do not."""

    def __init__(self, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._folder = folder
        self.setWindowTitle(self.tr("Help"))
        self.resize(SIZE if parent is None else SIZE.boundedTo(parent.window().size()))
        self.pages = QListWidget()
        self.pages.setFixedWidth(LIST_WIDTH)
        self.pages.setAccessibleName(self.tr("Pages"))
        for _, title in PAGES:
            self.pages.addItem(QCoreApplication.translate("Help", title))
            self.pages.item(self.pages.count() - 1).setSizeHint(QSize(0, ROW_HEIGHT))
        self.browser = QTextBrowser()
        self.browser.setOpenLinks(False)  # a link must never ask the system for a web browser
        self.browser.setSearchPaths([str(folder)])
        self.browser.anchorClicked.connect(lambda url: self.follow(url.toString()))
        self.page = ""  # the file that is shown
        self._before: list[tuple[str, int]] = []
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Find on this page"))
        self.search.setAccessibleName(self.tr("Find on this page"))
        self.search.setClearButtonEnabled(True)
        self.search.returnPressed.connect(self.find_next)
        self.found = plain_label(role="small")
        self.back = QPushButton(icon("arrow-left", Palette.TEXT), self.tr("&Back"))
        self.back.setEnabled(False)
        self.back.setAutoDefault(False)
        self.back.clicked.connect(self.go_back)
        self._lay_out()
        self.pages.currentRowChanged.connect(self._on_row)
        self.show_page(USER_GUIDE)
        self.browser.setFocus()

    def show_page(self, file: str, anchor: str = "") -> None:
        """Show a document, at one of its headings."""
        if self.page:
            self._before.append((self.page, self.browser.verticalScrollBar().value()))
            self.back.setEnabled(True)
        self._open(file)
        self._go_to(anchor)

    def go_back(self) -> None:
        """Show what was shown before, where it was left."""
        if self._before:
            file, place = self._before.pop()
            self.back.setEnabled(bool(self._before))
            self._open(file)
            self.browser.verticalScrollBar().setValue(place)

    def follow(self, link: str) -> None:
        """Go where a link of the page shown leads, if that is a page of the Help."""
        target = page_of(self._folder, f"{self.page}{link}" if link.startswith("#") else link)
        if target is None:
            self.found.setText(self.tr("That is not part of the Help."))
        else:
            self.show_page(target[0].name, target[1])

    def find_next(self) -> None:
        """Go to the next place of the page that has the words of the search, round its end."""
        words = self.search.text().strip()
        if not words:
            return
        there = self.browser.find(words)
        if not there:
            self.browser.moveCursor(QTextCursor.MoveOperation.Start)
            there = self.browser.find(words)
        self.found.setText("" if there else self.tr("Not on this page."))

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.addWidget(self.back)
        bar.addStretch(1)
        bar.addWidget(self.found)
        bar.addWidget(self.search)
        right = QVBoxLayout()
        right.setSpacing(Space.ONE)
        right.addLayout(bar)
        right.addWidget(self.browser, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.TWO, Space.TWO, Space.TWO, Space.TWO)
        row.setSpacing(Space.TWO)
        row.addWidget(self.pages)
        row.addLayout(right, 1)
        find = QAction(self.tr("Find on this page"), self)
        find.setShortcut(QKeySequence.StandardKey.Find)
        find.triggered.connect(lambda *_: self.search.setFocus(Qt.FocusReason.ShortcutFocusReason))
        self.addAction(find)

    def _on_row(self, row: int) -> None:
        if 0 <= row < len(PAGES) and PAGES[row][0] != self.page:
            self.show_page(PAGES[row][0])

    def _open(self, file: str) -> None:
        """Read a page, unless it is the one that is shown."""
        self.found.clear()
        if file == self.page:
            return
        try:
            text = (self._folder / file).read_text(encoding="utf-8")
        except OSError:
            self.page = ""
            self.browser.setPlainText(
                self.tr("This page is missing. Install the program again, or ask IT.")
            )
            return
        self.page = file
        document = QTextDocument(self.browser)  # laid out once: when the browser gets it
        document.setDefaultFont(self.browser.font())
        document.setMarkdown(text)
        dress(document)
        self._draw_later()
        self.browser.setDocument(document)
        self.pages.setCurrentRow([name for name, _ in PAGES].index(file))

    def _draw_later(self) -> None:
        """Let the event loop turn between laying out and drawing: both together stall a window."""
        self.browser.setUpdatesEnabled(False)
        QTimer.singleShot(NEXT_TURN_MS, self.browser, lambda: self.browser.setUpdatesEnabled(True))

    def _go_to(self, anchor: str) -> None:
        """Bring a heading to the top; the head of the page where there is none of that name."""
        bar = self.browser.verticalScrollBar()
        block = self.browser.document().begin()
        while anchor and block.isValid():
            if block.blockFormat().headingLevel() and slug(block.text()) == anchor:
                layout = self.browser.document().documentLayout()
                bar.setValue(round(layout.blockBoundingRect(block).top()))
                return
            block = block.next()
        bar.setValue(0)
