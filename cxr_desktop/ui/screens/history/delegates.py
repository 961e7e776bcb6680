"""How the film, the answer and the probability are painted in the list."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.ui.icons import icon
from cxr_desktop.ui.screens.history.table_model import PROBABILITY_ROLE, VERDICT_ROLE
from cxr_desktop.ui.theme import Palette, Size, Space
from cxr_desktop.ui.widgets.verdict_badge import look_of

Index = QModelIndex | QPersistentModelIndex


class FilmDelegate(QStyledItemDelegate):
    """The small picture on black, whole, never stretched."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the ground of the row, a black field and the film in it."""
        painter.save()
        _paint_ground(self, painter, option, index)
        field = option.rect.adjusted(Space.ONE, 3, -Space.ONE, -4)
        painter.fillRect(field, QColor(Palette.CANVAS))
        image = index.data(Qt.ItemDataRole.DecorationRole)
        if isinstance(image, QImage) and not image.isNull():
            size = image.size().scaled(field.size(), Qt.AspectRatioMode.KeepAspectRatio)
            target = QRect(field.topLeft(), size)
            target.moveCenter(field.center())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(target, image)
        painter.restore()


class VerdictDelegate(QStyledItemDelegate):
    """Shape, word and colour: each of them alone would do."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        looks = {verdict: look_of(verdict) for verdict in Verdict}
        self._icons = {verdict: icon(look.icon, look.colour) for verdict, look in looks.items()}

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the shape, and the word beside it."""
        painter.save()
        _paint_ground(self, painter, option, index)
        verdict = index.data(VERDICT_ROLE)
        words = option.rect.adjusted(Space.ONE, 0, -Space.HALF, 0)
        if isinstance(verdict, Verdict):
            side = Size.ICON - 2
            shape = QRect(words.left(), words.center().y() - side // 2 + 1, side, side)
            self._icons[verdict].paint(painter, shape)
            words.setLeft(shape.right() + Space.ONE)
            painter.setPen(QColor(look_of(verdict).colour))
        else:
            painter.setPen(QColor(Palette.MUTED))
        text = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        painter.setFont(option.font)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Leave room for the shape."""
        return super().sizeHint(option, index) + QSize(Size.ICON + Space.ONE, 0)


class ProbabilityDelegate(QStyledItemDelegate):
    """The number, and a bar as long as the number is large; the bar says nothing by its colour."""

    BAR = 3

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the number above its bar."""
        painter.save()
        _paint_ground(self, painter, option, index)
        inside = option.rect.adjusted(Space.ONE, 0, -Space.TWO, -4)
        painter.setPen(QColor(Palette.TEXT))
        painter.setFont(option.font)
        text = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        painter.drawText(inside, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        value = index.data(PROBABILITY_ROLE)
        if isinstance(value, float):
            self._paint_bar(painter, option, inside, value)
        painter.restore()

    def _paint_bar(
        self, painter: QPainter, option: QStyleOptionViewItem, inside: QRect, value: float
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        top = inside.center().y() + option.fontMetrics.height() // 2 + 2
        bar = QRectF(inside.left(), top, inside.width(), self.BAR)
        for width, colour in ((bar.width(), Palette.BORDER), (bar.width() * value, Palette.MUTED)):
            painter.setBrush(QColor(colour))
            painter.drawRoundedRect(QRectF(bar.left(), bar.top(), width, self.BAR), 1.5, 1.5)


def _paint_ground(
    delegate: QStyledItemDelegate, painter: QPainter, option: QStyleOptionViewItem, index: Index
) -> None:
    """Draw selection, hover and focus as every other cell has them, without text or picture."""
    bare = QStyleOptionViewItem(option)
    delegate.initStyleOption(bare, index)
    # The feature flags are left alone: an empty text and a null icon paint nothing.
    bare.text = ""
    bare.icon = type(bare.icon)()
    style = option.widget.style()
    style.drawControl(style.ControlElement.CE_ItemViewItem, bare, painter, option.widget)
