"""Lays a `ReportPage` out on one sheet of A4 and paints it."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, QSizeF, QUrl
from PySide6.QtGui import (
    QImage,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QTextDocument,
    QTextOption,
)

from cxr_desktop.domain.report import DOTS_PER_MM, PAGE_HEIGHT_MM, PAGE_WIDTH_MM, ReportPage
from cxr_desktop.ui import theme

MARGIN_MM = 15.0
RESOLUTION = 300
SIZE = QSizeF(PAGE_WIDTH_MM * DOTS_PER_MM, PAGE_HEIGHT_MM * DOTS_PER_MM)
A4 = QPageLayout(
    QPageSize(QPageSize.PageSizeId.A4),
    QPageLayout.Orientation.Portrait,
    QMarginsF(MARGIN_MM, MARGIN_MM, MARGIN_MM, MARGIN_MM),
    QPageLayout.Unit.Millimeter,
)


def lay_out(page: ReportPage) -> QTextDocument:
    """Return the roomiest layout that fits on one page, else the tightest; in dots, not points."""
    document = QTextDocument()
    font = theme.font(round(3.5 * DOTS_PER_MM))
    font.setHintingPreference(font.HintingPreference.PreferNoHinting)
    document.setDefaultFont(font)
    document.setDocumentMargin(0)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    document.setDefaultTextOption(option)
    for name, content in (("film", page.film), ("logo", page.logo)):
        if content is not None:
            image = QImage.fromData(content)
            document.addResource(QTextDocument.ResourceType.ImageResource, QUrl(name), image)
    for layout in page.layouts:
        document.setHtml(layout)
        document.setTextWidth(SIZE.width())
        if document.size().height() <= SIZE.height():
            break
    return document


def paint(document: QTextDocument, painter: QPainter, width: float) -> None:
    """Paint one sheet on something whose area inside the margins is `width` device dots wide.

    What does not fit is cut off at the end of the sheet, never a second one.
    """
    scale = width / SIZE.width()
    painter.scale(scale, scale)
    document.drawContents(painter, QRectF(0, 0, SIZE.width(), SIZE.height()))


def pdf_bytes(page: ReportPage) -> bytes:
    """Return a PDF of one page; may be called in any thread."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    _draw(page, buffer)
    return bytes(buffer.data().data())


def _draw(page: ReportPage, device: QIODevice) -> None:
    writer = QPdfWriter(device)
    writer.setResolution(RESOLUTION)
    writer.setPageLayout(A4)
    writer.setTitle(f"CXR Desktop report {page.exam_id}")
    writer.setCreator("CXR Desktop")
    painter = QPainter(writer)
    paint(lay_out(page), painter, writer.width())
    painter.end()
