"""The text in the four corners of a film: patient, study, view, window and zoom."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QCoreApplication, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QTextLayout, QTextLine

from cxr_desktop.domain.radiograph import Radiograph, StudyInfo, Window
from cxr_desktop.ui.widgets.orientation import QUARTERS, Orientation
from cxr_desktop.ui.widgets.patient_text import (
    age_text,
    date_text,
    person_name,
    sex_text,
    view_text,
)

Lines = tuple[str, ...]
TEXT = QColor(232, 236, 240)
BACKDROP = QColor(0, 0, 0, 200)  # keeps the text readable over bone, and over what is burnt in
WARNING = QColor(255, 206, 84)
MARGIN = 12
LOSSY = "lossy_compression"  # the caution's code


@dataclass(frozen=True, slots=True)
class Corners:
    """Lines of plain text for each corner; empty lines are left out when drawn."""

    upper_left: Lines = ()
    upper_right: Lines = ()
    lower_left: Lines = ()
    lower_right: Lines = ()

    @classmethod
    def of(cls, study: StudyInfo) -> Corners:
        """Put patient left, study right and the view of the film below."""
        born = date_text(study.birth_date)
        person = " · ".join(
            part for part in (born, sex_text(study.sex), age_text(study.age)) if part
        )
        return cls(
            upper_left=(person_name(study.patient_name), study.patient_id, person),
            upper_right=(
                study.institution,
                " · ".join(p for p in (date_text(study.study_date), study.accession_number) if p),
                study.study_description,
            ),
            lower_left=(
                view_text(study) or QCoreApplication.translate("Corners", "View not stated"),
            ),
        )

    def with_compression(self, film: Radiograph) -> Corners:
        """Add, lower left, that the film was compressed with loss, where that is known."""
        stated = any(caution.code == LOSSY for caution in film.cautions)
        if not stated and film.file_format != "JPEG":
            return self
        notice = QCoreApplication.translate("Corners", "Lossy compression")
        return replace(self, lower_left=(notice, *self.lower_left))

    def with_state(self, lines: Lines) -> Corners:
        """Add zoom and window, lower right."""
        return replace(self, lower_right=(*self.lower_right, *lines))


def state_lines(zoom: float, window: Window) -> Lines:
    """Say zoom (screen pixels per film pixel) and window, with the window's name if it has one."""
    translate = QCoreApplication.translate
    return (
        translate("Corners", "Zoom {percent} %").format(percent=round(zoom * 100)),
        window.name,
        translate("Corners", "Window {width} %, centre {centre} %").format(
            width=round(window.width * 100), centre=round(window.centre * 100)
        ),
    )


def warning_of(orientation: Orientation, inverted: bool) -> str:
    """Say in capitals that the picture is not as it came; empty when it is."""
    translate = QCoreApplication.translate
    degrees = orientation.turns * 360 // QUARTERS
    turned = {
        0: "",
        90: translate("Corners", "ROTATED 90° RIGHT"),
        180: translate("Corners", "ROTATED 180°"),
        270: translate("Corners", "ROTATED 90° LEFT"),
    }
    parts = (
        translate("Corners", "FLIPPED") if orientation.flipped else "",
        turned[degrees],
        translate("Corners", "INVERTED") if inverted else "",
    )
    return " · ".join(part for part in parts if part)


def draw_corners(painter: QPainter, area: QRect, corners: Corners, warning: str = "") -> None:
    """Draw with the painter's font; two corners share the width, longer lines are elided.

    A warning stands high in the middle, under the corners' text where there is no room beside it,
    in as many lines as it needs.
    """
    inner = area.adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
    left, right = _pair(painter, corners.upper_left, corners.upper_right, inner.width())
    left.draw(inner.left(), inner.top(), to_right=False)
    right.draw(inner.right(), inner.top(), to_right=True)
    lower = _pair(painter, corners.lower_left, corners.lower_right, inner.width())
    lower[0].draw(inner.left(), inner.bottom() - lower[0].height, to_right=False)
    lower[1].draw(inner.right(), inner.bottom() - lower[1].height, to_right=True)
    if warning:
        lines = broken(painter.fontMetrics(), warning, inner.width())
        blocks = [_Block(painter, (line,), inner.width()) for line in lines]
        room = inner.width() - 2 * (max(left.width, right.width) + MARGIN)
        is_beside = max(block.width for block in blocks) <= room
        y = float(inner.top()) if is_beside else inner.top() + max(left.height, right.height)
        for block in blocks:
            block.draw(inner.center().x() - block.width / 2, y, to_right=False, colour=WARNING)
            y += block.height


def broken(metrics: QFontMetrics, text: str, width: float) -> list[str]:
    """Break a text between its words into lines that fit; a word that is wider has its own."""
    first, *words = text.split(" ")
    lines = [first]
    for word in words:
        longer = f"{lines[-1]} {word}"
        if metrics.horizontalAdvance(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _pair(painter: QPainter, left: Lines, right: Lines, width: int) -> tuple[_Block, _Block]:
    """Lay out two corners of one height: each has half, and what the other does not need."""
    metrics = painter.fontMetrics()
    room = width - MARGIN
    needs = [max(map(metrics.horizontalAdvance, lines), default=0) + 1 for lines in (left, right)]
    most = [max(room // 2, room - need) for need in reversed(needs)]
    return _Block(painter, left, most[0]), _Block(painter, right, most[1])


class _Block:
    """Lines of text one below the other, each as high as its script needs.

    The height of the painter's font is not enough: another script comes from another font, and
    Arabic reaches higher and lower than Latin.
    """

    def __init__(self, painter: QPainter, lines: Lines, most: int) -> None:
        self._painter = painter
        metrics = painter.fontMetrics()
        self._layouts: list[tuple[QTextLayout, QTextLine]] = []
        for text in filter(None, lines):
            elided = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(1, most))
            layout = QTextLayout(elided, painter.font())
            layout.beginLayout()
            line = layout.createLine()
            line.setLeadingIncluded(True)
            layout.endLayout()
            self._layouts.append((layout, line))

    @property
    def width(self) -> float:
        """Width of the widest line in pixels."""
        return max((line.naturalTextWidth() for _, line in self._layouts), default=0.0)

    @property
    def height(self) -> float:
        """Height of all lines in pixels."""
        return sum(line.height() for _, line in self._layouts)

    def draw(self, x: float, y: float, *, to_right: bool, colour: QColor = TEXT) -> None:
        """Draw from `x` to the right, or with `to_right` up to `x`; the first line's top is `y`."""
        for layout, line in self._layouts:
            width, height = line.naturalTextWidth(), line.height()
            left = x - width if to_right else x
            self._painter.fillRect(QRectF(left - 4, y, width + 8, height), BACKDROP)
            self._painter.setPen(colour)
            layout.draw(self._painter, QPointF(left - line.naturalTextRect().x(), y))
            y += height
