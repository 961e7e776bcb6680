"""A film at its full depth as a widget without hands: view, window, invert, map and corner text.

Only what the view shows is resampled (`film_pyramid`), and kept: another window only maps it again
to 8 bit. `image_canvas.ImageCanvas` adds mouse and keys.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from cxr_desktop.domain.assessment import HeatMap
from cxr_desktop.domain.radiograph import FULL_WINDOW, Radiograph, Window
from cxr_desktop.ui.widgets.corner_text import Corners, draw_corners
from cxr_desktop.ui.widgets.film_pyramid import FilmPyramid, VisiblePart, to_grey, visible_part
from cxr_desktop.ui.widgets.heat_overlay import overlay_image
from cxr_desktop.ui.widgets.viewport import STEP, Viewport

BACKGROUND = QColor(0, 0, 0)
MESSAGE = QColor(169, 176, 184)
WIDTH_LIMITS = (1.0 / 1024, 4.0)
CENTRE_LIMITS = (-1.0, 2.0)


class FilmDisplay(QWidget):
    """Shows one `Radiograph`; `view_changed` follows a change of zoom, place, window or invert."""

    view_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._film: Radiograph | None = None
        self._pyramid: FilmPyramid | None = None
        self._view = Viewport.fitting(1, 1, 1, 1)
        self._window = FULL_WINDOW
        self._inverted = False
        self._part: VisiblePart | None = None  # of the current view; None: not resampled yet
        self._grey: QImage | None = None  # of the current part, window and invert
        self._heat_map: HeatMap | None = None
        self._heat_image: QImage | None = None
        self._heat_visible = False
        self._heat_opacity = 0.6
        self._corners = Corners()
        self._corners_visible = True
        self._message = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(self.tr("Film"))

    # What is shown

    @property
    def film(self) -> Radiograph | None:
        """The film shown, or None."""
        return self._film

    @property
    def view(self) -> Viewport:
        """Zoom and place, in device pixels of the screen."""
        return self._view

    @property
    def window_level(self) -> Window:
        """The grey window in use, in the film's 0..1 units."""
        return self._window

    @property
    def is_inverted(self) -> bool:
        """Whether black and white are exchanged on the screen (the film is not changed)."""
        return self._inverted

    @property
    def is_heat_map_visible(self) -> bool:
        """Whether a map is there and switched on."""
        return self._heat_visible and self._heat_map is not None

    @property
    def heat_map(self) -> HeatMap | None:
        """The map that can be switched on, or None."""
        return self._heat_map

    def show_film(self, film: Radiograph, pyramid: FilmPyramid | None = None) -> None:
        """Show a film, fitted, through its own window, without a map.

        Without `pyramid` it is built here: fine to some 20 megapixels; build it in a job for more.
        """
        self._film = film
        self._pyramid = pyramid if pyramid is not None else FilmPyramid.of(film.pixels)
        self._window, self._inverted = film.window, False
        self._view = Viewport.fitting(film.columns, film.rows, *self._device_size())
        self.set_heat_map(None)
        self._refresh(resample=True)

    def clear(self) -> None:
        """Show nothing, and forget film, map and text."""
        self._film = self._pyramid = None
        self._inverted = False
        self._corners, self._message = Corners(), ""
        self.set_heat_map(None)
        self._refresh(resample=True)

    def set_message(self, text: str) -> None:
        """Say this in the middle while there is no film."""
        self._message = text
        self.update()

    def set_corners(self, corners: Corners) -> None:
        """Set the text of the corners; zoom and window are added here."""
        self._corners = corners
        self.update()

    def set_corners_visible(self, visible: bool) -> None:
        """Show or hide the corner text."""
        self._corners_visible = visible
        self.update()

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

    # How it is shown

    def fit(self) -> None:
        """Show the whole film."""
        self._set_view(self._view.fit())

    def actual_size(self) -> None:
        """Show one film pixel on one screen pixel."""
        self._set_view(self._view.zoomed(1.0))

    def zoom_by(self, factor: float, at: tuple[float, float] | None = None) -> None:
        """Zoom about a point of the screen (device pixels), or the middle."""
        self._set_view(self._view.zoomed(self._view.zoom * factor, at))

    def zoom_in(self) -> None:
        """One step closer."""
        self.zoom_by(STEP)

    def zoom_out(self) -> None:
        """One step away."""
        self.zoom_by(1 / STEP)

    def pan_by(self, dx: float, dy: float) -> None:
        """Move the film by device pixels."""
        self._set_view(self._view.panned(dx, dy))

    def set_window(self, centre: float, width: float) -> None:
        """Set the grey window, in the film's 0..1 units, within sensible limits."""
        self._window = Window(
            min(max(centre, CENTRE_LIMITS[0]), CENTRE_LIMITS[1]),
            min(max(width, WIDTH_LIMITS[0]), WIDTH_LIMITS[1]),
        )
        self._refresh(resample=False)

    def reset_window(self) -> None:
        """Return to the window the film came with."""
        if self._film is not None:
            self._window = self._film.window
            self._refresh(resample=False)

    def set_inverted(self, inverted: bool) -> None:
        """Exchange black and white on the screen."""
        self._inverted = inverted
        self._refresh(resample=False)

    def reset(self) -> None:
        """Fit, own window, not inverted."""
        self._inverted = False
        self.reset_window()
        self.fit()

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
            self._part = visible_part(self._pyramid, self._view)
        if self._part is not None:
            if self._grey is None:
                self._grey = self._map(self._part, ratio)
            painter.drawImage(QPointF(self._part.x / ratio, self._part.y / ratio), self._grey)
        if self._heat_visible and self._heat_map is not None and self._heat_image is not None:
            self._paint_heat_map(painter, self._heat_map, self._heat_image, ratio)
        self._paint_text(painter)

    def _map(self, part: VisiblePart, ratio: float) -> QImage:
        grey = to_grey(part.pixels, self._window, invert=self._inverted)
        rows, columns = grey.shape
        view = QImage(grey.data, columns, rows, columns, QImage.Format.Format_Grayscale8)
        image = view.copy()  # 0.2 ms; the copy owns its bytes, so `grey` may go
        image.setDevicePixelRatio(ratio)
        return image

    def _paint_heat_map(
        self, painter: QPainter, heat_map: HeatMap, image: QImage, ratio: float
    ) -> None:
        region, view = heat_map.region, self._view
        target = QRectF(
            (view.left + region.x * view.zoom) / ratio,
            (view.top + region.y * view.zoom) / ratio,
            region.width * view.zoom / ratio,
            region.height * view.zoom / ratio,
        )
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setOpacity(self._heat_opacity)
        painter.drawImage(target, image)
        painter.restore()

    def _paint_text(self, painter: QPainter) -> None:
        font = QFont(self.font())
        font.setPixelSize(13)
        painter.setFont(font)
        if self._corners_visible:
            state = (
                self.tr("Zoom {percent} %").format(percent=round(self._view.zoom * 100)),
                self.tr("Window {width} %, centre {centre} %").format(
                    width=round(self._window.width * 100), centre=round(self._window.centre * 100)
                ),
            )
            corners = self._corners.with_state(state)
        else:
            corners = Corners()
        # What turns the picture round is said even when the text is switched off.
        warning = self.tr("INVERTED") if self._inverted else ""
        draw_corners(painter, self.rect(), corners, warning)

    def event(self, event: QEvent) -> bool:
        """Follow the film to a screen of another pixel density."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._view = self._view.resized(*self._device_size())
            self._refresh(resample=True)
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stay fitted, or keep the middle."""
        super().resizeEvent(event)
        self._view = self._view.resized(*self._device_size())
        self._refresh(resample=True)

    def _device_size(self) -> tuple[int, int]:
        ratio = self.devicePixelRatioF()
        return max(1, round(self.width() * ratio)), max(1, round(self.height() * ratio))

    def _set_view(self, view: Viewport) -> None:
        if self._film is not None and view != self._view:
            self._view = view
            self._refresh(resample=True)

    def _refresh(self, *, resample: bool) -> None:
        if resample:
            self._part = None
        self._grey = None
        self.update()
        self.view_changed.emit()
