"""The text in the four corners of a film: patient, study, view, window and zoom."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QCoreApplication, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from cxr_desktop.domain.radiograph import StudyInfo, Window
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
BACKDROP = QColor(0, 0, 0, 150)  # keeps the text readable over bone
WARNING = QColor(255, 206, 84)
MARGIN = 12


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
    """Draw with the painter's font; each corner has half the width, longer lines are elided."""
    inner = area.adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
    left, right = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
    _draw(painter, inner, corners.upper_left, left, from_below=False)
    _draw(painter, inner, corners.upper_right, right, from_below=False)
    _draw(painter, inner, corners.lower_left, left, from_below=True)
    _draw(painter, inner, corners.lower_right, right, from_below=True)
    if warning:
        line = QRectF(inner.left(), inner.top(), inner.width(), painter.fontMetrics().height())
        _line(painter, line, warning, Qt.AlignmentFlag.AlignHCenter, WARNING)


def _draw(
    painter: QPainter, inner: QRect, lines: Lines, side: Qt.AlignmentFlag, *, from_below: bool
) -> None:
    metrics = painter.fontMetrics()
    kept = [line for line in lines if line]
    height = metrics.lineSpacing()
    half = (inner.width() - MARGIN) // 2
    x = inner.left() if side == Qt.AlignmentFlag.AlignLeft else inner.right() - half
    y = inner.bottom() - height * len(kept) if from_below else inner.top()
    for line in kept:
        elided = metrics.elidedText(line, Qt.TextElideMode.ElideRight, half)
        _line(painter, QRectF(x, y, half, height), elided, side, TEXT)
        y += height


def _line(
    painter: QPainter, box: QRectF, text: str, side: Qt.AlignmentFlag, colour: QColor
) -> None:
    # AlignAbsolute: a right-to-left name stays in its corner.
    flags = (side | Qt.AlignmentFlag.AlignAbsolute).value | Qt.TextFlag.TextSingleLine.value
    painter.fillRect(painter.boundingRect(box, flags, text).adjusted(-4, 0, 4, 0), BACKDROP)
    painter.setPen(colour)
    painter.drawText(box, flags, text)
