"""Lays a `ReportPage` out on one sheet of A4 and paints it."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRectF, QSizeF, Qt, QUrl
from PySide6.QtGui import (
    QImage,
    QImageReader,
    QPageLayout,
    QPageRanges,
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
PICTURE_DOTS = 2000  # the longer side of a picture that is drawn from SVG
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
    for number, picture in enumerate(page.pictures):
        resource = QTextDocument.ResourceType.ImageResource
        document.addResource(resource, QUrl(f"picture-{number}"), _drawn(picture))
    for layout in page.layouts:
        document.setHtml(layout)
        document.setTextWidth(SIZE.width())
        if document.size().height() <= SIZE.height():
            break
    return document


def _drawn(svg: str) -> QImage:
    """Return an SVG as a picture that is sharp on paper, however large it is shown."""
    buffer = QBuffer()
    buffer.setData(QByteArray(svg.encode()))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, b"svg")  # as with `print_`: a renderer would stop the window
    reader.setBackgroundColor(Qt.GlobalColor.white)
    reader.setScaledSize(
        reader.size().scaled(PICTURE_DOTS, PICTURE_DOTS, Qt.AspectRatioMode.KeepAspectRatio)
    )
    return reader.read().convertToFormat(QImage.Format.Format_RGB32)


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
    writer.setPageRanges(QPageRanges.fromString("1"))
    document = lay_out(page)
    document.setPageSize(SIZE)
    document.print_(writer)  # unlike the calls of a painter, it lets the window work meanwhile
