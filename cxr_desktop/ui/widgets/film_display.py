"""A film at its full depth as a widget without hands: view, window, orientation, map and text.

Only what the view shows is resampled (`film_pyramid`), and kept: another window only maps it again
to 8 bit. `image_canvas.ImageCanvas` adds mouse and keys.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPaintEvent, QTransform
from PySide6.QtWidgets import QSizePolicy, QWidget

from cxr_desktop.domain.assessment import HeatMap
from cxr_desktop.domain.negative import is_turned
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.ui.widgets.corner_text import Corners, draw_corners, state_lines, warning_of
from cxr_desktop.ui.widgets.film_pyramid import FilmPyramid, VisiblePart, to_grey, visible_part
from cxr_desktop.ui.widgets.film_view import FilmView
from cxr_desktop.ui.widgets.heat_overlay import overlay_image

BACKGROUND = QColor(0, 0, 0)
TEXT_SIZE = 13
MESSAGE = QColor(169, 176, 184)
Layer = Callable[[QPainter, QTransform], None]
"""Paints over the film, in widget pixels; the transform takes film points there."""


class FilmDisplay(FilmView):
    """Paints one `Radiograph` as `FilmView` holds it, the map over it, layers, and corner text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layers: list[Layer] = []
        self._part: VisiblePart | None = None  # of the current view; None: not resampled yet
        self._grey: QImage | None = None  # of the current part, window and invert
        self._heat_map: HeatMap | None = None
        self._heat_image: QImage | None = None
        self._heat_visible = False
        self._heat_opacity = 0.6
        self._corners = Corners()
        self._corners_visible = True
        self._message = ""
        self._sign = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(self.tr("Film"))

    # What is shown

    def add_layer(self, paint: Layer) -> None:
        """Paint this over film and map, under the text, whenever the film is painted."""
        self._layers.append(paint)

    @property
    def is_heat_map_visible(self) -> bool:
        """Whether a map is there and switched on."""
        return self._heat_visible and self._heat_map is not None

    @property
    def heat_map(self) -> HeatMap | None:
        """The map that can be switched on, or None."""
        return self._heat_map

    def show_film(self, film: Radiograph, pyramid: FilmPyramid | None = None) -> None:
        """Show a film as `FilmView.show_film` says, without a map."""
        self.set_heat_map(None)
        super().show_film(film, pyramid)

    def clear(self) -> None:
        """Show nothing, and forget film, map and text."""
        self._corners, self._message = Corners(), ""
        self.set_heat_map(None)
        super().clear()

    def set_message(self, text: str) -> None:
        """Say this in the middle while there is no film."""
        self._message = text
        self.update()

    def set_corners(self, corners: Corners) -> None:
        """Set the text of the corners; zoom and window are added here."""
        self._corners = corners
        self.update()

    def set_sign(self, sign: str) -> None:
        """Say this high in the middle, even with the text off."""
        self._sign = sign
        self.update()

    def set_corners_visible(self, visible: bool) -> None:
        """Show or hide the corner text."""
        self._corners_visible = visible
        self.update()

    @property
    def are_corners_visible(self) -> bool:
        """Whether the text in the corners is switched on."""
        return self._corners_visible

    def set_heat_map(self, heat_map: HeatMap | None) -> None:
        """Set the map, switched off until `set_heat_map_visible`."""
        self._heat_map, self._heat_image, self._heat_visible = heat_map, None, False
        self.update()

    def set_heat_map_visible(self, visible: bool) -> None:
        """Lay the map over the film, or take it off."""
        self._heat_visible = visible
        if visible and self._heat_image is None and self._heat_map is not None:
            self._heat_image = overlay_image(self._heat_map)
        self.update()

    def set_heat_map_opacity(self, opacity: float) -> None:
        """Set how much of the film the map hides, 0..1."""
        self._heat_opacity = min(max(opacity, 0.0), 1.0)
        self.update()

    # Painting

    def sizeHint(self) -> QSize:
        """Prefer a sensible reading size."""
        return QSize(640, 640)

    def minimumSizeHint(self) -> QSize:
        """Stay usable in a small window."""
        return QSize(240, 240)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint film, map and text."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), BACKGROUND)
        if self._film is None or self._pyramid is None:
            painter.setPen(MESSAGE)
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter.value, self._message)
            return
        ratio = self.devicePixelRatioF()
        if self._part is None:
            self._part = visible_part(self._pyramid, self._view, self._orientation)
        if self._part is not None:
            if self._grey is None:
                self._grey = self._map(self._part, ratio)
            painter.drawImage(QPointF(self._part.x / ratio, self._part.y / ratio), self._grey)
        painter.setFont(self._text_font())
        place = self.film_to_widget
        if self._heat_visible and self._heat_map is not None and self._heat_image is not None:
            self._paint_heat_map(painter, self._heat_map, self._heat_image, place)
        for paint in self._layers:
            painter.save()
            paint(painter, place)
            painter.restore()
        self._paint_text(painter)

    def _map(self, part: VisiblePart, ratio: float) -> QImage:
        grey = to_grey(part.pixels, self._window, invert=self._inverted)
        rows, columns = grey.shape
        view = QImage(grey.data, columns, rows, columns, QImage.Format.Format_Grayscale8)
        image = view.copy()  # 0.2 ms; the copy owns its bytes, so `grey` may go
        image.setDevicePixelRatio(ratio)
        return image

    def _paint_heat_map(
        self, painter: QPainter, heat_map: HeatMap, image: QImage, place: QTransform
    ) -> None:
        region = heat_map.region
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setOpacity(self._heat_opacity)
        painter.setTransform(place, combine=True)
        painter.drawImage(QRectF(region.x, region.y, region.width, region.height), image)
        painter.restore()

    def _paint_text(self, painter: QPainter) -> None:
        corners = Corners()
        if self._corners_visible:
            corners = self._corners.with_state(state_lines(self._view.zoom, self._window))
        # What turns the picture round is said even when the text is switched off.
        turned = self._film is not None and is_turned(self._film.cautions)
        signs = (
            self._sign,
            self.tr("NEGATIVE TURNED") if turned else "",
            warning_of(self._orientation, self._inverted),
        )
        draw_corners(painter, self.rect(), corners, " · ".join(filter(None, signs)))

    def _text_font(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(TEXT_SIZE)
        return font

    def _refresh(self, *, resample: bool) -> None:
        if resample:
            self._part = None
        self._grey = None
        super()._refresh(resample=resample)
