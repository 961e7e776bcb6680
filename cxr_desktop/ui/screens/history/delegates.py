"""How the cells of the list are painted: words, film, answer, probability."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.history import ExamRow
from cxr_desktop.domain.review import Agreement
from cxr_desktop.ui.icons import icon
from cxr_desktop.ui.screens.history.table_model import EXAM_ROLE
from cxr_desktop.ui.theme import Palette, Size, Space
from cxr_desktop.ui.widgets.agreement import agreement_look
from cxr_desktop.ui.widgets.verdict_badge import look_of

Index = QModelIndex | QPersistentModelIndex
LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
NOTHING = "–"


class CellDelegate(QStyledItemDelegate):
    """The ground of a row (selection, hover, line below), and on it the cell's plain text."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one cell."""
        painter.save()
        self._paint_ground(painter, option)
        painter.setFont(option.font)
        inside = option.rect.adjusted(Space.ONE, 0, -Space.ONE, 0)
        exam = index.data(EXAM_ROLE)
        self.paint_inside(painter, inside, index, exam if isinstance(exam, ExamRow) else None)
        painter.restore()

    def paint_inside(
        self, painter: QPainter, inside: QRect, index: Index, exam: ExamRow | None
    ) -> None:
        """Draw what is special to a column; here, its text. `exam` is None while it is fetched."""
        del exam
        self.paint_text(painter, inside, str(index.data(Qt.ItemDataRole.DisplayRole) or ""))

    @staticmethod
    def paint_text(painter: QPainter, inside: QRect, text: str, colour: str = Palette.TEXT) -> None:
        """Draw one line, cut with dots where it is too long; a dash stands for nothing."""
        metrics = painter.fontMetrics()
        shown = metrics.elidedText(text or NOTHING, Qt.TextElideMode.ElideRight, inside.width())
        painter.setPen(QColor(colour if text else Palette.FAINT))
        painter.drawText(inside, LEFT, shown)

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        """Draw the style's item as it comes from the view: empty, so nothing of it is asked for."""
        style = option.widget.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)


class PickDelegate(CellDelegate):
    """A box, ticked where the exam is picked."""

    SIDE = 18

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tick = icon("tick", Palette.ON_ACCENT)

    def paint_inside(
        self, painter: QPainter, inside: QRect, index: Index, exam: ExamRow | None
    ) -> None:
        """Draw the box; nothing for a row that is not loaded, which cannot be picked."""
        if exam is None:
            return
        box = QRect(0, 0, self.SIDE, self.SIDE)
        box.moveCenter(inside.center())
        picked = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(Palette.ACCENT if picked else Palette.OUTLINE))
        painter.setBrush(QColor(Palette.ACCENT if picked else Palette.SURFACE))
        painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        if picked:
            self._tick.paint(painter, box.adjusted(2, 2, -2, -2))


class FilmDelegate(CellDelegate):
    """The small picture on black, whole, never stretched."""

    def paint_inside(
        self, painter: QPainter, inside: QRect, index: Index, exam: ExamRow | None
    ) -> None:
        """Draw a black field and the film in it."""
        del exam
        field = inside.adjusted(0, 3, 0, -4)
        painter.fillRect(field, QColor(Palette.CANVAS))
        image = index.data(Qt.ItemDataRole.DecorationRole)
        if isinstance(image, QImage) and not image.isNull():
            size = image.size().scaled(field.size(), Qt.AspectRatioMode.KeepAspectRatio)
            target = QRect(field.topLeft(), size)
            target.moveCenter(field.center())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(target, image)


class VerdictDelegate(CellDelegate):
    """Shape, word and colour: each of them alone would do."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._looks = {verdict: look_of(verdict) for verdict in Verdict}
        self._icons = {v: icon(look.icon, look.colour) for v, look in self._looks.items()}

    def paint_inside(
        self, painter: QPainter, inside: QRect, index: Index, exam: ExamRow | None
    ) -> None:
        """Draw the shape, and the word beside it."""
        if exam is None or exam.verdict is None:
            super().paint_inside(painter, inside, index, exam)
            return
        side = Size.ICON - 2
        shape = QRect(inside.left(), inside.center().y() - side // 2, side, side)
        self._icons[exam.verdict].paint(painter, shape)
        look = self._looks[exam.verdict]
        words = inside.adjusted(side + Space.ONE, 0, 0, 0)
        self.paint_text(painter, words, look.word, look.colour)


class AgreementDelegate(CellDelegate):
    """Shape and word."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._looks = {agreement: agreement_look(agreement) for agreement in Agreement}
        self._icons = {a: icon(look.icon, look.colour) for a, look in self._looks.items()}

    def paint_inside(
        self, painter: QPainter, inside: QRect, index: Index, exam: ExamRow | None
    ) -> None:
        """Draw the shape, and the word beside it."""
        if exam is None or exam.agreement is None:
            super().paint_inside(painter, inside, index, exam)
            return
        side = Size.ICON - 4
        shape = QRect(inside.left(), inside.center().y() - side // 2, side, side)
        self._icons[exam.agreement].paint(painter, shape)
        words = inside.adjusted(side + Space.ONE, 0, 0, 0)
        self.paint_text(painter, words, self._looks[exam.agreement].word)


class ProbabilityDelegate(CellDelegate):
    """The number, and a bar as long as the number is large; the bar says nothing by its colour."""

    BAR = 3

    def paint_inside(
        self, painter: QPainter, inside: QRect, index: Index, exam: ExamRow | None
    ) -> None:
        """Draw the number above its bar."""
        super().paint_inside(painter, inside.adjusted(0, 0, 0, -Space.ONE), index, exam)
        if exam is None or exam.probability is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        top = inside.center().y() + painter.fontMetrics().height() // 2
        full = inside.width() - Space.ONE
        for width, colour in ((full, Palette.BORDER), (full * exam.probability, Palette.MUTED)):
            painter.setBrush(QColor(colour))
            painter.drawRoundedRect(QRectF(inside.left(), top, width, self.BAR), 1.5, 1.5)
