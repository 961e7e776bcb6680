"""The look of a page of the Help: room between its parts, and code that can be told from text."""

from __future__ import annotations

from PySide6.QtGui import QColor, QTextBlock, QTextBlockFormat, QTextCursor, QTextDocument

from cxr_desktop.ui.palette import Palette, Space

MARGIN = 16.0


def dress(document: QTextDocument) -> None:
    """Set margins and backgrounds of a document that was read from Markdown."""
    document.setDocumentMargin(MARGIN)
    cursor = QTextCursor(document)
    cursor.beginEditBlock()
    block = document.begin()
    while block.isValid():
        cursor.setPosition(block.position())
        if cursor.currentTable() is None:
            cursor.setBlockFormat(_format(block))
        block = block.next()
    cursor.endEditBlock()
    document.setModified(False)


def _format(block: QTextBlock) -> QTextBlockFormat:
    form = block.blockFormat()
    level = form.headingLevel()
    if level:
        form.setTopMargin(0 if block.blockNumber() == 0 else Space.THREE)
        form.setBottomMargin(Space.ONE)
    elif is_code(block):
        form.setNonBreakableLines(False)  # a long command must not be cut off
        form.setBackground(QColor(Palette.RAISED))
        form.setLeftMargin(Space.TWO)
        form.setTopMargin(0 if is_code(block.previous()) else Space.ONE)
        form.setBottomMargin(0 if is_code(block.next()) else Space.ONE)
    else:
        form.setTopMargin(Space.HALF)
        form.setBottomMargin(Space.HALF if block.textList() is not None else Space.ONE)
    return form


def is_code(block: QTextBlock) -> bool:
    """Whether a block is a line of a fenced piece of code."""
    key = QTextBlockFormat.Property.BlockCodeFence
    return block.isValid() and block.blockFormat().hasProperty(key.value)
