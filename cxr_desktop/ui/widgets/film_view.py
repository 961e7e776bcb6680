"""What a film widget shows and how: film, zoom and place, window, invert, orientation. No painting.

Zoom and place are those of the film as it is seen, after turning.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QResizeEvent, QTransform
from PySide6.QtWidgets import QWidget

from cxr_desktop.domain.radiograph import FULL_WINDOW, Radiograph, Window
from cxr_desktop.ui.widgets.film_pyramid import FilmPyramid
from cxr_desktop.ui.widgets.orientation import UPRIGHT, Orientation
from cxr_desktop.ui.widgets.viewport import STEP, Look, Viewport
from cxr_desktop.ui.widgets.window_presets import Preset, presets_of

WIDTH_LIMITS = (1.0 / 1024, 4.0)
CENTRE_LIMITS = (-1.0, 2.0)


class FilmView(QWidget):
    """`view_changed` follows a change of film, zoom, place, window, invert or orientation."""

    view_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._film: Radiograph | None = None
        self._pyramid: FilmPyramid | None = None
        self._view = Viewport.fitting(1, 1, 1, 1)
        self._window = FULL_WINDOW
        self._inverted = False
        self._orientation = UPRIGHT
        self._presets: tuple[Preset, ...] | None = None  # of the film; None: not computed yet

    @property
    def film(self) -> Radiograph | None:
        """The film shown, or None."""
        return self._film

    @property
    def pyramid(self) -> FilmPyramid | None:
        """The film at all its scales, or None."""
        return self._pyramid

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
    def orientation(self) -> Orientation:
        """How the film is turned and flipped on the screen (the film is not changed)."""
        return self._orientation

    @property
    def presets(self) -> tuple[Preset, ...]:
        """The windows under the number keys for this film; empty without one."""
        if self._presets is None and self._film is not None and self._pyramid is not None:
            self._presets = presets_of(self._film, self._pyramid)
        return self._presets or ()

    @property
    def film_to_widget(self) -> QTransform:
        """Takes film points (pixels from the upper left corner) to widget pixels."""
        if self._film is None:
            return QTransform()
        m = self._orientation.to_shown(self._film.columns, self._film.rows)
        turned = QTransform(m[0, 0], m[1, 0], m[0, 1], m[1, 1], m[0, 2], m[1, 2])
        ratio, view = self.devicePixelRatioF(), self._view
        scale = view.zoom / ratio
        return turned * QTransform(scale, 0, 0, scale, view.left / ratio, view.top / ratio)

    def show_film(self, film: Radiograph, pyramid: FilmPyramid | None = None) -> None:
        """Show a film, fitted, upright, through its own window.

        Without `pyramid` it is built here: fine to some 20 megapixels; build it in a job for more.
        """
        self._film = film
        self._pyramid = pyramid if pyramid is not None else FilmPyramid.of(film.pixels)
        self._window, self._inverted = film.window, False
        self._orientation, self._presets = UPRIGHT, None
        self._view = Viewport.fitting(film.columns, film.rows, *self._device_size())
        self._refresh(resample=True)

    def clear(self) -> None:
        """Show nothing, and forget the film."""
        self._film = self._pyramid = None
        self._inverted, self._orientation, self._presets = False, UPRIGHT, None
        self._refresh(resample=True)

    # How it is shown

    def fit(self) -> None:
        """Show the whole film."""
        self._set_view(self._view.fit())

    def actual_size(self) -> None:
        """Show one film pixel on one screen pixel."""
        self._set_view(self._view.zoomed(1.0))

    def look_at(self, look: Look) -> None:
        """Show that part of the film."""
        self._set_view(self._view.looking(look))

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

    def use_window(self, window: Window) -> None:
        """Take over a window with its name (a preset, or one of the film's own)."""
        self._window = window
        self._refresh(resample=False)

    def use_preset(self, number: int) -> None:
        """Take over the preset under a number key, from 1; nothing happens without a film."""
        presets = self.presets
        if 0 < number <= len(presets):
            preset = presets[number - 1]
            self.use_window(Window(preset.window.centre, preset.window.width, preset.name))

    def reset_window(self) -> None:
        """Return to the window the film came with."""
        if self._film is not None:
            self._window = self._film.window
            self._refresh(resample=False)

    def set_inverted(self, inverted: bool) -> None:
        """Exchange black and white on the screen."""
        self._inverted = inverted
        self._refresh(resample=False)

    def set_orientation(self, orientation: Orientation) -> None:
        """Turn or flip the film on the screen, and show it whole."""
        self._orientation = orientation
        if self._film is not None:
            columns, rows = orientation.size(self._film.columns, self._film.rows)
            self._view = Viewport.fitting(columns, rows, *self._device_size())
            self._refresh(resample=True)

    def turn_left(self) -> None:
        """Turn a quarter anticlockwise."""
        self.set_orientation(self._orientation.left())

    def turn_right(self) -> None:
        """Turn a quarter clockwise."""
        self.set_orientation(self._orientation.right())

    def flip(self) -> None:
        """Exchange left and right."""
        self.set_orientation(self._orientation.mirrored())

    def reset_orientation(self) -> None:
        """Show the film as it came."""
        self.set_orientation(UPRIGHT)

    def reset(self) -> None:
        """Fit, own window, not inverted, not turned."""
        self._inverted = False
        self.reset_window()
        self.set_orientation(UPRIGHT)

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

    def _refresh(self, *, resample: bool) -> None:  # noqa: ARG002 - for those that keep a picture
        self.update()
        self.view_changed.emit()
